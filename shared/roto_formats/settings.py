"""What a person may have to say because a file does not, or because nobody knows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormatSettings:
    """Settings of readers and writers; each format uses those that concern it.

    ``size`` (width, height, px) stands in for what a ``.nk`` says of its format, ``pixel_aspect`` for what a ``.fxs``
    says. ``frame_offset`` is added to every frame number written to a ``.fxs`` and taken off again when one is read:
    one source needs it because shapes land a frame early on footage numbered from 1 [?]. ``session_start`` is the first
    frame of the session for which a ``.fxs`` is written: its keys count from there; by default the document's first.
    """

    size: tuple[int, int] | None = None
    pixel_aspect: float | None = None
    frame_offset: int = 0
    session_start: int | None = None


DEFAULT_SETTINGS = FormatSettings()
