"""What the panel needs of the program that it lives in."""

from abc import ABC, abstractmethod
from typing import Callable, Dict, Generator, Optional, Tuple

from roto_panel.paths import PathTable
from roto_shared.protocol.data import HostClock, ObjectPrompt, PlateRef

Prompts = Dict[int, ObjectPrompt]
"""What is said of one object, by frame; points in plate px, y down."""

PromptsChanged = Callable[[Prompts, bool], bool]
"""Takes what handles say, and whether they said so before a plate was open; answers whether that is settled now."""


class Host(ABC):
    """A host. Everything but :meth:`deliver` is called on its main thread alone."""

    shape_format = "json"
    """The format in which it takes shapes, as the daemon's export names it."""

    scene = "script"
    """What an artist calls that in which the host keeps its work."""

    interpolation = "smooth"
    """How it draws between keys: smooth, or linear."""

    paths = PathTable()
    """Where the daemon finds this machine's files."""

    def clock(self) -> HostClock:
        """How its session counts frames, where its format says them from the session's start."""
        return HostClock()

    @abstractmethod
    def plate(self) -> PlateRef:
        """The plate that is to be worked on. Raises InputError that says what to select."""

    def plate_name(self) -> str:
        """What the scene knows :meth:`plate` by, the same on every machine and however often it is rendered."""
        return self.plate().path

    def work_range(self) -> Tuple[Optional[int], Optional[int]]:
        """First and last source frame that the scene says are worked on; None where it says nothing of it."""
        return (None, None)

    @abstractmethod
    def can_render(self) -> bool:
        """Whether :meth:`render` could make a plate of what is selected."""

    @abstractmethod
    def render(self, first: Optional[int] = None, last: Optional[int] = None) -> Generator[Tuple[int, int], None, None]:
        """Make files of what is selected, a frame a step (done, total); :meth:`plate` then answers them.

        Without ``first`` and ``last`` it is the scene's range. Whoever takes the steps may stop between two and close
        the iterator. Raises InputError where a frame cannot be rendered.
        """

    @abstractmethod
    def frame(self) -> int:
        """The source frame that is shown."""

    @abstractmethod
    def go_to(self, frame: int) -> None:
        """Show a source frame."""

    @abstractmethod
    def deliver(self, callback: Callable[[], None]) -> None:
        """Run a callback on the main thread, soon; from any thread but the main one."""

    @abstractmethod
    def later(self, callback: Callable[[], None], seconds: float = 0.0) -> None:
        """Run a callback on the main thread once it is idle and so much time has passed; from the main thread."""

    @abstractmethod
    def targets(self) -> Tuple[str, ...]:
        """Names of what in the scene can take shapes."""

    @abstractmethod
    def shapes_of(self, target: str) -> str:
        """The shapes of one of :meth:`targets` as text in the host's format. Raises InputError where it is gone."""

    @abstractmethod
    def commit(self, shapes: str, target: str = "") -> str:
        """Put shapes into the scene in one undo step: a new place, or instead of what ``target`` holds.

        Answers the target's name. Raises InputError with the scene as it was.
        """

    @abstractmethod
    def update(self, shapes: str, target: str) -> str:
        """Like :meth:`commit` into ``target``, without an undo step: for what changes while work goes on."""

    @abstractmethod
    def chosen_shapes(self) -> str:
        """Shapes that are selected in the scene, as text in the host's format. Raises InputError for none."""

    @abstractmethod
    def chosen_prompts(self) -> Prompts:
        """What is selected in the scene (a tracker, a prompt node) says, by frame. Raises InputError for none."""

    @abstractmethod
    def watch_prompts(self, changed: PromptsChanged) -> None:
        """Call ``changed`` when handles of a prompt node were moved in the host's own viewer, after a short pause."""

    @abstractmethod
    def watch_scene(self, frame_changed: Callable[[int], None], closed: Callable[[], None]) -> None:
        """Call ``frame_changed`` when the host shows another frame, and ``closed`` when its scene goes."""

    @abstractmethod
    def saved(self) -> Dict[str, str]:
        """Texts that were kept with the scene by :meth:`save`."""

    @abstractmethod
    def save(self, name: str, text: str) -> None:
        """Keep a text with the scene."""

    @abstractmethod
    def close(self) -> None:
        """The panel is gone: clean up what was made for it."""
