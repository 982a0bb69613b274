"""Files that OpenImageIO's tool, FFmpeg and Blender made, and ours as these read them."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from roto_daemon.outputs.cryptomatte import cryptomatte_attributes, object_id
from roto_daemon.outputs.exr import write_exr
from roto_daemon.outputs.prores import write_prores
from roto_daemon.plates import open_masks, open_plate
from roto_daemon.plates.header import Header, Windows

WIDTH, HEIGHT = 64, 48


def run(*command: object) -> bytes:
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, (done.stderr or done.stdout)[-800:].decode(errors="replace")
    return done.stdout


def srgb_of(light: np.ndarray) -> np.ndarray:
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055)
    return curve * 255


def ramp() -> np.ndarray:
    """What oiiotool's pattern from 0 on the left to 1 on the right is, at pixel centres, within its rounding."""
    return np.linspace(0, 1, WIDTH)


OIIO = pytest.mark.needs("oiiotool")
FFMPEG = pytest.mark.needs("ffmpeg")
BLENDER = pytest.mark.needs("blender")


@OIIO
@pytest.mark.parametrize("compression", ["none", "rle", "zip", "zips", "piz", "pxr24", "b44", "b44a", "dwaa", "dwab"])
@pytest.mark.parametrize("depth", ["half", "float"])
def test_every_exr_of_oiiotool_is_read(tmp_path: Path, compression: str, depth: str) -> None:
    pattern = "fill:left=0,0.2,1:right=1,0.2,0"
    path = tmp_path / "p.1001.exr"
    run("oiiotool", "--pattern", pattern, f"{WIDTH}x{HEIGHT}", 3, "-d", depth, "--compression", compression, "-o", path)
    shown = open_plate(path).read(1001).astype(float)
    slack = 9 if compression.startswith(("b44", "dwa")) else 2
    for channel, light in enumerate((ramp(), np.full(WIDTH, 0.2), ramp()[::-1])):
        assert np.abs(shown[20, 4:-4, channel] - srgb_of(light)[4:-4]).max() <= slack


@OIIO
def test_tiles_windows_and_parts_of_oiiotool_are_read(tmp_path: Path) -> None:
    fill = ["--pattern", "constant:color=0.5,0.25,0.125", f"{WIDTH}x{HEIGHT}", 3, "-d", "half"]
    window = ["--origin", "+8+6", "--fullsize", "100x80+0+0"]
    run("oiiotool", *fill, *window, "--tile", 32, 32, "-o", tmp_path / "w.1001.exr")
    plate = open_plate(tmp_path / "w.1001.exr")
    assert (plate.width, plate.height) == (100, 80)
    assert np.abs(plate.read(1001)[30, 30] - srgb_of(np.array([0.5, 0.25, 0.125]))).max() <= 1
    assert not plate.read(1001)[2, 2].any()
    names = [["--attrib", "oiio:subimagename", name] for name in ("depth", "beauty")]
    depth = ["--pattern", "constant:color=9", f"{WIDTH}x{HEIGHT}", 1, "--chnames", "Z", "-d", "half", *names[0]]
    run("oiiotool", *depth, *fill, *names[1], "--siappend", "-o", tmp_path / "m.1001.exr")
    parts = open_plate(tmp_path / "m.1001.exr")
    assert parts.layers(1001) == ["depth", "beauty"]
    assert np.abs(parts.read(1001)[30, 30] - srgb_of(np.array([0.5, 0.25, 0.125]))).max() <= 1


@OIIO
@pytest.mark.parametrize(
    ("ending", "depth"), [("png", "uint16"), ("tif", "uint16"), ("tif", "uint8"), ("jpg", "uint8")]
)
def test_display_referred_files_of_oiiotool_keep_their_numbers(tmp_path: Path, ending: str, depth: str) -> None:
    path = tmp_path / f"p.0001.{ending}"
    run("oiiotool", "--pattern", "fill:left=0,0,0:right=1,1,1", f"{WIDTH}x{HEIGHT}", 3, "-d", depth, "-o", path)
    assert np.abs(open_plate(path).read(1)[20, :, 0] - ramp() * 255).max() <= (3 if ending == "jpg" else 1)


@OIIO
@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_dpx_of_oiiotool_is_read_at_every_depth(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "p.0001.dpx"
    video = ["--attrib", "dpx:Transfer", "ITU-R 709-4", "--attrib", "oiio:BitsPerSample", bits]
    depth = "uint8" if bits == 8 else "uint16"
    pattern = ["--pattern", "fill:left=0,0,0:right=1,1,1", f"{WIDTH}x{HEIGHT}", 3]
    run("oiiotool", *pattern, "-d", depth, *video, "-o", path)
    assert np.abs(open_plate(path).read(1)[20, :, 0] - ramp() * 255).max() <= 1


@OIIO
def test_oiiotool_reads_our_layers_windows_and_time_code(tmp_path: Path) -> None:
    planes = {"hero.A": np.full((HEIGHT, WIDTH), 0.5, np.float16), "tree.A": np.zeros((HEIGHT, WIDTH), np.float16)}
    windows = Windows((4, 2, 50, 40), (0, 0, WIDTH - 1, HEIGHT - 1))
    write_exr(tmp_path / "m.exr", planes, Header("01:02:03:04", windows=windows), pixel_aspect=2.0)
    told = run("oiiotool", "--info", "-v", "--stats", tmp_path / "m.exr").decode()
    assert "47 x   39, 2 channel, half openexr" in told
    assert "channel list: hero.A, tree.A" in told
    assert "full/display size: 64 x 48" in told
    assert "01:02:03:04" in told
    assert "Stats Avg: 0.500000 0.000000" in told


@FFMPEG
@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("p.mp4", ("libx264", "-bf", 3, "-g", 12)),
        ("p.mov", ("prores_ks",)),
        ("p.mkv", ("ffv1",)),
        ("p.mxf", ("mpeg2video", "-q:v", 2)),
        ("dnx.mxf", ("dnxhd", "-profile:v", "dnxhr_hq", "-pix_fmt", "yuv422p")),
        ("p.avi", ("mpeg4", "-q:v", 2)),
    ],
)
@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001"])
def test_every_frame_of_ffmpeg_s_films_is_the_one_of_that_number(tmp_path: Path, name: str, codec, rate: str) -> None:
    source = ["-f", "lavfi", "-i", f"testsrc2=size=256x128:rate={rate}"]
    frames = ["-frames:v", 30]
    run("ffmpeg", "-v", "error", *source, *frames, "-c:v", *codec, "-y", tmp_path / name)
    run("ffmpeg", "-v", "error", *source, *frames, "-start_number", 1, tmp_path / "true.%04d.png")
    film, truth = open_plate(tmp_path / name), open_plate(tmp_path / "true.####.png")
    assert film.frames == truth.frames
    assert film.fps == pytest.approx(float(Fraction(rate)), abs=1e-3)
    for frame in (1, 2, 13, 29, 30, 12):
        errors = [np.abs(film.read(frame).astype(int) - truth.read(other)).mean() for other in truth.frames]
        assert int(np.argmin(errors)) + 1 == frame


