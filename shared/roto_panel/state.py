"""All that a panel shows, as one frozen value: whatever draws it needs to know nothing else."""

from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

from roto_panel.book import PromptBook
from roto_shared.protocol.data import Picture
from roto_shared.protocol.messages import SessionOpened


@dataclass(frozen=True)
class FrameState:
    """How an object fares on a frame: prompted, tracked, uncertain or needs_click, and how sure the engine is."""

    state: str
    confidence: float


@dataclass(frozen=True)
class Working:
    """What is being done, how far it is, and when it will be done (s, None before that can be told)."""

    what: str
    done: int = 0
    total: int = 0
    remaining_s: Optional[float] = None


@dataclass(frozen=True)
class Trouble:
    """What went wrong, and what to do."""

    message: str
    remedy: str = ""


@dataclass(frozen=True)
class PanelState:
    """``masks`` are those of the shown ``frame`` by object; ``timeline`` is by object and frame.

    ``selected`` is the object that clicks are for, empty for none. ``done`` and ``undone`` are what can be taken back
    and done again, in words, the latest last and first.
    """

    session: Optional[SessionOpened] = None
    book: PromptBook = field(default_factory=PromptBook)
    selected: str = ""
    frame: int = 0
    picture: Optional[Picture] = None
    masks: Dict[str, Picture] = field(default_factory=dict)
    timeline: Dict[str, Dict[int, FrameState]] = field(default_factory=dict)
    working: Optional[Working] = None
    trouble: Optional[Trouble] = None
    told: str = ""
    done: Tuple[str, ...] = ()
    undone: Tuple[str, ...] = ()

    @property
    def needs_click(self) -> Tuple[int, ...]:
        """Frames on which an object was lost, ascending."""
        lost = {f for frames in self.timeline.values() for f, s in frames.items() if s.state == "needs_click"}
        return tuple(sorted(lost))
