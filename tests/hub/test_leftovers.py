"""What a cancelled job did to a shot: nothing of it is in what comes after, by a real daemon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from disc_plate import FIRST, centre, make_plate

from roto_daemon.app import Daemon
from roto_daemon.settings import DaemonSettings
from roto_hub.jobs.kinds import export, segment
from roto_hub.jobs.kinds.bench import Bench, Newest
from roto_shared.client import DaemonClient
from roto_shared.errors import CancelledError, InputError
from roto_shared.transport.memory import MemoryTransport

DISC = {"frame": FIRST, "object": "disc", "positive": [centre(FIRST)]}
WRONG = {"frame": FIRST, "object": "wrong", "positive": [[80, 50]]}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    settings = DaemonSettings(
        runtime_dir=tmp_path / "run", state_dir=tmp_path / "state", weights_dir=tmp_path / "none", engine="disc"
    )
    daemon = Daemon(settings)
    client, plate = DaemonClient(MemoryTransport(daemon.desk.receive)), make_plate(tmp_path / "plate", FIRST + 3)
    yield Bench(client, plate, "shot", tmp_path / "out", Path, lambda *_: None, lambda: False)
    daemon.close()


def cancel_while_it_tracks(bench: Bench, request: dict[str, Any]) -> None:
    told: list[int] = []
    stopped = replace(bench, on_progress=lambda done, _total: told.append(done), wants_stop=lambda: bool(told))
    with pytest.raises(CancelledError):
        segment(stopped, request)


def after(bench: Bench, result: dict[str, Any]) -> Bench:
    """The bench of the next job, once that result is a version."""
    return replace(bench, newest=Newest(str(bench.folder / "shapes.json"), tuple(result["objects"])))


def test_a_segmentation_after_a_cancelled_one_has_what_it_asks_for_alone(bench: Bench) -> None:
    cancel_while_it_tracks(bench, {"prompts": [WRONG]})
    first = segment(bench, {"prompts": [DISC]})
    assert first["objects"] == ["disc"]
    cancel_while_it_tracks(after(bench, first), {"prompts": [WRONG]})
    other = {**WRONG, "object": "other"}
    assert segment(after(bench, first), {"prompts": [other]})["objects"] == ["disc", "other"]


def test_what_was_made_of_others_goes_before_them_and_keeps_them_where_a_version_has_it(bench: Bench) -> None:
    union = {"name": "all", "operation": "union", "objects": ["disc", "wrong"]}
    merged = {"prompts": [DISC, WRONG], "combine": [union]}
    segment(bench, merged)
    result = segment(bench, {"prompts": [DISC]})
    assert result["objects"] == ["disc"]
    union["keep"] = False
    result = segment(after(bench, result), merged)
    assert result["objects"] == ["all"]
    assert segment(after(bench, result), {"prompts": [], "finish": {}})["objects"] == ["all"]


def test_objects_whose_masks_are_not_stored_any_more_are_not_left_out_silently(bench: Bench) -> None:
    other = {**WRONG, "object": "other"}
    version = after(bench, segment(bench, {"prompts": [DISC, other]}))
    elsewhere = replace(version, shot_id="as on another machine, or a month later")
    with pytest.raises(InputError, match="“other” is not stored"):
        segment(elsewhere, {"prompts": [DISC]})
    assert segment(elsewhere, {"prompts": [DISC], "delete": ["other"]})["objects"] == ["disc"]
    with pytest.raises(InputError, match="“other” is not stored"):
        export(elsewhere, {"formats": ["png"]})


def test_an_export_after_a_cancelled_segmentation_has_the_version_s_mattes_alone(bench: Bench) -> None:
    version = after(bench, segment(bench, {"prompts": [DISC]}))
    cancel_while_it_tracks(version, {"prompts": [WRONG]})
    files = export(replace(version, folder=bench.folder.with_name("export")), {"formats": ["json", "png"]})["files"]
    assert {Path(file).parts[0] for file in files} == {"disc", "shapes.json"}