@FFMPEG
@pytest.mark.parametrize(("ending", "more"), [("exr", ("-pix_fmt", "gbrpf32le")), ("dpx", ()), ("tiff", ())])
def test_ffmpeg_s_stills_are_read(tmp_path: Path, ending: str, more) -> None:
    source = ["-f", "lavfi", "-i", "color=c=0x804020:size=64x48:rate=24", "-frames:v", 2, "-start_number", 7]
    run("ffmpeg", "-v", "error", *source, *more, tmp_path / f"p.%04d.{ending}")
    plate = open_plate(tmp_path / f"p.####.{ending}")
    assert plate.frames == (7, 8)
    assert (plate.width, plate.height) == (64, 48)
    red, green, blue = plate.read(8)[20, 20].tolist()
    assert red > green > blue


@FFMPEG
def test_ffmpeg_s_time_code_is_counted_on(tmp_path: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=30000/1001", "-frames:v", 5]
    run("ffmpeg", "-v", "error", *source, "-c:v", "prores_ks", "-timecode", "00:00:59;28", tmp_path / "p.mov")
    plate = open_plate(tmp_path / "p.mov")
    assert [plate.header(frame).timecode for frame in (1, 3)] == ["00:00:59;28", "00:01:00;02"]


@FFMPEG
def test_ffmpeg_reads_the_alpha_and_time_code_of_our_prores(tmp_path: Path) -> None:
    matte = np.tile(np.linspace(0, 1, WIDTH, dtype=np.float32), (HEIGHT, 1))
    picture = (np.full((HEIGHT, WIDTH, 3), 90, np.uint8), matte)
    list(write_prores(tmp_path / "m.mov", iter([picture] * 3), 24.0, timecode="01:00:00:00"))
    raw = run(
        "ffmpeg", "-v", "error", "-i", tmp_path / "m.mov", "-frames:v", 1, "-pix_fmt", "rgba64le", "-f", "rawvideo", "-"
    )
    alpha = np.frombuffer(raw, "<u2").reshape(HEIGHT, WIDTH, 4)[..., 3] / 65535
    assert np.abs(alpha - matte).max() < 1 / 512
    assert b"01:00:00:00" in run("ffprobe", "-v", "error", "-show_entries", "stream_tags=timecode", tmp_path / "m.mov")


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blender")
    scene = Path(__file__).parent / "blender_scene.py"
    run("blender", "--background", "--factory-startup", "--python-exit-code", 1, "--python", scene, "--", folder)
    return folder


@BLENDER
def test_blender_s_layers_are_read(render: Path) -> None:
    plate = open_plate(render)
    assert plate.frames == (1001, 1002)
    assert np.abs(plate.read(1001)[2, 2] - srgb_of(np.array([0.5, 0.25, 0.125]))).max() <= 1
    layers = plate.layers(1001)
    assert any(name.endswith("Combined") for name in layers)
    assert any(name.endswith("Depth") for name in layers)
    combined = next(name for name in layers if name.endswith("Combined"))
    chosen = open_plate(render, layer=combined)
    assert np.array_equal(chosen.read(1002), plate.read(1002))


@BLENDER
def test_blender_names_objects_by_the_same_cryptomatte_ids(render: Path) -> None:
    with OpenEXR.File(str(render / "render.1001.exr"), separate_channels=True) as file:
        told = {str(key): value for part in file.parts for key, value in part.header.items()}
        planes = {name: np.array(c.pixels) for part in file.parts for name, c in part.channels.items()}
    manifest = json.loads(next(value for key, value in told.items() if key.endswith("/manifest")))
    assert manifest["hero"] == f"{object_id('hero'):08x}"
    ours = cryptomatte_attributes(["hero"])
    assert {key.rsplit("/", 1)[1] for key in ours} <= {
        k.rsplit("/", 1)[1] for k in told if k.startswith("cryptomatte/")
    }
    identity = next(plane for name, plane in planes.items() if name.lower().endswith("cryptoobject00.r"))
    wanted = np.array([object_id("hero")], np.uint32).view(np.float32)[0]
    assert (identity[10:14, 14:18] == wanted).all()


@BLENDER
def test_a_render_s_alpha_is_a_mask(render: Path) -> None:
    with open_masks(render) as masks:
        assert masks.read(1001).shape == (24, 32)
