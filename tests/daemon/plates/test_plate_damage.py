"""Damaged files are named and never end the program that reads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from damaged_files import WRITERS, damaged

from roto_daemon.app import Daemon
from roto_daemon.plates import open_masks, open_plate
from roto_daemon.settings import DaemonSettings
from roto_shared.client import DaemonClient
from roto_shared.errors import DaemonError, PlateError, RotoError
from roto_shared.protocol import messages
from roto_shared.protocol.data import PlateRef
from roto_shared.transport.memory import MemoryTransport

COUNT = 140


@pytest.mark.parametrize("kind", WRITERS)
def test_damaged_files_are_refused_in_words_or_read(tmp_path: Path, kind: str) -> None:
    script = Path(__file__).parent / "damaged_files.py"
    command = [sys.executable, str(script), kind, str(tmp_path), str(COUNT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-1500:]}"
    read, refused = map(int, done.stdout.split()[-2:])
    assert read + refused == COUNT
    assert refused > COUNT // 10, "the damage was worth the name"


def test_a_daemon_outlives_every_damaged_plate(tmp_path: Path) -> None:
    settings = DaemonSettings(
        runtime_dir=tmp_path / "r", state_dir=tmp_path / "s", weights_dir=tmp_path / "w", engine="disc"
    )
    daemon = Daemon(settings)
    client = DaemonClient(MemoryTransport(daemon.desk.receive))
    answered = 0
    for kind, write in WRITERS.items():
        whole = tmp_path / f"whole.{kind}"
        write(whole, 1)
        for seed in range(8):
            path = tmp_path / f"{kind}{seed}.0001.{kind}"
            path.write_bytes(damaged(whole.read_bytes(), seed))
            answered += _is_answered(client, path)
    assert client.ask(messages.StatusQuery()).pid
    assert 0 < answered < 8 * len(WRITERS)
    daemon.close()


def _is_answered(client: DaemonClient, path: Path) -> bool:
    """Whether the plate's first frame is shown; refusals must be somebody's words and not a crash of ours."""
    try:
        opened: Any = client.ask(messages.OpenSession(PlateRef(str(path))))
        client.ask(messages.FrameQuery(opened.session, opened.frames[0]))
    except DaemonError as error:
        raise AssertionError(f"{path.name}: {error}") from error
    except RotoError:
        return False
    return True


def test_a_sixteen_bit_grey_picture_is_shown_as_grey_in_all_three(tmp_path: Path) -> None:
    mosaic = np.random.default_rng(1).integers(0, 65536, (9, 7), np.uint16)
    assert cv2.imwrite(str(tmp_path / "raw.0001.png"), mosaic)
    shown = open_plate(tmp_path / "raw.0001.png").read(1)
    assert shown.shape == (9, 7, 3)
    assert np.abs(shown[..., 0].astype(int) - np.rint(mosaic / 257)).max() <= 1
    assert (shown == shown[..., :1]).all()


@pytest.mark.parametrize("names", [("G", "B"), ("R",), ("Z",), ("beauty.R", "beauty.B")])
def test_an_exr_that_lacks_channels_shows_what_there_is(write_exr, names: tuple[str, ...]) -> None:
    plane = np.full((4, 6), 0.5, np.float16)
    shown = open_plate(write_exr(dict.fromkeys(names, plane))).read(1)
    assert shown.shape == (4, 6, 3)
    assert shown.any()


def test_a_layer_that_is_not_there_is_named_with_those_that_are(write_exr) -> None:
    plane = np.zeros((4, 6), np.float16)
    file = write_exr({"beauty.R": plane, "beauty.G": plane, "beauty.B": plane, "depth.Z": plane})
    with pytest.raises(PlateError, match=r"no layer “specular” but .*beauty"):
        open_plate(file, layer="specular")


def test_numbers_that_are_none_are_no_coverage(write_exr) -> None:
    values = np.array([[np.nan, np.inf, -np.inf, -3.0, 0.5, 7.0]], np.float32)
    with open_masks(write_exr({"A": values})) as masks:
        assert masks.read(1).tolist() == [[0.0, 1.0, 0.0, 0.0, 0.5, 1.0]]
