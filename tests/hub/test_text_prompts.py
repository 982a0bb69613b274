"""Jobs that say in words what to segment, by a real daemon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from disc_plate import FIRST, make_plate

from roto_daemon.app import Daemon
from roto_daemon.backends.table import MODELS, Model, Task
from roto_daemon.settings import DaemonSettings
from roto_hub.jobs.kinds import segment
from roto_hub.jobs.kinds.bench import Bench
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.transport.memory import MemoryTransport


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DaemonClient]:
    """A daemon whose detector finds something in every picture."""
    small = Model("small-dino", (Task.DETECT,), "tests", "tests.daemon.small_models")
    monkeypatch.setitem(MODELS, small.name, small)
    runtime, state = tmp_path / "run", tmp_path / "state"
    settings = DaemonSettings(runtime_dir=runtime, state_dir=state, weights_dir=tmp_path / "none", engine="disc")
    daemon = Daemon(settings)
    yield DaemonClient(MemoryTransport(daemon.desk.receive))
    daemon.close()


@pytest.fixture
def bench(client: DaemonClient, tmp_path: Path) -> Bench:
    plate = make_plate(tmp_path / "plate", FIRST + 3)
    return Bench(client, plate, "shot", tmp_path / "result", Path, lambda *_: None, lambda: False)


def test_the_surest_of_what_fits_are_segmented_and_named(bench: Bench) -> None:
    words = {"text": "person in red", "most": 3, "frame": FIRST}
    result = segment(bench, {"prompts": [], "texts": [words]})
    assert result["objects"] == ["person in red", "person in red 2", "person in red 3"]
    assert any(file.endswith(".nk") for file in result["files"])


def test_an_object_s_name_is_given_once(bench: Bench) -> None:
    disc = {"frame": FIRST, "object": "hero", "positive": [[20, 30]]}
    result = segment(bench, {"prompts": [disc], "texts": [{"text": "car", "object": "hero"}]})
    assert result["objects"] == ["hero", "hero 2"]


def test_words_that_nothing_fits_are_a_fault_of_the_input(bench: Bench) -> None:
    with pytest.raises(InputError, match="Nothing on frame 1003 is “car”"):
        segment(bench, {"prompts": [], "texts": [{"text": "car", "confidence": 1.0}]})
