"""What messages are made of: pictures, plates, prompts and curve settings.

Points and boxes are plate pixels from the top left, y down; pixel (0, 0) covers [0, 1]².
"""

from dataclasses import dataclass
from typing import Optional, Tuple

from roto_shared.shapes import Point

Box = Tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A picture in a file format that every toolkit opens: ``media`` is ``image/png`` or ``image/jpeg``.

    A mask is an 8-bit grey PNG of plate size where 0..255 is coverage 0..1; one that is sent may have 16 bits.
    """

    media: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class PlateRef:
    """A plate by reference: a folder, a pattern (``name.%04d.exr``, ``name.####.exr``), a still or a video.

    ``path`` is absolute. ``first_frame`` renumbers the plate to begin there; None keeps the files' own numbers
    (a video: 1). ``layer`` chooses one of a multi-layer EXR, ``colour_space`` the space that the plate is in, by its
    name in the colour configuration; empty, the file, the configuration's rules and the kind of file say it.
    ``exposure``, in stops, makes a dark plate brighter for the models.
    """

    path: str
    first_frame: Optional[int] = None
    layer: str = ""
    colour_space: str = ""
    exposure: float = 0.0


@dataclass(frozen=True)
class ObjectPrompt:
    """Everything the artist said about one object on one frame; it replaces what was said there before.

    ``box`` is (x0, y0, x1, y1). ``mask`` is taken as the object itself; points beside it correct it, as if it had been
    tracked there. All empty takes the frame's prompt back.
    """

    object: str
    positive: Tuple[Point, ...] = ()
    negative: Tuple[Point, ...] = ()
    box: Optional[Box] = None
    mask: Optional[Picture] = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.positive or self.negative or self.box or self.mask)


@dataclass(frozen=True)
class HostClock:
    """How a host's session counts frames, for formats that say them from its start (fxs).

    ``start`` is the source frame of its first one, by default the plate's. ``offset`` is added to what is written and
    taken off what is read: for a host that is found to count otherwise.
    """

    start: Optional[int] = None
    offset: int = 0


@dataclass(frozen=True)
class CurveSettings:
    """How masks become shapes: ``preset`` is tight, balanced or loose; the others override it where they are given.

    ``tolerance_px`` is the distance an edge may stray, ``key_density`` how much closer it keeps between keys (1 is
    balanced), ``detail`` how many knots there are (1 is balanced). ``smoothness``, 0 to 1, steadies outlines over time.
    ``interpolation`` between keys is linear or smooth; unless said, smooth, and linear in what is exported
    for Silhouette. ``parts`` allows several overlapping shapes for a subject that
    bends, at most ``most_parts`` cut from an outline. ``track`` allows motion in a layer's transform. ``bake`` puts all
    transforms into the points. With a ``shutter``, in frames, shapes carry motion blur, open around the frame's middle.
    """

    preset: str = "balanced"
    tolerance_px: Optional[float] = None
    key_density: Optional[float] = None
    detail: Optional[float] = None
    smoothness: Optional[float] = None
    interpolation: Optional[str] = None
    parts: Optional[bool] = None
    most_parts: Optional[int] = None
    track: Optional[bool] = None
    bake: bool = False
    shutter: Optional[float] = None


@dataclass(frozen=True)
class Candidate:
    """Something on a frame that fits a text. ``label`` are the text's words for it, ``confidence`` is 0 to 1.

    ``box`` is (x0, y0, x1, y1); ``mask`` is there where it was asked for.
    """

    label: str
    box: Box
    confidence: float
    mask: Optional[Picture] = None


@dataclass(frozen=True)
class MatteFiles:
    """How mattes are written as files.

    ``name`` is a file's place below the folder without its ending; it may hold {object}, {frame}, {shot} and {version},
    numbers with a width as in {frame:04}; empty is the format's own. ``content`` is matte, straight or premultiplied:
    the last two are the plate's colours with the matte as alpha. In EXR, ``layers`` puts all objects into one file, a
    named layer each, ``coverage`` adds the mask as it was before its edges were refined, ``motion`` the object's motion
    (forward.u and so on, px, y up, as Nuke has it) and where the shutter is said its smear (blur.length, px), and
    ``compression`` is zip, zips, piz, rle, none, pxr24, dwaa or dwab. ``bits`` of PNG are 8 or 16.
    """

    name: str = ""
    shot: str = ""
    version: int = 1
    content: str = "matte"
    layers: bool = False
    coverage: bool = False
    motion: bool = False
    bits: int = 8
    compression: str = "zip"


@dataclass(frozen=True)
class FinishSettings:
    """What is done to an object's masks after tracking, in this order; everything is off by itself.

    ``steady_frames`` takes flicker out with the masks of so many frames before and after (0 to 3), moved along with
    the picture. Holes and pieces of up to so many square pixels are filled and dropped; the largest piece stays. Then
    edges go outward by ``grow_px`` (inward where negative), and take ``feather_px`` from outside to inside.
    """

    steady_frames: int = 0
    fill_holes_px2: float = 0.0
    drop_specks_px2: float = 0.0
    grow_px: float = 0.0
    feather_px: float = 0.0


@dataclass(frozen=True)
class Combination:
    """An object ``name`` made of other ``objects`` by union, intersect, subtract or piece.

    Subtract is the first without all others; a piece is the part of the first object at ``point`` (plate px) on
    ``frame``, followed over time. ``keep`` says whether the others stay objects of their own; those that do not are
    merged into the new one.
    """

    name: str
    operation: str
    objects: Tuple[str, ...]
    frame: Optional[int] = None
    point: Optional[Point] = None
    keep: bool = True


@dataclass(frozen=True)
class EdgeSettings:
    """How soft edges are made of masks: ``quality`` is fast, good, best, or none for the mask's own.

    An edge that is not known reaches ``narrow_px`` to ``wide_px`` to each side of the mask's, by how soft it is.
    ``steadiness``, 0 to 1, takes flicker out of it over time. With a ``shutter``, in frames (0.5 is 180°), edges are
    smeared as far as the object moved while it was open, around the frame's middle. With none and no ``shutter``,
    what was made before is taken back.
    """

    quality: str = "good"
    narrow_px: float = 4.0
    wide_px: float = 20.0
    steadiness: float = 0.0
    shutter: Optional[float] = None


@dataclass(frozen=True)
class FrameSmear:
    """How an object's edge is smeared on a frame: the ``share`` of it that is, and the lengths where it is, px."""

    frame: int
    share: float
    mean_px: float
    most_px: float
