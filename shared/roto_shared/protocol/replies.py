"""What the daemon tells, one frozen dataclass a message: events while a request runs, and the answer that ends it.

Points and boxes are plate pixels from the top left, y down; pixel (0, 0) covers [0, 1]². ``frame`` is a source frame
number. ``session`` is the name that ``SessionOpened`` gave. Times end in ``_s``.
"""

from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple

from roto_shared.protocol.data import Candidate, Combination, FinishSettings, FrameSmear, Picture
from roto_shared.shapes import Layer, ShapeDocument


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
    alternatives: Tuple[Picture, ...] = ()


@dataclass(frozen=True)
class TrackedFrame:
    """One frame is done, ``done`` of ``total``; ``stored`` if it was already there."""

    frame: int
    done: int
    total: int
    objects: Tuple[ObjectState, ...]
    stored: bool = False


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
    """How the daemon is: uptime, memory, open sessions, loaded engines and its work.

    ``gpu`` is the GPU's name, empty where none is in use; of its memory so much is taken, by all programs together.
    """

    version: str
    pid: int
    uptime_s: float
    memory_mb: float
    sessions: Tuple[str, ...]
    engines: Tuple[str, ...]
    jobs: Tuple[Job, ...]
    log: str
    store: str
    gpu: str = ""
    gpu_used_mb: int = 0
    gpu_total_mb: int = 0


@dataclass(frozen=True)
class SessionOpened:
    """The session's name, its plate, and what is stored: for each object the frames with a mask, and those prompted.

    ``colour_space`` is the one that the plate's first readable frame is taken to be in. ``combined`` are objects made
    of others, ``finish`` says how objects' masks are finished.
    """

    session: str
    width: int
    height: int
    frames: Tuple[int, ...]
    fps: float
    pixel_aspect: float
    engine: str
    stored: Dict[str, Tuple[int, ...]] = field(default_factory=dict)
    prompted: Dict[str, Tuple[int, ...]] = field(default_factory=dict)
    colour_space: str = ""
    combined: Tuple[Combination, ...] = ()
    finish: Dict[str, FinishSettings] = field(default_factory=dict)


@dataclass(frozen=True)
class Colours:
    """Colour spaces, and views by display, of ``config``; the default display and view come first."""

    config: str
    spaces: Tuple[str, ...]
    views: Dict[str, Tuple[str, ...]]


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
class Found:
    """What fits a text on a frame, surest first, and the model that found it."""

    frame: int
    candidates: Tuple[Candidate, ...]
    model: str


@dataclass(frozen=True)
class FrameFault:
    """A frame that could not be done, and why; the rest went on."""

    frame: int
    message: str


@dataclass(frozen=True)
class Tracked:
    """The end of a track: frames done, each object's that need a click or are uncertain, and those that failed."""

    frames: int
    needs_click: Dict[str, Tuple[int, ...]]
    faults: Tuple[FrameFault, ...] = ()
    uncertain: Dict[str, Tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class BlurMeasured:
    """The shutter in frames (0.5 is 180°), None where too little moves to tell, and the smear of objects by frame."""

    shutter: Optional[float]
    smears: Dict[str, Tuple[FrameSmear, ...]]


@dataclass(frozen=True)
class Fitted:
    """Keyed shapes, the figures of the fit by object, and what an edit has to say, a sentence each."""

    document: ShapeDocument
    report: Dict[str, Any]
    notes: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """Written files, or texts by format; ``notes`` say what a format could not hold.

    ``keys`` are the frames with a key by object, of shapes that were answered as text. ``faults`` are frames that were
    left out, which the notes say too.
    """

    files: Tuple[str, ...] = ()
    texts: Dict[str, str] = field(default_factory=dict)
    notes: Tuple[str, ...] = ()
    keys: Dict[str, Tuple[int, ...]] = field(default_factory=dict)
    faults: Tuple[FrameFault, ...] = ()


@dataclass(frozen=True)
class Engine:
    """A model: its tasks, what it is good for, and whether it can run here (``missing`` says what it lacks).

    Tasks are prompt, track, matte and detect. An engine is a model for prompts and one for tracking: its name is theirs
    with a plus between, or the one that does both.
    """

    name: str
    about: str
    tasks: Tuple[str, ...] = ()
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
