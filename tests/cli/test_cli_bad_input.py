"""Bad input, a row each: one sentence that names what is wrong, an exit code, no traceback, nothing half-written."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

DISC = ["--frame", "1001", "--point", "30,40"]
TRACK = ["track", "plate/disc.####.png", "--out", "out", "--in-process"]
SEGMENT = ["segment", "plate/disc.1001.png", "--in-process", "--out", "m.png"]


@pytest.fixture
def shop(clip, own_folders: Path) -> Path:
    """The current folder with a plate, masks, and much that is wrong."""
    shutil.copytree(clip.folder / "plate", "plate")
    shutil.copytree(clip.folder / "masks", "masks")
    Path("empty").mkdir()
    Path("text.png").write_text("this is no picture")
    Path("text.nk").write_text("this is no script")
    Path("small.png").write_bytes(cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1].tobytes())
    shutil.copytree("masks", "mixed")
    write_masks("labels", np.uint8(1))
    write_masks("ten-bit", np.uint16(1023))
    write_masks("dim", np.uint8(102))
    write_masks("half", np.uint8(127))
    write_masks("specks", np.uint8(255), side=2)
    write_masks("black", np.uint8(0))
    shutil.copy("small.png", "mixed/mask.1005.png")
    for name, content in PROMPTS.items():
        Path(name).write_text(content)
    return own_folders


def write_masks(folder: str, inside: np.integer, side: int = 40) -> None:
    """Masks of a square on three frames, with that number inside."""
    Path(folder).mkdir()
    for frame in (1001, 1002, 1003):
        mask = np.zeros((96, 128), inside.dtype)
        mask[20 : 20 + side, 20 : 20 + side] = inside
        assert cv2.imwrite(f"{folder}/m.{frame}.png", mask)


PROMPTS = {
    "damaged.json": "{",
    "nothing.json": '{"objects": {}}',
    "list.json": "[]",
    "word.json": '{"objects": {"a": {"first": {"positive": [[1, 2]]}}}}',
    "text.json": '{"objects": {"a": {"1001": {"positive": [["x", 2]]}}}}',
    "deep.json": '{"objects": {"a": [1]}}',
    "three.json": '{"objects": {"a": {"1001": {"box": [1, 2, 3]}}}}',
    "silent.json": '{"objects": {"a": {"1001": {"negative": [[1, 2]]}}}}',
    "twice.json": '{"objects": {"a": {"1001": {"positive": [[1, 2]]}}, "a": {"1002": {"positive": [[1, 2]]}}}}',
    "again.json": '{"objects": {"a": {"1001": {"positive": [[1, 2]]}, "01001": {"positive": [[3, 4]]}}}}',
    "far.json": '{"objects": {"a": {"7": {"positive": [[1, 2]]}}}}',
    "misspelt.json": '{"objects": {"a": {"1001": {"box": [1, 2, 30, 40], "negatve": [[3, 4]]}}}}',
    "more.json": '{"engine": "magic", "objects": {"a": {"1001": {"positive": [[1, 2]]}}}}',
    "lost.json": '{"objects": {"a": {"1001": {"mask": "none.png"}}}}',
}

ROWS = [
    (["segment", "none.png", "--point", "1,2", "--in-process"], 3, "none.png"),
    (["segment", "text.png", "--point", "1,2", "--in-process"], 3, "text.png"),
    ([*SEGMENT, "--point", "500,20"], 3, "The click (500, 20) lies outside the picture of 128×96 px"),
    ([*SEGMENT, "--box", "200,200,300,300"], 3, "outside the picture of 128×96 px"),
    ([*SEGMENT, "--point", "30,40", "--engine", "magic"], 3, "magic"),
    ([*SEGMENT, "--point", "30,40", "--engine", "embedded"], 4, "Run `roto models pull u2netp`."),
    ([*SEGMENT, "--point", "30,40", "--out", "m.psd"], 3, "m.psd ends in none of .png .exr .nk"),
    ([*SEGMENT, "--point", "30,40", "--out", "text.nk/m.png"], 6, "text.nk"),
    (["track", "none/p.####.png", "--out", "out", "--in-process", *DISC], 3, "none"),
    (["track", "empty", "--out", "out", "--in-process", *DISC], 3, "empty"),
    ([*TRACK, "--frame", "7", "--point", "30,40"], 3, "no frame 7, which the prompts name"),
    ([*TRACK, *DISC, "--range", "1-9"], 3, "range 1-9 lies outside the plate"),
    ([*TRACK, *DISC, "--engine", "magic"], 3, "magic"),
    ([*TRACK, *DISC, "--engine", "embedded"], 4, "u2netp"),
    ([*TRACK, "--frame", "1001", "--point", "30,400"], 3, "The click (30, 400) lies outside"),
    ([*TRACK, "--mask", "1001=none.png"], 3, "none.png"),
    ([*TRACK, "--mask", "1001=text.png"], 3, "text.png"),
    ([*TRACK, "--mask", "1001=small.png"], 3, "The supplied mask is 8×8 px, the plate 128×96"),
    (["track", "plate", "--out", "text.nk", "--in-process", *DISC], 3, "text.nk is a file"),
    ([*TRACK, "--prompts", "none.json"], 3, "no prompts file none.json"),
    ([*TRACK, "--prompts", "damaged.json"], 3, "damaged.json is not JSON"),
    ([*TRACK, "--prompts", "nothing.json"], 3, "nothing.json has no prompts"),
    ([*TRACK, "--prompts", "list.json"], 3, "list.json lacks “objects”"),
    ([*TRACK, "--prompts", "word.json"], 3, "objects.a.first: “first” is not a frame number"),
    ([*TRACK, "--prompts", "text.json"], 3, "objects.a.1001.positive[0][0] is a str, not a float"),
    ([*TRACK, "--prompts", "deep.json"], 3, "objects.a is a list, not a map"),
    ([*TRACK, "--prompts", "three.json"], 3, "objects.a.1001.box has 3 numbers, not 4"),
    ([*TRACK, "--prompts", "silent.json"], 3, "objects.a.1001 says nothing of where the object is"),
    (
        [*TRACK, "--prompts", "misspelt.json"],
        3,
        "misspelt.json: objects.a.1001 has a field “negatve”. Use positive, negative, box, mask.",
    ),
    ([*TRACK, "--prompts", "more.json"], 3, "more.json has a field “engine”. Use objects."),
    ([*TRACK, "--prompts", "twice.json"], 3, "twice.json says “a” twice in one place."),
    ([*TRACK, "--prompts", "again.json"], 3, "objects.a.01001 is said twice."),
    ([*TRACK, "--prompts", "far.json"], 3, "no frame 7"),
    ([*TRACK, "--prompts", "lost.json"], 3, "none.png"),
    (["curves", "none", "--out", "s.nk"], 3, "none"),
    (["curves", "empty", "--out", "s.nk"], 3, "empty"),
    (["curves", "labels", "--out", "s.nk"], 3, "labels reaches 0.39 % of full"),
    (["curves", "ten-bit", "--out", "s.nk"], 3, "ten-bit reaches 1.6 % of full"),
    (["curves", "dim", "--out", "s.nk"], 3, "dim reaches 40 % of full"),
    (["curves", "half", "--out", "s.nk"], 3, "half reaches just under 50 % of full"),
    (["curves", "specks", "--out", "s.nk"], 3, "specks shows specks alone, which are left out"),
    (["curves", "black", "--out", "s.nk"], 3, "black is black on all frames"),
    (["matte", "plate", "--masks", "labels", "--out", "out", "--in-process"], 3, "labels reaches 0.39 % of full"),
    ([*TRACK, "--mask", "1001=labels/m.1001.png"], 3, "m.1001.png reaches 0.39 % of full"),
    (["curves", "masks", "--out", "s.psd"], 3, "s.psd ends in none of"),
    (["curves", "masks", "--out", "empty"], 3, "empty ends in none of"),
    (["curves", "masks", "--out", "."], 3, "roto: . ends in none of"),
    (["curves", "text.png", "--out", "s.nk"], 3, "text.png"),
    (["convert", "none.nk", "s.json"], 3, "none.nk"),
    (["convert", "text.nk", "s.json"], 3, "text.nk"),
    (["convert", "text.png", "s.json"], 3, "text.png"),
    (["convert", "text.nk", "s.psd"], 3, "s.psd ends in none of"),
    (["score", "masks", "none", "masks"], 3, "none"),
    (["score", "masks", "plate/disc.1001.png", "masks"], 3, "lack frame 1002"),
    (["score", "masks", "mixed", "masks"], 3, "1005"),
    (["score", "curves", "none.nk", "masks"], 3, "none.nk"),
    (["score", "curves", "text.nk", "masks"], 3, "text.nk"),
    (["bench", "curves", "--data", "empty"], 3, "empty holds no sequences"),
    (["bench", "engine", "--data", "empty", "--engine", "disc"], 3, "empty holds no sequences"),
]


@pytest.fixture
def listing(shop: Path) -> Callable[[], set[str]]:
    return lambda: {str(path.relative_to(shop)) for path in shop.rglob("*")}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"), ROWS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_bad_input_is_one_sentence(roto, listing, arguments, code, sentence):
    before = listing()
    result = roto(*arguments)
    assert result.exit_code == code, result.output
    said = [line for line in result.stderr.splitlines() if line.startswith("roto: ")]
    assert len(said) == 1
    assert sentence in said[0]
    assert "not foreseen" not in result.stderr
    assert result.stdout == ""
    assert listing() == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is a text")
@pytest.mark.parametrize(
    "arguments",
    [
        ["track", "pl\udce2te", "--out", "out", *DISC],
        ["track", "plate", "--out", "o\udce2t", *DISC],
        ["track", "plate", "--out", "out", "--object", "h\udce2t", *DISC],
        ["segment", "pl\udce2te/disc.1001.png", "--point", "30,40"],
        ["matte", "pl\udce2te", "--masks", "masks", "--out", "out"],
        ["matte", "plate", "--masks", "masks", "--out", "out", "--object", "h\udce2t"],
        ["find", "dog", "pl\udce2te"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_name_that_is_no_text_is_said_to_be(roto, shop, arguments):
    shutil.copytree(shop / "plate", shop / "pl\udce2te")
    result = roto(*arguments, "--in-process")
    assert result.exit_code == 3, result.output
    assert "is not UTF-8. " in result.stderr
    assert not Path("out").exists()


def test_programs_get_the_error_as_an_object(roto, shop):
    told = json.loads(roto("convert", "text.nk", "s.json", "--json").stdout)
    assert set(told["error"]) == {"code", "message", "remedy"}
    assert told["error"]["code"] == "format"


def test_programs_get_an_error_that_nobody_foresaw_as_an_object_too():
    code = (
        "import sys; from roto_daemon import settings; settings.load_settings = lambda: 1 / 0;"
        "sys.argv = ['roto', 'models', 'list', '--json']; from roto_seg.main import run; run()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    told = json.loads(ran.stdout)["error"]
    assert (told["code"], "ZeroDivisionError" in told["message"]) == ("internal", True)
    assert "ROTO_TRACEBACK=1" in told["remedy"] and told["remedy"] in ran.stderr


def test_masks_that_do_not_fit_are_named_and_the_rest_is_fitted(roto, shop):
    result = roto("curves", "mixed", "--out", "s.json", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 7
    assert told["frames"] == 11
    assert len(told["faults"]) == 1
    assert "1005" in told["faults"][0]
    assert Path("s.json").is_file()


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="a folder that even root cannot write into")
@pytest.mark.parametrize(
    "arguments", [["track", "plate", *DISC], ["matte", "plate", "--masks", "masks", "--edges", "best"]]
)
def test_a_folder_that_cannot_be_written_is_told_before_the_long_work(roto, shop, tmp_path, arguments):
    result = roto(*arguments, "--in-process", "--out", "/sys/kernel")
    assert result.exit_code == 6, result.output
    assert "roto: /sys/kernel cannot be written: " in result.stderr
    assert {path.name for path in tmp_path.glob("state/sessions/*/*/")} == {"prompted"}


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="a folder that even root cannot write into")
@pytest.mark.parametrize("command", ["curves", "extend"])
def test_a_file_that_cannot_be_written_is_told_before_masks_are_fitted(roto, shop, monkeypatch, command):
    assert roto("curves", "masks", "--out", "shapes.json").exit_code == 0

    def work(*_: object) -> None:
        raise AssertionError("the long work began")

    monkeypatch.setattr("roto_geometry.fitting.ShapeFitter.add", work)
    monkeypatch.setattr("roto_geometry.edits.edited.edit_layer", work)
    arguments = ["curves", "masks"] if command == "curves" else ["edit", "extend", "shapes.json", "--masks", "masks"]
    result = roto(*arguments, "--out", "/sys/kernel/s.json")
    assert result.exit_code == 6, result.output
    assert "roto: /sys/kernel cannot be written: " in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["models", "list", "--json"]])
def test_an_answer_that_cannot_be_written_is_told_as_a_full_disk(arguments):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "roto_seg", *arguments]
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert ran.returncode == 6
    assert set(ran.stderr.splitlines()) == {
        "roto: Cannot read or write a file: No space left on device. Check the place, its rights and its free space."
    }


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="a file size limit as POSIX has it")
def test_a_full_disk_is_said_so_and_leaves_nothing(shop):
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200));"
        "sys.argv = ['roto', 'curves', 'masks', '--out', 'full/s.json']; from roto_seg.main import run; run()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 6, ran.stderr
    assert "s.json" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(Path("full").iterdir()) == []
