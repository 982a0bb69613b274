"""Every message, one frozen dataclass each.

Points and boxes are plate pixels from the top left, y down; pixel (0, 0) covers [0, 1]². ``frame`` is a source frame
number. ``session`` is the name that ``SessionOpened`` gave. Times end in ``_s``.
"""

from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple, Type

from roto_shared.protocol.data import CurveSettings, ObjectPrompt, Picture, PlateRef
from roto_shared.shapes import Layer, Point, ShapeDocument

# --- requests ---------------------------------------------------------------------------------------------------------


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

    The same ``key`` finds the same session; an empty one stands for the plate and engine themselves.
    """

    plate: PlateRef
    engine: str = ""
    key: str = ""


@dataclass(frozen=True)
class CloseSession:
    """Lets go of a session; ``forget`` also deletes what it stored. Answered by Done."""

    session: str
    forget: bool = False


@dataclass(frozen=True)
class FrameQuery:
    """Asks for a display-ready frame, its longer side at most ``limit_px``. Answered by Frame."""

    session: str
    frame: int
    limit_px: int = 1920
    media: str = "image/jpeg"


@dataclass(frozen=True)
class Segment:
    """Sets prompts on a frame and asks for the masks; a newer one supersedes an older one. Answered by Segmented.

    With ``curves`` the answer holds the frame's shapes too.
    """

    session: str
    frame: int
    prompts: Tuple[ObjectPrompt, ...]
    curves: Optional[CurveSettings] = None


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
class Export:
    """Writes results under ``folder``, or answers texts when it is empty. Streams Progress, answered by Exported.

    ``formats`` are of nk, fxs, json, svg (shapes), png, exr (masks), preview and report.
    """

    session: str
    formats: Tuple[str, ...]
    folder: str = ""
    settings: CurveSettings = CurveSettings()


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


# --- streamed while a request runs ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """The request is understood and scheduled."""


@dataclass(frozen=True)
class Progress:
    """Work done of a whole, and what is being done."""

    done: int
    total: int
    note: str = ""


@dataclass(frozen=True)
class ObjectState:
    """An object on a frame. ``state`` is prompted, tracked, uncertain or needs_click; ``confidence`` 0..1."""

    object: str
    confidence: float
    state: str
    mask: Optional[Picture] = None
    shapes: Optional[Layer] = None


@dataclass(frozen=True)
class TrackedFrame:
    """One frame is done, ``done`` of ``total``; ``stored`` if it was already there."""

    frame: int
    done: int
    total: int
    objects: Tuple[ObjectState, ...]
    stored: bool = False


# --- answers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """It is done and there is nothing to tell."""


@dataclass(frozen=True)
class Failed:
    """It could not be done: ``code`` for machines, a sentence, and what to do."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Welcome:
    """Who the daemon is."""

    version: str
    pid: int
    protocol: Tuple[int, int]


@dataclass(frozen=True)
class Job:
    """A piece of running or waiting work."""

    kind: str
    session: str


@dataclass(frozen=True)
class Status:
    """How the daemon is: uptime, memory, open sessions, loaded engines and its work."""

    version: str
    pid: int
    uptime_s: float
    memory_mb: float
    sessions: Tuple[str, ...]
    engines: Tuple[str, ...]
    jobs: Tuple[Job, ...]
    log: str
    store: str


@dataclass(frozen=True)
class SessionOpened:
    """The session's name, its plate, and what is stored: for each object the frames with a mask, and those prompted."""

    session: str
    width: int
    height: int
    frames: Tuple[int, ...]
    fps: float
    pixel_aspect: float
    engine: str
    stored: Dict[str, Tuple[int, ...]] = field(default_factory=dict)
    prompted: Dict[str, Tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """A display-ready frame."""

    frame: int
    picture: Picture


@dataclass(frozen=True)
class Segmented:
    """Masks, and shapes where asked for, of every prompted object."""

    frame: int
    objects: Tuple[ObjectState, ...]


@dataclass(frozen=True)
class FrameFault:
    """A frame that could not be done, and why; the rest went on."""

    frame: int
    message: str


@dataclass(frozen=True)
class Tracked:
    """The end of a track: frames done, frames that need a click by object, frames that failed."""

    frames: int
    needs_click: Dict[str, Tuple[int, ...]]
    faults: Tuple[FrameFault, ...] = ()


@dataclass(frozen=True)
class Fitted:
    """Keyed shapes, the figures of the fit by object, and what an edit has to say, a sentence each."""

    document: ShapeDocument
    report: Dict[str, Any]
    notes: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """Written files, or texts by format; ``notes`` say what a format could not hold."""

    files: Tuple[str, ...] = ()
    texts: Dict[str, str] = field(default_factory=dict)
    notes: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Engine:
    """An engine: what it is good for, and whether it can run here (``missing`` says what it lacks)."""

    name: str
    about: str
    weights: Tuple[str, ...] = ()
    missing: Tuple[str, ...] = ()
    loaded: bool = False


@dataclass(frozen=True)
class Models:
    """The engines of this daemon."""

    engines: Tuple[Engine, ...]


@dataclass(frozen=True)
class Settings:
    """Settings by name, as texts."""

    values: Dict[str, str]


REQUESTS: Dict[str, Type[Any]] = {
    "hello": Hello,
    "status": StatusQuery,
    "open_session": OpenSession,
    "close_session": CloseSession,
    "frame": FrameQuery,
    "segment": Segment,
    "track": Track,
    "cancel": Cancel,
    "fit": Fit,
    "refit": Refit,
    "carry_change": CarryChange,
    "add_knot": AddKnot,
    "remove_knot": RemoveKnot,
    "add_part": AddPart,
    "extend": Extend,
    "export": Export,
    "models": ModelsQuery,
    "settings": SettingsQuery,
    "change_settings": ChangeSettings,
    "shutdown": Shutdown,
}

EVENTS: Dict[str, Type[Any]] = {"accepted": Accepted, "progress": Progress, "tracked_frame": TrackedFrame}

ANSWERS: Dict[str, Type[Any]] = {
    "done": Done,
    "failed": Failed,
    "welcome": Welcome,
    "status_is": Status,
    "session_opened": SessionOpened,
    "frame_is": Frame,
    "segmented": Segmented,
    "tracked": Tracked,
    "fitted": Fitted,
    "exported": Exported,
    "models_are": Models,
    "settings_are": Settings,
}

MESSAGES: Dict[str, Type[Any]] = {**REQUESTS, **EVENTS, **ANSWERS}
KINDS: Dict[Type[Any], str] = {cls: kind for kind, cls in MESSAGES.items()}
