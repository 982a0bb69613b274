"""``roto track``: a whole shot, exact with the disc engine."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from roto_formats.registry import read_document
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_seg.shot import track_shot
from roto_shared.protocol.messages import ObjectPrompt, Segment

FRAMES = range(1001, 1013)


def written_mask(folder: Path, frame: int, name: str = "object"):
    return cv2.imread(str(folder / name / f"mask.{frame}.png"), cv2.IMREAD_UNCHANGED)


def frames_of(folder: Path, name: str = "object") -> list[int]:
    return sorted(int(path.name.split(".")[1]) for path in (folder / name).glob("mask.*.png"))


@pytest.fixture
def track(roto, clip):
    """Track the clip in this process into ``out``; answers what it tells programs."""

    def run(*arguments, expect: int = 0, plate: str = clip.plate):
        result = roto("track", plate, "--out", "out", "--in-process", "--json", *arguments)
        assert result.exit_code == expect, result.output
        return json.loads(result.stdout)

    return run


def test_a_click_in_the_middle_gives_every_frame_exactly(track, clip):
    told = track("--frame", 1006, "--point", clip.click(1006), "--object", "disc")
    assert told["frames"] == len(FRAMES) - 1
    assert told["needs_click"] == {}
    for frame in FRAMES:
        assert ((written_mask(Path("out"), frame, "disc") == 255) == clip.truth(frame)).all()


def test_everything_that_is_promised_lies_in_the_folder(track, clip):
    told = track("--frame", 1006, "--point", clip.click(1006), "--format", "nk,fxs,json,svg,png,exr")
    names = {path.name for path in Path("out").iterdir()}
    assert names == {"object", *(f"shapes.{e}" for e in ("nk", "fxs", "json", "svg")), "preview.mp4", "report.json"}
    assert {Path(path) for path in told["files"]} >= {
        path.absolute() for path in Path("out").iterdir() if path.is_file()
    }
    assert frames_of(Path("out")) == list(FRAMES)
    assert len(list(Path("out/object").glob("mask.*.exr"))) == len(FRAMES)


@pytest.mark.parametrize("ending", ["nk", "fxs"])
def test_the_shapes_draw_the_masks(track, clip, ending):
    track("--frame", 1001, "--point", clip.click(1001))
    document = read_document(Path("out") / f"shapes.{ending}")
    scores = [jaccard(rasterise(document, frame) >= 0.5, clip.truth(frame)) for frame in FRAMES]
    assert min(scores) >= 0.95


def test_the_report_tells_engine_state_and_curves(track, clip):
    track("--frame", 1001, "--point", clip.click(1001))
    report = json.loads(Path("out/report.json").read_text())
    told = report["objects"]["object"]
    assert report["engine"] == "disc"
    assert told["frames"]["1001"]["state"] == "prompted"
    assert told["frames"]["1012"] == {"state": "tracked", "confidence": 1.0}
    assert told["curves"]


@pytest.mark.parametrize(("direction", "expected"), [("forward", range(1006, 1013)), ("backward", range(1001, 1007))])
def test_a_direction_goes_one_way_only(track, clip, direction, expected):
    track("--frame", 1006, "--point", clip.click(1006), "--direction", direction)
    assert frames_of(Path("out")) == list(expected)


def test_a_range_bounds_the_track(track, clip):
    track("--frame", 1006, "--point", clip.click(1006), "--range", "1004-1008")
    assert frames_of(Path("out")) == list(range(1004, 1009))


def test_start_renumbers_the_plate(track, clip):
    track("--frame", 1, "--point", clip.click(1001), "--start", 1)
    assert frames_of(Path("out")) == list(range(1, 13))


def test_a_mask_prompts_like_a_click(track, clip):
    track("--mask", f"1003={clip.mask(1003)}")
    assert all(((written_mask(Path("out"), f) == 255) == clip.truth(f)).all() for f in FRAMES)


def test_a_prompts_file_holds_several_objects_and_frames(track, clip, tmp_path):
    prompts = {
        "objects": {
            "disc": {"1001": {"positive": [list(clip.centre(1001))]}, "1012": {"mask": str(clip.mask(1012))}},
            "wall": {"1001": {"positive": [[2, 90]]}},
        }
    }
    Path("prompts.json").write_text(json.dumps(prompts))
    track("--prompts", "prompts.json")
    assert frames_of(Path("out"), "disc") == frames_of(Path("out"), "wall") == list(FRAMES)
    assert [child.name for child in read_document("out/shapes.nk").children] == ["disc", "wall"]


def test_a_prompts_file_may_come_from_an_editor_that_marks_its_coding(track, clip):
    prompts = {"objects": {"disc": {"1001": {"positive": [list(clip.centre(1001))]}}}}
    Path("prompts.json").write_text(json.dumps(prompts), encoding="utf-8-sig")
    track("--prompts", "prompts.json", "--range", "1001-1002")
    assert frames_of(Path("out"), "disc") == [1001, 1002]


@pytest.mark.parametrize("other", ["../{here}/out", "link"])
def test_a_folder_by_another_name_is_the_same_folder(track, clip, other):
    track("--frame", 1001, "--point", clip.click(1001))
    Path("link").symlink_to("out")
    told = track("--frame", 1001, "--point", clip.click(1001), "--out", other.format(here=Path.cwd().name))
    assert told["stored_before"] == told["frames"] == 11


def test_the_same_command_again_computes_nothing(track, clip):
    track("--frame", 1001, "--point", clip.click(1001))
    again = track("--frame", 1001, "--point", clip.click(1001))
    assert again["stored_before"] == again["frames"] == len(FRAMES) - 1


@pytest.fixture
def own_clip(clip, tmp_path):
    """A copy of the clip that may be rendered anew."""
    shutil.copytree(clip.folder, tmp_path / "own")
    return replace(clip, folder=tmp_path / "own")


def test_a_plate_that_was_rendered_anew_gives_the_new_masks(track, own_clip):
    prompt = ("--frame", 1001, "--point", own_clip.click(1001))
    track(*prompt, plate=own_clip.plate)
    for frame in FRAMES:
        rendered = np.roll(cv2.imread(str(own_clip.image(frame))), 6, axis=0)
        assert cv2.imwrite(str(own_clip.image(frame)), rendered)
    assert track(*prompt, plate=own_clip.plate)["stored_before"] == 0
    for frame in FRAMES:
        assert ((written_mask(Path("out"), frame) == 255) == np.roll(own_clip.truth(frame), 6, axis=0)).all()


def test_of_a_plate_on_which_one_frame_was_rendered_anew_the_rest_is_not_computed_again(track, own_clip):
    prompt = ("--frame", 1001, "--point", own_clip.click(1001))
    track(*prompt, plate=own_clip.plate)
    assert cv2.imwrite(str(own_clip.image(1005)), np.roll(cv2.imread(str(own_clip.image(1005))), 6, axis=0))
    again = track(*prompt, plate=own_clip.plate)
    assert again["stored_before"] == again["frames"] - 1
    assert ((written_mask(Path("out"), 1005) == 255) == np.roll(own_clip.truth(1005), 6, axis=0)).all()


def test_another_prompt_starts_anew(track, clip):
    track("--frame", 1001, "--point", clip.click(1001))
    other = track("--frame", 1001, "--point", "2,90")
    assert other["stored_before"] == 0
    assert not ((written_mask(Path("out"), 1005) == 255) & clip.truth(1005)).any()


def test_frames_that_an_earlier_command_did_and_this_one_did_not_are_named(track, clip):
    whole = track("--frame", 1001, "--point", clip.click(1001))
    part = track("--frame", 1006, "--point", "2,90", "--range", "1005-1008")
    assert whole["kept"] == {}
    assert part["kept"] == {"object": [1001, 1002, 1003, 1004, 1009, 1010, 1011, 1012]}
    assert frames_of(Path("out")) == list(FRAMES)


def test_an_object_that_another_command_took_back_is_told_to_be_missing(track, clip, monkeypatch):
    def track_and_take_back(client, shot, opened, travel):
        tracked = track_shot(client, shot, opened, travel)
        client.run(Segment(opened.session, 1001, (ObjectPrompt("wall"),)))
        return tracked

    monkeypatch.setattr("roto_seg.shot.track_shot", track_and_take_back)
    objects = {"disc": {"1001": {"positive": [list(clip.centre(1001))]}}, "wall": {"1001": {"positive": [[2, 90]]}}}
    Path("prompts.json").write_text(json.dumps({"objects": objects}))
    assert track("--prompts", "prompts.json", expect=7)["missing"] == ["wall"]
    assert frames_of(Path("out"), "disc") == list(FRAMES)


def test_people_are_told_in_lines_where_things_are(roto, clip):
    result = roto("track", clip.plate, "--out", "out", "--in-process", "--frame", 1001, "--point", clip.click(1001))
    lines = result.stdout.splitlines()
    assert lines[0] == "11 frames tracked by disc, 0 of them stored before."
    assert "out/shapes.nk" in lines
    assert "out/object/ (12 files)" in lines


def test_a_folder_within_a_folder_is_told_whole(roto, clip):
    asked = ["track", clip.plate, "--out", "out", "--in-process", "--frame", 1001, "--point", clip.click(1001)]
    result = roto(*asked, "--format", "png", "--file-name", "v001/{object}/mask.{frame}")
    assert "out/v001/object/ (12 files)" in result.stdout.splitlines()


def test_a_lost_object_is_said_to_need_a_click(roto, clip, tmp_path):
    plate = tmp_path / "lost"
    plate.mkdir()
    for frame in range(1001, 1005):
        image = cv2.imread(str(clip.image(frame)))
        if frame >= 1003:
            image[:] = 128
        assert cv2.imwrite(str(plate / f"p.{frame}.png"), image)
    result = roto("track", plate, "--out", "out", "--in-process", "--frame", 1001, "--point", clip.click(1001))
    assert "object needs a click on frames 1003-1004." in result.stdout


def test_a_damaged_frame_is_named_and_the_rest_goes_on(roto, clip, tmp_path):
    plate = tmp_path / "damaged"
    plate.mkdir()
    for frame in range(1001, 1006):
        content = clip.image(frame).read_bytes()
        (plate / f"p.{frame}.png").write_bytes(content if frame != 1003 else content[:100])
    result = roto("track", plate, "--out", "out", "--in-process", "--frame", 1001, "--point", clip.click(1001))
    assert result.exit_code == 7, result.output
    assert "Frame 1003" in result.output
    assert frames_of(Path("out")) == [1001, 1002, 1004, 1005]


def test_mattes_are_written_as_asked(track, clip):
    naming = ["--file-name", "{shot}/{object}_v{version:03}.{frame:05}", "--shot", "sh010", "--file-version", 7]
    track("--frame", 1001, "--point", clip.click(1001), "--format", "png,exr", *naming, "--bits", 16)
    names = {str(path.relative_to("out")) for path in Path("out").rglob("*.*") if path.parent.name == "sh010"}
    assert names == {f"sh010/object_v007.{frame:05}.{ending}" for frame in FRAMES for ending in ("png", "exr")}
    assert cv2.imread("out/sh010/object_v007.01005.png", cv2.IMREAD_UNCHANGED).max() == 65535


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--content", "premultiplied"], "straight"),
        (["--format", "exr", "--compression", "lzw"], "lzw"),
        (["--file-name", "../{frame}"], "below"),
        (["--file-name", "{shot}.{frame}"], "shot"),
        (["--format", "exr,cryptomatte", "--file-name", "m.{frame}"], "Cryptomatte"),
        (["--combine", "all=union:object,shadow"], "“all” cannot be made of “shadow”"),
        (["--combine", "object=piece:object@1001:5,5"], "“object” cannot be the name"),
    ],
)
def test_what_could_not_be_written_is_refused_before_anything_is_tracked(roto, clip, arguments, word):
    asked = ["track", clip.plate, "--out", "out", "--in-process", "--frame", 1001, "--point", clip.click(1001)]
    result = roto(*asked, *arguments)
    assert result.exit_code == 3, result.output
    assert word in result.stderr
    assert not Path("out").exists()


def test_mattes_alone_need_no_shapes(track, clip):
    told = track("--frame", 1001, "--point", clip.click(1001), "--format", "cryptomatte,prores")
    names = {Path(path).name for path in told["files"]}
    assert {"object.mov", *(f"cryptomatte.{frame}.exr" for frame in FRAMES)} <= names
    assert not list(Path("out").glob("shapes.*"))


@pytest.fixture
def two_objects(clip) -> list:
    prompts = {
        "objects": {
            "disc": {"1001": {"positive": [list(clip.centre(1001))]}},
            "wall": {"1001": {"positive": [[2, 90]]}},
        }
    }
    Path("prompts.json").write_text(json.dumps(prompts))
    return ["--prompts", "prompts.json", "--format", "png"]


def test_objects_are_made_of_others_and_gone_when_no_longer_asked_for(track, clip, two_objects):
    track(*two_objects, "--combine", "all=union:disc,wall", "--combine", "rest=subtract:all,disc")
    for frame in FRAMES:
        assert written_mask(Path("out"), frame, "all").min() == 255
        assert ((written_mask(Path("out"), frame, "rest") == 0) == clip.truth(frame)).all()
    report = json.loads(Path("out/report.json").read_text())
    assert report["objects"]["all"]["made_of"]["operation"] == "union"
    track(*two_objects, "--combine", "one=merge:disc,wall", "--out", "out")
    assert set(json.loads(Path("out/report.json").read_text())["objects"]) == {"one"}


def test_a_piece_is_split_off(track, clip, two_objects):
    x, y = clip.centre(1004)
    track(*two_objects, "--combine", "all=union:disc,disc2", expect=3)
    track(*two_objects, "--combine", f"part=piece:disc@1004:{x:g},{y:g}")
    assert ((written_mask(Path("out"), 1010, "part") == 255) == clip.truth(1010)).all()


@pytest.mark.parametrize("text", ["all", "all=xor:a,b", "all=piece:a", "=union:a,b"])
def test_combinations_that_cannot_be_read_are_refused(roto, clip, text):
    result = roto("track", clip.plate, "--out", "o", "--frame", 1001, "--point", clip.click(1001), "--combine", text)
    assert result.exit_code == 2
    assert "NAME" in result.stderr
