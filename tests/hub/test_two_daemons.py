"""A shot whose jobs run on one machine after the other: each goes on with what the last one left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from disc_plate import FIRST, centre, make_plate

from roto_daemon.app import Daemon
from roto_daemon.settings import DaemonSettings
from roto_hub.jobs.kinds import segment
from roto_hub.jobs.kinds.bench import Bench
from roto_shared.client import DaemonClient
from roto_shared.transport.memory import MemoryTransport


@pytest.fixture
def benches(tmp_path: Path) -> Iterator[list[Bench]]:
    """Two daemons that keep what they do in one folder."""
    plate = make_plate(tmp_path / "plate", FIRST + 3)
    daemons = [
        Daemon(
            DaemonSettings(
                runtime_dir=tmp_path / name, state_dir=tmp_path / "state", weights_dir=tmp_path / "none", engine="disc"
            )
        )
        for name in ("one", "two")
    ]
    clients = [DaemonClient(MemoryTransport(daemon.desk.receive)) for daemon in daemons]
    yield [Bench(one, plate, "shot", tmp_path / "out", Path, lambda *_: None, lambda: False) for one in clients]
    for daemon in daemons:
        daemon.close()


def test_a_job_knows_what_another_machine_did_to_the_shot_meanwhile(benches: list[Bench]) -> None:
    one, two = benches
    point = {"frame": FIRST, "object": "disc", "positive": [centre(FIRST)]}
    assert segment(one, {"prompts": [point]})["prompted"] == {"disc": [FIRST]}
    more = {"frame": FIRST + 3, "object": "disc", "positive": [centre(FIRST + 3)]}
    assert segment(two, {"prompts": [more]})["prompted"] == {"disc": [FIRST, FIRST + 3]}
    soft = segment(one, {"prompts": [], "finish": {"disc": {"feather_px": 2}}})
    assert soft["prompted"] == {"disc": [FIRST, FIRST + 3]}
    assert segment(two, {"prompts": [point]})["finish"]["disc"]["feather_px"] == 2
