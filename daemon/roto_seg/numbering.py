"""Frames of plates, masks and shapes meet by number: what is numbered apart is refused, what is alone is told."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from roto_seg.output import note
from roto_shared.errors import InputError
from roto_shared.timeline import FrameRange

if TYPE_CHECKING:
    from roto_shared.shapes import ShapeDocument

SHOWN_GAPS = 6
"""Of a plate on twos every other frame is one."""


def check_range(frames: FrameRange | None, there: Sequence[int], what: str, path: object) -> None:
    """Raise InputError where a range has none of the frames that are ``there``, in ``path``, which is ``what``."""
    if frames is not None and not any(frame in frames for frame in there):
        raise InputError(
            f"The range {frames} lies outside the {what}.", f"{path} has frames {there[0]} to {there[-1]}."
        )


def check_alike(one: str, frames: Sequence[int], other: str, others: Sequence[int], remedy: str) -> None:
    """Raise InputError, naming both ranges, where ``one`` and ``other`` have no frame in common."""
    if set(frames).isdisjoint(others):
        raise _numbered_apart(one, frames, other, others, remedy)


def drawn_frames(document: "ShapeDocument", what: str, frames: Sequence[int], remedy: str) -> set[int]:
    """Those of ``frames`` on which any shape lives. Raises InputError, naming both ranges, where there are none."""
    from roto_geometry.edits.sites import lived

    lives = {shape.lifetime for shape in document.shapes()}
    drawn = {frame for frame in frames if any(life.covers(frame) for life in lives)}
    if lives and not drawn:
        raise _numbered_apart("shapes", lived(document), what, frames, remedy)
    return drawn


def tell_alone(told: str, frames: Sequence[int]) -> None:
    """Say what becomes of ``frames`` that the other side lacks, where there are any."""
    if frames:
        note(f"{told}: {len(frames)}, from {frames[0]} to {frames[-1]}.")


def gaps(frames: Iterable[int]) -> list[tuple[int, int]]:
    """First and last frame of every gap between ascending ``frames``."""
    return [(before + 1, after - 1) for before, after in pairwise(frames) if after > before + 1]


def ranges_text(ranges: Iterable[tuple[int, int]]) -> str:
    """First and last frames for reading: ``1003-1004, 1007``."""
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)


def tell_gaps(what: str, frames: Iterable[int]) -> None:
    """Say which frames ``what`` lacks between its others, where there are any."""
    missing = gaps(frames)
    if missing:
        more = f" and more, {len(missing)} gaps in all" if len(missing) > SHOWN_GAPS else ""
        note(f"The {what} {ranges_text(missing[:SHOWN_GAPS])}{more}; shapes go on through that.")


def _numbered_apart(one: str, frames: Sequence[int], other: str, others: Sequence[int], remedy: str) -> InputError:
    return InputError(
        f"The {one} run from {frames[0]} to {frames[-1]}, the {other} from {others[0]} to {others[-1]}.",
        f"Number them alike: {remedy}",
    )
