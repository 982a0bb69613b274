"""Mattes as files: what an export gives of each format, from a plate whose truth is exact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import OpenEXR
import pytest

from roto_daemon.outputs.cryptomatte import object_id
from roto_daemon.pipelines.matte_files import picture_files
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError, RotoError, StorageError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Combination, MatteFiles, ObjectPrompt, Picture, PlateRef

DISC, SQUARE = ObjectPrompt("disc", ((20.5, 30.5),)), ObjectPrompt("square", ((8.5, 54.5),))


@pytest.fixture
def tracked(client: DaemonClient, disc_clip) -> str:
    """Two objects over the whole clip; the square joins on its second frame and is tracked forward only."""
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).session
    client.ask(messages.Segment(session, 1001, (DISC,)))
    client.ask(messages.Segment(session, 1003, (SQUARE,)))
    client.ask(messages.Track(session, direction="forward"))
    return session


@pytest.fixture
def export(client: DaemonClient, tracked: str, tmp_path: Path):
    """Write one format below ``tmp_path/out``; answers the files by their name below it."""

    def run(kind: str, session: str = tracked, **files: Any) -> dict[str, Path]:
        out = tmp_path / "out"
        answer = client.ask(messages.Export(session, (kind,), str(out), files=MatteFiles(**files)))
        return {str(Path(path).relative_to(out)): Path(path) for path in answer.files}

    return run


def exr(path: Path) -> dict[str, np.ndarray]:
    with OpenEXR.File(str(path), separate_channels=True) as file:
        return {name: np.array(channel.pixels) for name, channel in file.channels().items()}


def test_png_files_are_the_masks_a_folder_an_object(export, disc_clip) -> None:
    files = export("png")
    assert set(files) == {f"disc/mask.{f}.png" for f in range(1001, 1013)} | {
        f"square/mask.{f}.png" for f in range(1003, 1013)
    }
    assert np.array_equal(cv2.imread(str(files["disc/mask.1005.png"]), -1), disc_clip.truth(1005) * 255)


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("png", {}),
        ("png", {"name": "{object}.{frame}"}),
        ("exr", {}),
        ("exr", {"layers": True}),
        ("cryptomatte", {}),
        ("cryptomatte", {"name": "{shot}_{object}.{frame:06}", "shot": "a"}),
        ("prores", {"name": "{object}_film.{frame}"}),
        ("preview", {}),
    ],
)
def test_every_file_is_known_before_it_is_written(export, tmp_path: Path, kind: str, files: dict[str, Any]) -> None:
    objects = {"disc": range(1001, 1013), "square": range(1003, 1013)}
    planned = set(picture_files(tmp_path / "out", (kind,), MatteFiles(**files), objects))
    assert planned == set(export(kind, **files).values())


def test_an_export_never_writes_over_its_plate(client: DaemonClient, tracked: str, disc_clip) -> None:
    there = {path: path.read_bytes() for path in disc_clip.folder.iterdir()}
    files = MatteFiles("{object}.{frame:04}")
    with pytest.raises(InputError, match="would overwrite the plate"):
        client.ask(messages.Export(tracked, ("report", "png"), str(disc_clip.folder), files=files))
    assert {path: path.read_bytes() for path in disc_clip.folder.iterdir()} == there


def test_16_bits_are_16_bits(export, disc_clip) -> None:
    shown = cv2.imread(str(export("png", bits=16)["disc/mask.1005.png"]), -1)
    assert shown.dtype == np.uint16
    assert np.array_equal(shown, disc_clip.truth(1005) * 65535)


@pytest.mark.parametrize("bits", [8, 16])
def test_straight_png_files_hold_the_plate_s_own_colours(export, disc_clip, bits: int) -> None:
    shown = cv2.imread(str(export("png", content="straight", bits=bits)["disc/mask.1005.png"]), -1)
    whole = 257 if bits == 16 else 1
    assert np.array_equal(shown[..., :3], cv2.imread(str(disc_clip.path(1005))).astype(int) * whole)
    assert np.array_equal(shown[..., 3] > 0, disc_clip.truth(1005) > 0)


@pytest.mark.parametrize("kind", ["png", "exr", "prores"])
def test_an_object_of_any_name_is_written_below_the_folder(client, tracked, export, tmp_path: Path, kind: str) -> None:
    client.ask(messages.RenameObject(tracked, "disc", "../disc: a?"))
    name = "%2E%2E%2Fdisc%3A a%3F"
    files = export(kind)
    assert name in {part for file in files for part in (Path(file).parts[0], Path(file).stem)}
    assert all(path.is_relative_to(tmp_path / "out") and path.is_file() for path in files.values())


def test_colours_are_the_plate_s_however_bright_models_see_it(client, export, disc_clip) -> None:
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern, exposure=-2.0))).session
    client.ask(messages.Segment(session, 1001, (DISC,)))
    image = cv2.imread(str(export("png", session, content="straight")["disc/mask.1001.png"]), -1)
    assert np.array_equal(image[..., :3], cv2.imread(str(disc_clip.path(1001))))
    with av.open(str(export("prores", session)["disc.mov"])) as film:
        grey = next(film.decode(video=0)).to_ndarray(format="rgb24")[2, 90]
    assert np.abs(grey.astype(int) - 128).max() <= 3


@pytest.mark.parametrize(("asked", "found"), [("piz", OpenEXR.PIZ_COMPRESSION), ("zips", OpenEXR.ZIPS_COMPRESSION)])
@pytest.mark.parametrize("kind", ["exr", "cryptomatte"])
def test_exr_files_are_squeezed_as_asked_for(export, kind: str, asked: str, found: Any) -> None:
    path = next(iter(export(kind, compression=asked).values()))
    with OpenEXR.File(str(path), header_only=True) as file:
        assert file.header()["compression"] == found


def test_names_follow_the_template(export) -> None:
    files = export("exr", name="{shot}/{object}_v{version:03}.{frame:06}", shot="sh010", version=4)
    assert "sh010/disc_v004.001001.exr" in files
    assert all(path.is_file() for path in files.values())


def test_one_exr_holds_a_layer_for_every_object_on_every_frame(export, disc_clip) -> None:
    files = export("exr", layers=True)
    assert set(files) == {f"mattes.{frame}.exr" for frame in range(1001, 1013)}
    before, after = exr(files["mattes.1001.exr"]), exr(files["mattes.1008.exr"])
    assert set(before) == set(after) == {"disc.A", "square.A"}  # a Read node wants the same channels on all frames
    assert not before["square.A"].any()
    assert np.array_equal(after["disc.A"], disc_clip.truth(1008))


def test_a_layer_has_all_channels_on_frames_without_its_object_too(export) -> None:
    files = export("exr", layers=True, motion=True, coverage=True)
    first, last = (exr(path) for frame in (1001, 1012) for name, path in files.items() if str(frame) in name)
    assert set(first) == set(last)
    assert not any(plane.any() for name, plane in first.items() if name.startswith("square"))
    assert last["square_coverage.A"].any()


def test_motion_to_the_next_frame_is_down_where_the_object_goes_down(client, export, disc_clip, tmp_path: Path) -> None:
    for frame in range(1001, 1013):
        picture = np.asarray(cv2.imread(str(disc_clip.path(frame))))
        assert cv2.imwrite(str(tmp_path / f"down.{frame}.png"), np.ascontiguousarray(picture.transpose(1, 0, 2)))
    session = client.ask(messages.OpenSession(PlateRef(str(tmp_path / "down.####.png")))).session
    client.ask(messages.Segment(session, 1001, (ObjectPrompt("disc", ((30.5, 20.5),)),)))
    client.ask(messages.Track(session))
    planes = exr(export("exr", session, motion=True)["disc/mask.1005.exr"])
    rim = 36 + 10, 30  # inside, where it goes down by four
    assert abs(planes["forward.v"][rim] + 4) < 1
    assert abs(planes["backward.v"][rim] - 4) < 1
    assert abs(planes["forward.u"][rim]) < 1


def test_premultiplied_colours_are_scene_linear_and_times_alpha(export, disc_clip) -> None:
    planes = exr(export("exr", content="premultiplied")["disc/mask.1005.exr"])
    inside = disc_clip.truth(1005) > 0
    assert np.allclose(planes["R"][inside], 1.0, atol=1e-3)
    assert not planes["R"][~inside].any()


def test_straight_colours_stay_outside_the_matte(export, disc_clip) -> None:
    planes = exr(export("exr", content="straight")["disc/mask.1005.exr"])
    outside = planes["R"][2, 90].astype(float)
    assert abs(outside - ((128 / 255 + 0.055) / 1.055) ** 2.4) < 1e-3
    assert planes["A"][2, 90] == 0


@pytest.mark.parametrize(
    ("content", "expected"), [("premultiplied", [0, 0, 0, 0.5]), ("straight", [65504, 0, 65504, 0.5])]
)
def test_numbers_that_no_half_can_hold_leave_no_hole_in_the_colours(
    client, export, tmp_path: Path, content: str, expected: list[float]
) -> None:
    colours = np.full((4, 6), 0.5, np.float32)
    colours[0, :3] = np.inf, np.nan, 1e6
    told = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    OpenEXR.File(told, dict.fromkeys("RGB", colours)).write(str(tmp_path / "sun.1001.exr"))
    mask = np.zeros((4, 6), np.uint8)
    mask[0, 3] = 255
    picture = Picture("image/png", 6, 4, cv2.imencode(".png", mask)[1].tobytes())
    session = client.ask(messages.OpenSession(PlateRef(str(tmp_path / "sun.1001.exr")))).session
    client.ask(messages.Segment(session, 1001, (ObjectPrompt("disc", mask=picture),)))
    planes = exr(export("exr", session, content=content)["disc/mask.1001.exr"])
    assert planes["R"][0, :4].tolist() == expected


def test_coverage_is_the_mask_as_it_was_before_its_edges_were_refined(client, tracked, export, disc_clip) -> None:
    client.ask(messages.RefineEdges(tracked, objects=("disc",), model="closed-form"))
    planes = exr(export("exr", coverage=True)["disc/mask.1005.exr"])
    assert np.array_equal(planes["coverage.A"], disc_clip.truth(1005))
    assert np.unique(planes["A"]).size > 8


def test_a_cryptomatte_holds_all_objects(export, disc_clip) -> None:
    path = export("cryptomatte")["cryptomatte.1008.exr"]
    with OpenEXR.File(str(path), separate_channels=True) as file:
        manifest = next(value for key, value in file.header().items() if key.endswith("/manifest"))
    assert json.loads(manifest)["disc"] == f"{object_id('disc'):08x}"
    planes = exr(path)
    wanted = np.array([object_id("disc")], np.uint32).view(np.float32)[0]
    found = np.where(planes["crypto_object00.R"] == wanted, planes["crypto_object00.G"], 0)
    assert np.array_equal(found, disc_clip.truth(1008))


def test_a_cryptomatte_is_never_squeezed_with_loss(export) -> None:
    path = export("cryptomatte", compression="dwaa")["cryptomatte.1008.exr"]
    with OpenEXR.File(str(path), header_only=True) as file:
        assert file.header()["compression"] == OpenEXR.ZIP_COMPRESSION


def test_a_film_an_object_runs_over_its_frames(export, disc_clip) -> None:
    files = export("prores")
    assert set(files) == {"disc.mov", "square.mov"}
    with av.open(str(files["square.mov"])) as film:
        assert sum(1 for _ in film.decode(video=0)) == 10
    with av.open(str(files["disc.mov"])) as film:
        shown = next(film.decode(video=0)).to_ndarray(format="rgba64le")
    alpha = shown[: disc_clip.truth(1001).shape[0], : disc_clip.truth(1001).shape[1], 3] / 65535
    assert np.abs(alpha - disc_clip.truth(1001)).max() < 0.01


def test_a_film_is_black_where_the_plate_has_a_gap_so_that_what_follows_keeps_its_time(
    client: DaemonClient, disc_clip, tmp_path: Path
) -> None:
    disc_clip.path(1004).unlink()
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern))).session
    client.ask(messages.Segment(session, 1001, (DISC,)))
    client.ask(messages.Track(session))
    answer = client.ask(messages.Export(session, ("prores",), str(tmp_path / "out")))
    with av.open(answer.files[0]) as film:
        shown = [picture.to_ndarray(format="rgb24").max() for picture in film.decode(video=0)]
    assert [place for place, brightest in enumerate(shown) if brightest < 16] == [3]
    assert len(shown) == 12
    assert answer.notes == ("disc.mov is black where the plate cannot be read: 1004.",)


def test_an_object_without_a_frame_is_passed_over(client: DaemonClient, disc_clip, export) -> None:
    session = client.ask(messages.OpenSession(PlateRef(disc_clip.pattern), key="untracked")).session
    client.ask(messages.Segment(session, 1001, (DISC,)))
    client.ask(messages.Segment(session, 1003, (SQUARE,)))
    client.ask(messages.CombineObjects(session, Combination("both", "intersect", ("disc", "square"))))
    assert set(export("prores", session)) == {"disc.mov", "square.mov"}


def test_a_film_s_name_needs_no_frame(export) -> None:
    assert set(export("prores", name="{shot}_{object}.{frame:04}", shot="a")) == {"a_disc.mov", "a_square.mov"}


def test_what_the_plate_s_header_says_travels_on(client, export, disc_clip, tmp_path: Path) -> None:
    plate = tmp_path / "exr"
    plate.mkdir()
    for frame in range(1001, 1004):
        colours = cv2.cvtColor(cv2.imread(str(disc_clip.path(frame))), cv2.COLOR_BGR2RGB) / np.float32(255)
        code = OpenEXR.TimeCode()
        code.hours, code.frame = 1, frame - 1001
        window = (np.array((-2, -1), np.int32), np.array((94, 61), np.int32))
        told = {"timeCode": code, "owner": "us", "dataWindow": window, "displayWindow": window}
        told |= {"compression": OpenEXR.PIZ_COMPRESSION, "type": OpenEXR.scanlineimage, "pixelAspectRatio": 2.0}
        planes = {name: np.ascontiguousarray(colours[..., i] ** 2.2, np.float16) for i, name in enumerate("RGB")}
        OpenEXR.File(told, planes).write(str(plate / f"plate.{frame}.exr"))
    session = client.ask(messages.OpenSession(PlateRef(str(plate)))).session
    client.ask(messages.Segment(session, 1001, (DISC,)))
    client.ask(messages.Track(session))
    path = export("exr", session)["disc/mask.1003.exr"]
    with OpenEXR.File(str(path), header_only=True) as file:
        header = file.header()
        assert (header["timeCode"].hours, header["timeCode"].frame) == (1, 2)
        assert header["owner"] == "us"
        assert header["roto/engine"] == "disc"
        assert header["pixelAspectRatio"] == 2.0
        assert [v.tolist() for v in header["dataWindow"]] == [[-2, -1], [94, 61]]
        assert header["compression"] == OpenEXR.ZIP_COMPRESSION


@pytest.mark.parametrize("damaged", [1001, 1002])
def test_a_whole_matte_lies_where_the_others_do_though_its_plate_is_damaged(
    client, export, tmp_path: Path, damaged: int
) -> None:
    data = (np.array((101, 50), np.int32), np.array((104, 53), np.int32))
    display = (np.array((100, 50), np.int32), np.array((105, 53), np.int32))
    told = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    told |= {"dataWindow": data, "displayWindow": display}
    for frame in (1001, 1002):
        OpenEXR.File(told, dict.fromkeys("RGB", np.zeros((4, 4), np.float16))).write(str(tmp_path / f"p.{frame}.exr"))
    path = tmp_path / f"p.{damaged}.exr"
    path.write_bytes(path.read_bytes()[:100])
    session = client.ask(messages.OpenSession(PlateRef(str(tmp_path / "p.####.exr")))).session
    picture = Picture("image/png", 6, 4, cv2.imencode(".png", np.full((4, 6), 255, np.uint8))[1].tobytes())
    client.ask(messages.Segment(session, damaged, (ObjectPrompt("disc", mask=picture),)))
    with OpenEXR.File(str(export("exr", session)[f"disc/mask.{damaged}.exr"]), header_only=True) as file:
        header = file.header()
        for window in ("displayWindow", "dataWindow"):
            assert [v.tolist() for v in header[window]] == [[100, 50], [105, 53]]


@pytest.mark.parametrize("name", ["exr", "png"])
def test_a_frame_that_cannot_be_read_again_is_named_and_the_rest_is_written(
    client, tracked, disc_clip, tmp_path: Path, name: str
) -> None:
    disc_clip.path(1005).write_bytes(b"\x89PNG broken")
    files = MatteFiles(content="straight")
    answer = client.ask(messages.Export(tracked, (name,), str(tmp_path / "out"), files=files))
    assert any("frame 1005" in note for note in answer.notes)
    assert [fault.frame for fault in answer.faults] == [1005]
    written = {Path(path).name for path in answer.files}
    assert f"mask.1005.{name}" not in written
    assert {f"mask.1004.{name}", f"mask.1006.{name}"} <= written


@pytest.mark.parametrize(
    ("name", "files", "word"),
    [
        ("exr", MatteFiles(content="unmultiplied"), "unmultiplied"),
        ("exr", MatteFiles(compression="lzw"), "lzw"),
        ("png", MatteFiles(bits=12), "12"),
        ("png", MatteFiles(content="premultiplied"), "straight"),
        ("png", MatteFiles("{object}"), "{frame}"),
        ("png", MatteFiles("mask.{frame}"), "{object}"),
        ("exr", MatteFiles("../{object}.{frame}"), "below"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(
    client, tracked, tmp_path: Path, name: str, files: MatteFiles, word: str
) -> None:
    with pytest.raises(InputError) as refused:
        client.ask(messages.Export(tracked, (name,), str(tmp_path / "out"), files=files))
    assert word in str(refused.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["png", "exr"])
def test_a_stored_mask_that_is_gone_is_named(export, settings, name: str) -> None:
    (stored,) = settings.state_dir.rglob("final/disc/1005.png")
    stored.unlink()
    with pytest.raises(StorageError, match="1005"):
        export(name)


@pytest.mark.parametrize("folder", ["out", "~/out"])
def test_a_folder_that_would_lie_where_the_daemon_was_started_is_refused(
    client, tracked, tmp_path: Path, monkeypatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    with pytest.raises(InputError, match="no whole path"):
        client.ask(messages.Export(tracked, ("png",), folder))
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["png", "exr", "cryptomatte", "prores"])
def test_a_folder_that_cannot_be_made_is_named(client, tracked, tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StorageError) as refused:
        client.ask(messages.Export(tracked, (name,), str(tmp_path / "taken" / "out")))
    assert "taken" in str(refused.value)
    assert isinstance(refused.value, RotoError)
