"""What a client asks, one frozen dataclass a request.

Points and boxes are plate pixels from the top left, y down; pixel (0, 0) covers [0, 1]². ``frame`` is a source frame
number. ``session`` is the name that ``SessionOpened`` gave. Times end in ``_s``.
"""

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from roto_shared.protocol.data import (
    Candidate,
    Combination,
    CurveSettings,
    EdgeSettings,
    FinishSettings,
    HostClock,
    MatteFiles,
    ObjectPrompt,
    PlateRef,
)
from roto_shared.shapes import Point, ShapeDocument


@dataclass(frozen=True)
class Hello:
    """First message of a client: its name and the program it lives in. Answered by Welcome."""

    client: str
    host: str = ""


@dataclass(frozen=True)
class StatusQuery:
    """Asks how the daemon is. Answered by Status."""


@dataclass(frozen=True)
class OpenSession:
    """Opens work on a plate, new or as it was left. Answered by SessionOpened.

    The same plate (with its colour space and exposure), engine and ``key`` find the same session. Sessions of one
    ``key`` that is not empty share what their host was given: another model or version of the plate goes on in the same
    node. Frames that were rendered since it was opened last are there; while it is tracked, such a plate is refused as
    busy.
    """

    plate: PlateRef
    engine: str = ""
    key: str = ""


@dataclass(frozen=True)
class CloseSession:
    """Lets go of a session; ``forget`` also deletes what it stored. Answered by Done.

    Where other work in it still goes on when it comes to its turn, it is refused as busy.
    """

    session: str
    forget: bool = False


@dataclass(frozen=True)
class FrameQuery:
    """Asks for a display-ready frame, its longer side at most ``limit_px``. Answered by Frame.

    ``view`` is DISPLAY/VIEW of the colour configuration, empty for its default; ``exposure``, in stops, comes on top
    of the plate's.
    """

    session: str
    frame: int
    limit_px: int = 1920
    media: str = "image/jpeg"
    view: str = ""
    exposure: float = 0.0


@dataclass(frozen=True)
class MaskQuery:
    """Asks for the masks that stand for objects on a frame, as exports have them. Answered by Segmented.

    ``objects`` empty means all; those without a mask there are left out. With ``curves`` the answer holds the frame's
    shapes too: those that were exported last, else some made of this mask alone.
    After a correction, until they are made anew by what needs them (an export, ``finish_masks``): instead of a finished
    mask or a matte comes what it is made of, and objects that are made of others are left out.
    """

    session: str
    frame: int
    objects: Tuple[str, ...] = ()
    curves: Optional[CurveSettings] = None


@dataclass(frozen=True)
class ColourQuery:
    """Asks which colour spaces and views there are to choose from. Answered by Colours."""


@dataclass(frozen=True)
class Segment:
    """Sets prompts on a frame and asks for the masks; a newer one supersedes an older one. Answered by Segmented.

    With ``curves`` the answer holds the frame's shapes too; with ``alternatives`` what else a first click may mean: one
    of them is taken by sending it as the prompt's mask. An empty prompt takes back what was said of its object; while
    anything but clicks is done in the session it is refused as busy.
    """

    session: str
    frame: int
    prompts: Tuple[ObjectPrompt, ...]
    curves: Optional[CurveSettings] = None
    alternatives: bool = False


@dataclass(frozen=True)
class Track:
    """Follows objects from their prompted frames. Streams TrackedFrame, answered by Tracked.

    ``direction`` is both, forward or backward; ``first`` and ``last`` bound the range; ``objects`` empty means all.
    ``masks`` and ``curves`` say whether each frame's event carries them. Stored frames are not computed again.
    """

    session: str
    direction: str = "both"
    first: Optional[int] = None
    last: Optional[int] = None
    objects: Tuple[str, ...] = ()
    masks: bool = False
    curves: Optional[CurveSettings] = None


@dataclass(frozen=True)
class Find:
    """Asks what on a frame fits ``text``; nothing is stored. Answered by Found.

    Several classes are set apart by commas. ``model`` empty is the first that can run. ``accepted`` and ``rejected``
    are what the artist said of earlier candidates, of this plate or of others. ``masks`` draws every candidate.
    """

    session: str
    frame: int
    text: str
    model: str = ""
    accepted: Tuple[Candidate, ...] = ()
    rejected: Tuple[Candidate, ...] = ()
    masks: bool = False


