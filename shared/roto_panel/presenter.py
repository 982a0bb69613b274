"""What the panel does: an artist's actions in, requests to the daemon out, and one state to show. No Qt, no host API.

Everything here runs on the host's main thread; :class:`.errands.Errands` brings answers back to it. Each of the parts
does one thing, and all of them change the one state on the :class:`.board.Board`.
"""

import time
import uuid
from dataclasses import replace
from typing import Any, Callable, Dict, Generator, Optional, Tuple

from roto_panel.board import Board, Show
from roto_panel.book import PromptBook
from roto_panel.choices import CHOICES, Choices, choices_text
from roto_panel.errands import Errands
from roto_panel.finding import Finder
from roto_panel.host import Host
from roto_panel.household import Household
from roto_panel.plates import KEY, PlateWork, choices_in, with_plate
from roto_panel.prompting import Prompting
from roto_panel.saved import PROMPTS, book_from_text
from roto_panel.seeing import Seeing
from roto_panel.shaping import Shaping
from roto_panel.state import Finding, PanelState
from roto_panel.tracking import Tracking
from roto_panel.work import Work
from roto_shared.errors import RotoError
from roto_shared.protocol import messages


class Presenter:
    """A panel's mind. ``show`` is called with every new state; ``now`` tells seconds.

    ``is_daemon_running`` tells quickly whether there is a daemon to ask how it is.
    """

    def __init__(
        self,
        host: Host,
        errands: Errands,
        show: Show,
        now: Callable[[], float] = time.monotonic,
        is_daemon_running: Callable[[], bool] = lambda: False,
    ) -> None:
        self._host = host
        self._board = Board(show)
        self._work = Work(self._board, errands, now)
        self._is_rendering = False
        self._opening: Optional[messages.OpenSession] = None
        self.seeing = Seeing(self._board, host, self._work)
        self.prompting = Prompting(self._board, host, self._work, self.seeing)
        self.shaping = Shaping(self._board, host, self._work, self.seeing, self.prompting, now)
        self.tracking = Tracking(self._board, self._work, self.seeing, self.shaping, self.prompting)
        self.finding = Finder(self._board, self._work, self.prompting)
        self.household = Household(self._board, host, self._work, is_daemon_running)
        host.watch_prompts(self.prompting.take_prompts)
        host.watch_scene(self._frame_changed, self._scene_closed)

    @property
    def state(self) -> PanelState:
        """What is shown."""
        return self._board.state

    def open(self) -> None:
        """Work on the host's plate, with the prompts and choices that were kept of it in its scene."""
        try:
            plate, before = self._host.plate(), self._host.saved()
            new = PlateWork(self._host.plate_name(), *self._host.work_range())
            kept = with_plate(before, new)
            book, choices = book_from_text(kept.get(PROMPTS, "")), choices_in(kept, new)
        except RotoError as error:
            self._board.complain(error)
            self._board.change(can_render=self._host.can_render())
            return
        self._clear(choices)
        for name, text in kept.items():
            if text != before.get(name):
                self._save(name, text)
        self._begin(book, messages.OpenSession(plate, choices.engine, self._key(kept)))

    def render(self) -> None:
        """Make files of what is selected, a frame at a time, and work on them."""
        if self._work.begin("Rendering"):
            self._is_rendering = True
            steps = self._board.attempt(self._rendering)
            if steps is None:
                self._is_rendering = False
                self._work.end()
            else:
                self._render_on(steps)

    def stop(self) -> None:
        """Stop what is being done; what is done is kept."""
        self._is_rendering = False
        self._work.stop()

    def choose(self, **fields: Any) -> None:
        """Other choices; another engine opens the open plate anew, whatever is selected in the host meanwhile."""
        before = self._board.attempt(self._chosen)
        if before is None:
            return
        choices = replace(before, **fields)
        if choices == before:
            return
        self._board.change(choices=choices)
        self._save(CHOICES, choices_text(choices))
        if choices.engine != before.engine and self.state.session is not None and self._opening is not None:
            self._clear(choices)
            self._begin(self.state.book, replace(self._opening, engine=choices.engine))
        elif choices.curves != before.curves:
            self.seeing.refresh()

    def _chosen(self) -> Choices:
        """The choices so far; until a plate is opened those that the scene keeps. Raises FormatError."""
        return self.state.choices if self._opening else choices_in(self._host.saved(), PlateWork(""))

    def look(self, **fields: Any) -> None:
        """Draw other things over the plate."""
        self._board.change(look=replace(self.state.look, **fields))
        if fields.get("outlines"):
            self.seeing.refresh()

    def close(self) -> None:
        """Let go of the daemon, at once; running work stops and is kept."""
        self._is_rendering = False
        self.household.close()
        self._work.close()
        self._host.close()

    def wait_until_closed(self, timeout_s: float) -> None:
        """Wait for threads to end after :meth:`close`, where the whole program is about to."""
        self._work.wait_until_closed(timeout_s)

    def _frame_changed(self, frame: int) -> None:
        """The host shows another frame, by whatever means."""
        if self.state.session is not None and frame != self.state.frame:
            self.seeing.frame_changed(frame)

    def _scene_closed(self) -> None:
        """The scene goes, and with it what belongs to it: nothing of it may be kept in the next one."""
        self._is_rendering = False
        self._work.abandon()
        self._opening = None
        self.prompting.end()
        self.shaping.end()
        daemon, engines = self.state.daemon, self.state.engines
        self._board.reset(
            daemon=daemon, engines=engines, told="The plate's {} is not open any more.".format(self._host.scene)
        )

    def _clear(self, choices: Choices) -> None:
        """Show a plate of which nothing is known yet."""
        self._board.change(
            session=None,
            choices=choices,
            frame=self._host.frame(),
            picture=None,
            masks={},
            outlines={},
            timeline={},
            keys={},
            finding=Finding(),
            trouble=None,
            can_render=self._host.can_render(),
        )

    def _begin(self, book: PromptBook, opening: messages.OpenSession) -> None:
        """Have the daemon open a plate, and go on with what was said of it."""
        self._opening = opening
        self.prompting.start(book)
        self.shaping.look_for_targets()
        self._work.ask(opening, lambda opened: self._opened(opened, opening))

    def _key(self, kept: Dict[str, str]) -> str:
        """What tells this scene's work on a plate from that of others; made when the first plate is opened."""
        key = kept.get(KEY) or uuid.uuid4().hex
        if not kept.get(KEY):
            self._save(KEY, key)
        return key

    def _save(self, name: str, text: str) -> None:
        self._board.attempt(lambda: self._host.save(name, text))

    def _opened(self, opened: messages.SessionOpened, opening: messages.OpenSession) -> None:
        if opening is not self._opening:
            return  # another plate is wanted meanwhile, or the scene went
        frame = self.state.frame if self.state.frame in opened.frames else opened.frames[0]
        self._board.change(session=opened, told="{} frames by {}".format(len(opened.frames), opened.engine))
        self.prompting.adopt(opened)
        self.seeing.start(opened)
        self._board.change(frame=frame)
        self.prompting.tell_daemon()
        self.seeing.frame_changed(frame)

    def _rendering(self) -> Generator[Tuple[int, int], None, None]:
        """What renders what is selected, over the range that was chosen for that plate. Raises RotoError."""
        new = PlateWork(self._host.plate_name())
        choices = choices_in(with_plate(self._host.saved(), new), new)
        return self._host.render(choices.first, choices.last)

    def _render_on(self, steps: Generator[Tuple[int, int], None, None]) -> None:
        """One frame now, the next when the host has been idle; so that it can be stopped, and the host lives."""
        if not self._is_rendering:
            steps.close()
            self._work.end()
            return
        try:
            done, total = next(steps)
        except StopIteration:
            self._is_rendering = False
            self._work.end()
            self.open()
        except RotoError as error:
            self._is_rendering = False
            self._work.end()
            self._board.complain(error)
        else:
            self._work.progressed(done, total)
            self._host.later(lambda: self._render_on(steps))
