"""One lane of work: jobs are generators, and the lane runs one step of the most urgent job at a time.

So a click waits for one frame of a running track at most, tracks share the lane in turn, and any job can be stopped
between two steps. Guarantee: every submitted job ends with exactly one of its three endings, on the lane's thread.
"""

import itertools
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any

from roto_shared.errors import DaemonError, SupersededError

Steps = Generator[Any, None, Any]


class Urgency(IntEnum):
    """Smaller goes first."""

    INTERACTIVE = 0
    TRACK = 1
    BATCH = 2


@dataclass
class Task:
    """A job in a lane: a generator whose yields are events and whose return value is the answer.

    ``name`` and ``session`` say what it is. A newer task of the same ``supersedes`` key takes the place of one that
    has not begun.
    """

    name: str
    session: str
    steps: Callable[[], Steps]
    on_event: Callable[[Any], None]
    on_answer: Callable[[Any], None]
    on_error: Callable[[BaseException], None]
    urgency: Urgency = Urgency.INTERACTIVE
    supersedes: str = ""
    _running: Steps | None = field(default=None, init=False)
    _stopped: BaseException | None = field(default=None, init=False)
    _turn: int = field(default=0, init=False)

    def stop(self, reason: BaseException) -> None:
        """Ask the task to end with ``reason`` before its next step."""
        self._stopped = reason

    def advance(self) -> Callable[[], None] | None:
        """Run one step; None while there is more to do, else the ending to tell once the task has left its lane."""
        try:
            self._step()
        except StopIteration as ending:
            return partial(self.on_answer, ending.value)
        except Exception as error:  # noqa: BLE001  a job's failure is its own: it is told to its client and the lane goes on
            return partial(self.on_error, error)
        return None

    def _step(self) -> None:
        if self._stopped is not None:
            if self._running is not None:
                self._running.close()
            raise self._stopped
        if self._running is None:
            self._running = self.steps()
        self.on_event(next(self._running))


class Lane:
    """A thread that advances tasks. Close it, or use it as a context manager."""

    def __init__(self, name: str) -> None:
        self._tasks: list[Task] = []
        self._turns = itertools.count()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def submit(self, task: Task) -> None:
        """Put a task in line."""
        with self._changed:
            if self._closing:
                raise DaemonError("The daemon is stopping.", "Start it again.")
            for older in self._tasks:
                if task.supersedes and older.supersedes == task.supersedes:
                    older.stop(SupersededError("A newer click took this one's place."))
            task._turn = next(self._turns)
            self._tasks.append(task)
            self._changed.notify()

    def tasks(self) -> list[Task]:
        """Tasks that wait or run."""
        with self._changed:
            return list(self._tasks)

    def close(self) -> None:
        """Stop every task before its next step and end the thread."""
        with self._changed:
            self._closing = True
            for task in self._tasks:
                task.stop(DaemonError("The daemon was stopped; what is done is kept.", "Run the same command again."))
            self._changed.notify()
        self._thread.join()

    def __enter__(self) -> "Lane":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self) -> None:
        while True:
            task = self._next()
            if task is None:
                return
            ending = task.advance()
            with self._changed:
                if ending is None:
                    task._turn = next(self._turns)
                    continue
                self._tasks.remove(task)
            _tell(ending, task.on_error)  # only now: who is told may ask for the same thing again at once

    def _next(self) -> Task | None:
        with self._changed:
            while not self._tasks and not self._closing:
                self._changed.wait()
            return min(self._tasks, key=lambda task: (task._stopped is None, task.urgency, task._turn), default=None)


def _tell(ending: Callable[[], None], on_error: Callable[[BaseException], None]) -> None:
    try:
        ending()
    except Exception as error:  # noqa: BLE001  an answer that cannot be sent must not end the lane; on_error logs it
        on_error(error)