@dataclass(frozen=True)
class RefineEdges:
    """Makes soft edges of the session's masks, which exports then have. Streams TrackedFrame, answered by Tracked.

    ``objects`` empty means all, ``first`` and ``last`` bound the range, ``model`` empty is the best that can run.
    ``masks`` says whether each frame's event carries them. Stored frames are not computed again.
    """

    session: str
    objects: Tuple[str, ...] = ()
    first: Optional[int] = None
    last: Optional[int] = None
    settings: EdgeSettings = EdgeSettings()
    model: str = ""
    masks: bool = False


@dataclass(frozen=True)
class FinishMasks:
    """Says how objects' masks are finished from now on, and does it. Streams TrackedFrame, answered by Tracked.

    Progress comes first where what an object is made of has changed and is made anew.
    ``objects`` empty means all. ``preview`` shows the frames from ``first`` to ``last`` and keeps nothing; else both
    bound what is done now, and the rest is done when it is needed. Shapes, mattes and exports are made of finished
    masks, tracking is not. ``masks`` says whether each frame's event carries them.
    """

    session: str
    settings: FinishSettings
    objects: Tuple[str, ...] = ()
    first: Optional[int] = None
    last: Optional[int] = None
    masks: bool = False
    preview: bool = False


@dataclass(frozen=True)
class CombineObjects:
    """Makes an object of others, which follows them from now on. Streams TrackedFrame, answered by Tracked.

    Progress comes first where these are made of objects that have changed.
    """

    session: str
    combination: Combination
    masks: bool = False


@dataclass(frozen=True)
class MeasureBlur:
    """Asks how long the shutter was open and where edges are smeared. Streams Progress, answered by BlurMeasured.

    ``objects`` empty means all, ``first`` and ``last`` bound the frames that are asked. A ``shutter`` that is known, in
    frames, is taken as it is.
    """

    session: str
    objects: Tuple[str, ...] = ()
    first: Optional[int] = None
    last: Optional[int] = None
    shutter: Optional[float] = None


@dataclass(frozen=True)
class DeleteObject:
    """Takes an object out with its prompts and masks. Answered by Done.

    Refused while another object is made of it, and as busy while anything else is done to masks or shapes of the
    session.
    """

    session: str
    object: str


@dataclass(frozen=True)
class RenameObject:
    """Calls an object otherwise, with its prompts, its masks and the shapes that hosts were given. Answered by Done.

    Layers of hosts keep their names until shapes are committed to them again. Refused for a name that is taken, and as
    busy while anything else is done to masks or shapes of the session.
    """

    session: str
    object: str
    name: str


@dataclass(frozen=True)
class Cancel:
    """Stops the request ``request`` of this client between two frames; what is done stays. Answered by Done."""

    request: int


@dataclass(frozen=True)
class Fit:
    """Fits keyed shapes to the session's masks. Streams Progress, answered by Fitted."""

    session: str
    objects: Tuple[str, ...] = ()
    settings: CurveSettings = CurveSettings()


@dataclass(frozen=True)
class Refit:
    """Fits the frames around changed keys of ``document`` anew and holds those keys. Answered by Fitted.

    Changed are the keys on ``frames``; without any, those that differ from ``was`` or that the document remembers as
    edited. ``shape`` limits it to the shape of that name. The masks are those of ``object``, whose layer is edited.
    Frames up to the first key at least ``reach_frames`` away are fitted; what leaves the masks fades out over
    ``fade_frames``.
    """

    session: str
    document: ShapeDocument
    object: str
    frames: Tuple[float, ...] = ()
    shape: str = ""
    was: Optional[ShapeDocument] = None
    reach_frames: float = 12.0
    fade_frames: float = 6.0
    settings: CurveSettings = CurveSettings()


@dataclass(frozen=True)
class CarryChange:
    """Does what was changed against ``was`` to the keys after it, or before it. Answered by Fitted.

    ``reach_frames`` says how far, None to the end; ``fading`` less and less. ``frames`` and ``shape`` limit it.
    """

    document: ShapeDocument
    was: ShapeDocument
    frames: Tuple[float, ...] = ()
    shape: str = ""
    reach_frames: Optional[float] = None
    backward: bool = False
    fading: bool = False


@dataclass(frozen=True)
class AddKnot:
    """Adds a knot to a shape where its edge is nearest to ``point`` (plate px) on ``frame``. Answered by Fitted."""

    document: ShapeDocument
    shape: str
    frame: float
    point: Point


