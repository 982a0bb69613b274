"""All that a panel shows, as one frozen value: whatever draws it needs to know nothing else."""

from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

from roto_panel.book import PromptBook
from roto_panel.choices import Choices
from roto_shared.protocol.data import Candidate, Picture
from roto_shared.protocol.messages import Engine, SessionOpened, Status
from roto_shared.shapes import Layer


@dataclass(frozen=True)
class FrameState:
    """How an object fares on a frame: prompted, tracked, uncertain or needs_click, and how sure the engine is."""

    state: str
    confidence: float


@dataclass(frozen=True)
class Working:
    """What is being done, how far it is, and when it will be done (s, None before that can be told).

    ``rate`` is in frames per second, None before it can be told.
    """

    what: str
    done: int = 0
    total: int = 0
    remaining_s: Optional[float] = None
    rate: Optional[float] = None


@dataclass(frozen=True)
class Trouble:
    """What went wrong, and what to do."""

    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found for a text on a frame, and what the artist said of it; those not judged yet are ``candidates``."""

    text: str = ""
    frame: int = 0
    candidates: Tuple[Candidate, ...] = ()
    accepted: Tuple[Candidate, ...] = ()
    rejected: Tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Look:
    """What the viewer draws over the plate. Left of ``wipe``, a share of the width, nothing is."""

    masks: bool = True
    outlines: bool = True
    wipe: Optional[float] = None


@dataclass(frozen=True)
class PanelState:
    """``masks`` and ``outlines`` are those of the shown ``frame`` by object; ``timeline`` is by object and frame.

    ``keys`` are the frames with a key by object, of what was committed last. ``selected`` is the object that clicks are
    for, empty for none. ``done`` and ``undone`` are what can be taken back and done again, in words, the latest last
    and first. ``told`` is the last thing that went well. ``targets`` are nodes of the scene that can take shapes.
    ``daemon`` is how it was when last asked, None where it does not run.
    """

    session: Optional[SessionOpened] = None
    book: PromptBook = field(default_factory=PromptBook)
    choices: Choices = field(default_factory=Choices)
    selected: str = ""
    frame: int = 0
    picture: Optional[Picture] = None
    masks: Dict[str, Picture] = field(default_factory=dict)
    outlines: Dict[str, Layer] = field(default_factory=dict)
    timeline: Dict[str, Dict[int, FrameState]] = field(default_factory=dict)
    keys: Dict[str, Tuple[int, ...]] = field(default_factory=dict)
    finding: Finding = field(default_factory=Finding)
    look: Look = field(default_factory=Look)
    working: Optional[Working] = None
    trouble: Optional[Trouble] = None
    told: str = ""
    done: Tuple[str, ...] = ()
    undone: Tuple[str, ...] = ()
    targets: Tuple[str, ...] = ()
    engines: Tuple[Engine, ...] = ()
    daemon: Optional[Status] = None
    can_render: bool = False

    @property
    def needs_click(self) -> Tuple[int, ...]:
        """Frames on which an object was lost, ascending."""
        lost = {f for frames in self.timeline.values() for f, s in frames.items() if s.state == "needs_click"}
        return tuple(sorted(lost))

    @property
    def is_ready(self) -> bool:
        """Whether a plate is open and nothing long goes on."""
        return self.session is not None and self.working is None

    @property
    def can_work(self) -> bool:
        """Whether there is, besides, anything to track from or to make shapes of."""
        return self.is_ready and any(self.timeline.values())
