"""What a shape file says of the session it belongs to: picture, pixel aspect, first frame; and the units that follow.

Frames in the file are plate frame − session start, from 0 [code]. One source needs other numbers for footage numbered
from 1 [?]: :attr:`FormatSettings.frame_offset`.
"""

from dataclasses import dataclass
from math import isfinite

from roto_formats.number_text import decimal_value, short_text
from roto_formats.settings import FormatSettings
from roto_formats.xml_tree import Element, parse_xml
from roto_shared.errors import FormatError
from roto_shared.shapes import ShapeDocument
from roto_shared.space import SilhouetteSpace

HOST = "silhouette"
TAG = "Silhouette"
LARGEST_SIDE_PX = 1_000_000


@dataclass(frozen=True)
class Session:
    """A picture of ``width`` × ``height`` px whose frame 0 in the file is the plate's ``start``."""

    width: int
    height: int
    pixel_aspect: float
    start: float
    frame_offset: int

    @property
    def space(self) -> SilhouetteSpace:
        """The file's units."""
        return SilhouetteSpace(self.width, self.height, self.pixel_aspect)

    def plate_frame(self, text: str) -> float:
        """Source frame of a key's ``frame``."""
        return decimal_value(text) + self.start - self.frame_offset

    def frame_text(self, frame: float) -> str:
        """A key's ``frame`` for a source frame."""
        return short_text(frame - self.start + self.frame_offset)


def session_of(root: Element, settings: FormatSettings) -> Session:
    """The session of a file's root element. Raises FormatError for other kinds of file and for impossible sizes."""
    if root.tag != TAG:
        raise FormatError(f"The file holds <{root.tag}>, not <{TAG}>.", "Give a Silhouette shape file.")
    width, height = _attribute(root, "width"), _attribute(root, "height")
    aspect = settings.pixel_aspect or _attribute(root, "pixelAspect", 1.0)
    if not (1 <= width <= LARGEST_SIDE_PX and 1 <= height <= LARGEST_SIDE_PX and aspect > 0 and isfinite(aspect)):
        raise FormatError(
            f"A picture of {width:g} × {height:g} px, pixel aspect {aspect:g}, cannot be.", "Correct the first line."
        )
    start = _attribute(root, "sessionStartFrame", 1.0)
    return Session(round(width), round(height), aspect, start, settings.frame_offset)


def work_range(root: Element, session: Session) -> tuple[int, int]:
    """First and last plate frame.

    Some files count the work range from 0, others give plate frames [?]; a start before the session's own can only be
    the former.
    """
    first = _attribute(root, "workRangeStart", 0.0)
    last = _attribute(root, "workRangeEnd", first)
    shift = session.start if first < session.start or session.start <= 0 else 0.0
    return round(first + shift), round(max(first, last) + shift)


def session_for(document: ShapeDocument, settings: FormatSettings) -> Session:
    """The session to write ``document`` for: that of the settings, the one it came from, or one of its own range."""
    start = float(document.first_frame)
    if settings.session_start is not None:
        start = float(settings.session_start)
    elif document.native is not None and document.native.host == HOST:
        start = session_of(parse_xml(document.native.text), FormatSettings()).start
    aspect = settings.pixel_aspect or document.pixel_aspect
    return Session(document.width, document.height, aspect, start, settings.frame_offset)


def session_attributes(document: ShapeDocument, session: Session) -> dict[str, str]:
    """Attributes of the root element; the work range counts from 0."""
    return {
        "width": str(session.width),
        "height": str(session.height),
        "pixelAspect": short_text(session.pixel_aspect),
        "workRangeStart": short_text(document.first_frame - session.start),
        "workRangeEnd": short_text(document.last_frame - session.start),
        "sessionStartFrame": short_text(session.start),
    }


def _attribute(root: Element, name: str, default: float | None = None) -> float:
    text = root.get(name)
    if text is None:
        if default is None:
            raise FormatError(f"The first line lacks “{name}”.", "Export it again.")
        return default
    try:
        return decimal_value(text)
    except FormatError as error:
        raise FormatError(f"“{name}” of the first line: {error.message}", error.remedy) from error