@dataclass(frozen=True)
class RemoveKnot:
    """Takes out the knot of a shape that is nearest to ``point`` (plate px) on ``frame``. Answered by Fitted."""

    document: ShapeDocument
    shape: str
    frame: float
    point: Point


@dataclass(frozen=True)
class AddPart:
    """Adds a layer ``name`` for what the masks of ``object`` show beyond what its layer draws. Answered by Fitted.

    ``whole``: the masks are the new part itself, whatever is drawn. Without a layer of the object's name all counts.
    """

    session: str
    document: ShapeDocument
    object: str
    name: str = "part"
    whole: bool = False
    settings: CurveSettings = CurveSettings()


@dataclass(frozen=True)
class Extend:
    """Goes on with the object's layer on masks before and after the document's frames. Answered by Fitted."""

    session: str
    document: ShapeDocument
    object: str
    settings: CurveSettings = CurveSettings()


@dataclass(frozen=True)
class TakeEdits:
    """Takes a host's shapes back after an artist changed them. Answered by Exported, with a text in ``format``.

    ``text`` is the host's, in ``format`` (nk, curves or fxs); ``was`` is the document that it was given, by default
    what this session answered last. Layers named as objects are fitted anew around their changed keys, which are held
    (see Refit); everything else stays. What was and what came back are stored with the session as a pair.
    """

    session: str
    format: str
    text: str
    was: Optional[ShapeDocument] = None
    reach_frames: float = 12.0
    fade_frames: float = 6.0
    settings: CurveSettings = CurveSettings()
    clock: HostClock = HostClock()


@dataclass(frozen=True)
class PromptShapes:
    """Takes what a host's shapes draw on ``frames`` as objects' masks there. Streams TrackedFrame, answered by Tracked.

    ``text`` is in ``format`` (nk, curves or fxs). An outermost layer is the object of its name, and so is a shape in
    none; with ``object`` all of them together are that one. What draws nothing on a frame is left out.
    """

    session: str
    frames: Tuple[int, ...]
    format: str
    text: str
    object: str = ""
    clock: HostClock = HostClock()


@dataclass(frozen=True)
class ReadShapes:
    """Reads another program's shapes for a host. Answered by Exported, with a text in ``format``.

    ``path`` is a file (nk, curves, fxs or json) as the daemon sees it, ``format`` what the host takes. The notes
    say what was baked or lost on the way, and whether the shapes were drawn for a picture of another size.
    """

    session: str
    path: str
    format: str
    clock: HostClock = HostClock()


@dataclass(frozen=True)
class WriteShapes:
    """Writes a host's shapes for another program. Answered by Exported, with the file and what was baked or lost.

    ``text`` is the host's, in ``format``; ``path`` is a file (nk, curves, fxs, json or svg) as the daemon sees it.
    """

    session: str
    format: str
    text: str
    path: str
    clock: HostClock = HostClock()


@dataclass(frozen=True)
class Export:
    """Writes results under ``folder``, or answers texts when it is empty. Streams Progress, answered by Exported.

    ``folder`` is a whole path. ``formats`` are of nk, curves, fxs, json, svg (shapes), png, exr, cryptomatte, prores
    (mattes), preview and report. ``curves`` is the text that Nuke's curves knob takes. ``files`` says how mattes are
    written. With ``into``, a host's text in the one format asked for, the objects' layers go into it: on top, or in
    place of those that this session answered before; everything else in it stays. Layers that hold edits which were
    taken over (see TakeEdits) stay too, and are fitted anew only where they differ from the masks.
    """

    session: str
    formats: Tuple[str, ...]
    folder: str = ""
    settings: CurveSettings = CurveSettings()
    files: MatteFiles = MatteFiles()
    into: str = ""
    clock: HostClock = HostClock()


@dataclass(frozen=True)
class ModelsQuery:
    """Asks which engines there are. Answered by Models."""


@dataclass(frozen=True)
class SettingsQuery:
    """Asks for the daemon's settings. Answered by Settings."""


@dataclass(frozen=True)
class ChangeSettings:
    """Changes settings until the daemon stops; texts as in the settings file. Answered by Settings."""

    values: Dict[str, str]


@dataclass(frozen=True)
class Shutdown:
    """Asks the daemon to stop; running work stops between frames and is kept. Answered by Done."""
