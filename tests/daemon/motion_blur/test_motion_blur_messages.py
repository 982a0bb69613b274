"""Motion blur over the daemon's messages, and in what is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenEXR
import pytest
from moving_disc import HEIGHT, WIDTH, MovingDisc

from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings, EdgeSettings, MatteFiles, ObjectPrompt, Picture, PlateRef

DISC = MovingDisc(12.0, 0.5)
FRAMES = range(-2, 3)


@pytest.fixture(scope="module")
def plate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blurred")
    for frame in FRAMES:
        assert cv2.imwrite(str(folder / f"d.{1003 + frame}.png"), DISC.frame(frame)[0][..., ::-1])
    return folder


@pytest.fixture
def session(client: DaemonClient, plate: Path) -> str:
    session = client.ask(messages.OpenSession(PlateRef(str(plate)))).session
    for frame in FRAMES:
        coded = cv2.imencode(".png", ((DISC.frame(frame)[1] >= 0.5) * 255).astype(np.uint8))[1].tobytes()
        prompt = ObjectPrompt("disc", mask=Picture("image/png", WIDTH, HEIGHT, coded))
        client.ask(messages.Segment(session, 1003 + frame, (prompt,)))
    return session


def written(client: DaemonClient, session: str, folder: Path, **files: Any) -> dict[str, np.ndarray]:
    client.ask(messages.Export(session, ("exr",), str(folder), files=MatteFiles(**files)))
    with OpenEXR.File(str(folder / "disc" / "mask.1003.exr"), separate_channels=True) as file:
        return {name: np.array(channel.pixels) for name, channel in file.channels().items()}


def test_the_shutter_and_the_smear_of_every_frame_are_told(client, session) -> None:
    told = client.ask(messages.MeasureBlur(session))
    assert told.shutter == pytest.approx(0.5, abs=0.12)
    smears = told.smears["disc"]
    assert [smear.frame for smear in smears] == list(range(1001, 1006))
    assert all(smear.mean_px == pytest.approx(12 * told.shutter, abs=1.0) for smear in smears)


def test_a_known_shutter_is_taken_as_it_is(client, session) -> None:
    told = client.ask(messages.MeasureBlur(session, first=1003, last=1003, shutter=1.0))
    assert told.shutter == 1.0
    assert told.smears["disc"][0].mean_px == pytest.approx(12, abs=1.0)


@pytest.mark.parametrize("quality", ["none", "good"])
def test_edges_that_are_written_are_smeared(client, session, tmp_path, quality: str) -> None:
    truth = DISC.frame(0)[1]
    plain = written(client, session, tmp_path / "plain")["A"]
    edges = EdgeSettings(quality, shutter=0.5)
    client.ask(messages.RefineEdges(session, settings=edges, model="" if quality == "none" else "closed-form"))
    smeared = written(client, session, tmp_path / "smeared", coverage=True)
    assert np.abs(smeared["A"] - truth).sum() < 0.6 * np.abs(plain - truth).sum()
    assert np.array_equal(smeared["coverage.A"], plain), "the sharp mask is there as well"


def test_motion_is_written_as_nuke_has_it(client, session, tmp_path) -> None:
    planes = written(client, session, tmp_path / "out", motion=True)
    inside = planes["A"] > 0
    assert np.abs(planes["forward.u"][inside] - 12).max() < 1
    assert np.abs(planes["backward.u"][inside] + 12).max() < 1
    assert np.abs(planes["forward.v"][inside]).max() < 1


def test_a_blur_map_lies_beside_the_sharp_mask_where_the_shutter_is_said(client, session, tmp_path) -> None:
    assert "blur.length" not in written(client, session, tmp_path / "plain", motion=True)
    files, settings = MatteFiles(motion=True, layers=True), CurveSettings(shutter=0.5)
    client.ask(messages.Export(session, ("exr",), str(tmp_path), settings, files))
    with OpenEXR.File(str(tmp_path / "mattes.1003.exr"), separate_channels=True) as file:
        planes = {name: np.array(channel.pixels) for name, channel in file.channels().items()}
    assert np.abs(planes["disc_blur.length"][planes["disc.A"] > 0] - 6).max() < 0.5
    assert set(np.unique(planes["disc.A"])) == {0.0, 1.0}


def test_shapes_carry_the_shutter_around_the_frame(client, session) -> None:
    fitted = client.ask(messages.Fit(session, settings=CurveSettings(shutter=0.5)))
    blurs = {shape.motion_blur for shape in fitted.document.shapes()}
    assert {(blur.shutter, blur.shutter_offset) for blur in blurs if blur} == {(0.5, -0.25)}
    plain = client.ask(messages.Fit(session)).document
    assert {shape.motion_blur for shape in plain.shapes()} == {None}


def test_a_shutter_that_makes_no_sense_is_refused(client, session) -> None:
    with pytest.raises(InputError, match="shutter"):
        client.ask(messages.RefineEdges(session, settings=EdgeSettings("none", shutter=-1.0)))
