"""Reading ahead: in the direction of travel, within its memory, and never hiding an error."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from roto_daemon.plates import ReadAhead
from roto_shared.errors import PlateError

FRAME_BYTES = 4 * 6 * 3
PATIENCE_S = 20.0


class Reader:
    """A plate whose reads are counted and can be held back."""

    def __init__(self) -> None:
        self.read_frames: list[int] = []
        self.bad: set[int] = set()
        self.threads: set[int] = set()
        self._gate = threading.Event()
        self._changed = threading.Condition()
        self._gate.set()

    def __call__(self, frame: int) -> np.ndarray:
        assert self._gate.wait(PATIENCE_S)
        with self._changed:
            self.read_frames.append(frame)
            self.threads.add(threading.get_ident())
            self._changed.notify_all()
        if frame in self.bad:
            raise PlateError(f"Frame {frame} is bad.")
        return np.full((4, 6, 3), frame % 256, np.uint8)

    def hold(self) -> None:
        self._gate.clear()

    def go_on(self) -> None:
        self._gate.set()

    def wait_for(self, frames: list[int]) -> None:
        """Until exactly these were read, in this order."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.read_frames == frames, PATIENCE_S), self.read_frames


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.go_on()


def test_frames_are_read_in_the_order_of_travel_before_they_are_asked_for(reader: Reader) -> None:
    with ReadAhead(reader, range(10, 5, -1), cache_bytes=3 * FRAME_BYTES) as ahead:
        reader.wait_for([10, 9, 8])
        assert ahead.read(10)[0, 0, 0] == 10
        assert ahead.read(9)[0, 0, 0] == 9
        reader.wait_for([10, 9, 8, 7])


def test_no_more_is_read_than_the_memory_holds(reader: Reader) -> None:
    with ReadAhead(reader, range(100), cache_bytes=3 * FRAME_BYTES) as ahead:
        for frame in range(100):
            ahead.read(frame)
            assert len(ahead.cached) <= 3
    assert reader.read_frames == list(range(100))


def test_one_frame_is_read_ahead_even_if_memory_is_short(reader: Reader) -> None:
    with ReadAhead(reader, range(4), cache_bytes=1) as ahead:
        assert [int(ahead.read(frame)[0, 0, 0]) for frame in range(4)] == [0, 1, 2, 3]


def test_all_reading_happens_on_one_other_thread(reader: Reader) -> None:
    with ReadAhead(reader, range(5)) as ahead:
        for frame in (0, 3, 1):
            ahead.read(frame)
    assert len(reader.threads) == 1
    assert threading.get_ident() not in reader.threads


def test_a_bad_frame_raises_for_itself_alone(reader: Reader) -> None:
    reader.bad = {2}
    with ReadAhead(reader, range(4)) as ahead:
        assert ahead.read(1)[0, 0, 0] == 1
        with pytest.raises(PlateError, match="Frame 2 is bad"):
            ahead.read(2)
        assert ahead.read(3)[0, 0, 0] == 3


def test_a_frame_off_the_way_is_read_on_demand(reader: Reader) -> None:
    with ReadAhead(reader, range(3)) as ahead:
        assert ahead.read(200)[0, 0, 0] == 200
        assert ahead.read(2)[0, 0, 0] == 2


def test_going_back_reads_again_what_was_dropped(reader: Reader) -> None:
    with ReadAhead(reader, range(10), cache_bytes=2 * FRAME_BYTES) as ahead:
        for frame in (0, 5, 9, 0, 1):
            assert ahead.read(frame)[0, 0, 0] == frame


def test_closing_stops_the_thread_and_further_reads(reader: Reader) -> None:
    ahead = ReadAhead(reader, range(1000), cache_bytes=FRAME_BYTES)
    ahead.read(0)
    ahead.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]
    with pytest.raises(ValueError, match="closed"):
        ahead.read(500)


def test_closing_lets_go_of_one_who_waits(reader: Reader) -> None:
    reader.hold()
    ahead = ReadAhead(reader, range(3))
    outcome: list[BaseException] = []

    def wait() -> None:
        try:
            ahead.read(1)
        except ValueError as error:
            outcome.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    closing = threading.Thread(target=ahead.close)
    closing.start()
    waiting.join(PATIENCE_S)
    reader.go_on()
    closing.join(PATIENCE_S)
    assert not waiting.is_alive()
    assert not closing.is_alive()
    assert "closed" in str(outcome[0])
