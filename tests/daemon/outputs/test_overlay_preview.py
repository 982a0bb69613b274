"""What a person sees: colours where objects are, knots where knots are, and a film that any player shows."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from roto_daemon.outputs import draw_frame, write_preview
from roto_daemon.outputs.overlay import NEEDS_CLICK, UNCERTAIN
from roto_daemon.pipelines.export import tags_of
from roto_daemon.plates import open_masks, open_plate
from roto_daemon.sessions.masks import MaskRecord, Sweep
from roto_geometry.fitting import ShapeFitter
from roto_shared.errors import InputError, PlateError, StorageError
from roto_shared.shapes import Blend, KeyedShape, Knot, Layer, Lifetime, ShapeDocument, ShapeKey

GREY = 120
HEIGHT, WIDTH = 120, 161


def square(name: str, x: float, y: float, side: float, keys: tuple[float, ...] = (1.0, 9.0), **more) -> KeyedShape:
    """A square that moves 8 px to the right from its first key to its last."""
    shift = {frame: 8.0 * index / max(len(keys) - 1, 1) for index, frame in enumerate(keys)}
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))
    made = tuple(ShapeKey(frame, tuple(Knot(cx + shift[frame], cy) for cx, cy in corners)) for frame in keys)
    return KeyedShape(name, made, **more)


def document(*children: Layer | KeyedShape, **more) -> ShapeDocument:
    return ShapeDocument(WIDTH, HEIGHT, children, 1, 9, **more)


def plate_picture(_frame: int = 1) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)


def is_tinted(pixel: np.ndarray) -> bool:
    return len(set(pixel.tolist())) > 1


def test_the_plate_itself_is_not_drawn_on() -> None:
    image = plate_picture()
    draw_frame(image, document(square("a", 60, 50, 30)), 1)
    assert (image == GREY).all()


def test_an_object_is_tinted_inside_and_nothing_is_outside() -> None:
    drawn = draw_frame(plate_picture(), document(square("a", 60, 50, 30)), 1)
    assert is_tinted(drawn[65, 75])
    assert (drawn[100, 20:] == GREY).all()


def test_the_drawing_follows_the_keys() -> None:
    shapes = document(square("a", 60, 50, 30))
    assert is_tinted(draw_frame(plate_picture(), shapes, 9)[65, 95])
    assert not is_tinted(draw_frame(plate_picture(), shapes, 1)[65, 95])


def test_a_hole_is_not_tinted() -> None:
    layer = Layer("a", (square("hole", 70, 60, 10, blend=Blend.SUBTRACT), square("body", 60, 50, 30)))
    drawn = draw_frame(plate_picture(), document(layer), 1)
    assert not is_tinted(drawn[65, 75])
    assert is_tinted(drawn[75, 65])


def test_a_shape_outside_its_lifetime_is_not_drawn() -> None:
    shapes = document(square("a", 60, 50, 30, lifetime=Lifetime(4, 6)))
    assert (draw_frame(plate_picture(), shapes, 3)[45:, 20:] == GREY).all()
    assert is_tinted(draw_frame(plate_picture(), shapes, 5)[65, 79])


def test_objects_have_different_colours_and_keep_their_own() -> None:
    red = square("red", 110, 50, 30, colour=(1.0, 0.0, 0.0))
    drawn = draw_frame(plate_picture(), document(square("a", 20, 50, 30), square("b", 60, 50, 30), red), 1)
    first, second, third = drawn[65, 35], drawn[65, 75], drawn[65, 125]
    assert first.tolist() != second.tolist()
    assert third[0] > GREY > third[1] == third[2]


def test_knots_are_white_on_a_key_and_small_between() -> None:
    shapes = document(square("a", 60, 50, 30))
    on_key, between = draw_frame(plate_picture(), shapes, 1), draw_frame(plate_picture(), shapes, 5)
    assert on_key[50, 60].min() > 200
    assert between[50, 64].min() < 200


def test_the_outline_lies_on_the_edge_to_the_half_pixel() -> None:
    shape = square("a", 60.5, 50.5, 30, colour=(1.0, 0.0, 0.0))
    row = draw_frame(plate_picture(), document(shape), 1)[65].astype(int)
    redness = row[:, 0] - row[:, 1]
    assert redness[40:75].argmax() + 40 == 60  # pixel 60's centre is at 60.5


def test_the_corner_tells_key_frames_and_what_needs_a_click() -> None:
    shapes = document(square("a", 60, 50, 30))
    plain, key = draw_frame(plate_picture(), shapes, 5), draw_frame(plate_picture(), shapes, 1)
    asking = draw_frame(plate_picture(), shapes, 5, [NEEDS_CLICK])
    widths = [int((image[4].max(axis=-1) < GREY).sum()) for image in (plain, key, asking)]
    assert widths[0] < widths[1] < widths[2]


def test_a_film_has_every_frame_the_rate_and_the_aspect(tmp_path: Path) -> None:
    shapes = document(square("a", 60, 50, 30), fps=24000 / 1001, pixel_aspect=2.0)
    list(write_preview(tmp_path / "p.mp4", shapes, plate_picture, range(1, 10), {3: NEEDS_CLICK}))
    plate = open_plate(tmp_path / "p.mp4")
    assert len(plate.frames) == 9
    assert plate.fps == pytest.approx(24000 / 1001)
    assert plate.pixel_aspect == 2.0
    assert (plate.width, plate.height) == (WIDTH + 1, HEIGHT)
    with av.open(str(tmp_path / "p.mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        corners = [frame.to_ndarray(format="gray")[4] for frame in film.decode(stream)]
    dark = [int((row < GREY - 40).sum()) for row in corners]
    assert dark[2] == max(dark) > 1.5 * max(dark[:2] + dark[3:])


def test_a_frame_on_which_one_object_is_lost_says_so_though_another_is_only_uncertain() -> None:
    told = [
        (1, "a", "tracked"),
        (2, "a", "uncertain"),
        (3, "a", "uncertain"),
        (3, "b", "needs_click"),
        (4, "b", "prompted"),
    ]
    records = [MaskRecord(Sweep.FINAL, name, frame, 0.5, state, "") for frame, name, state in told]
    assert tags_of(records) == tags_of(records[::-1]) == {2: UNCERTAIN, 3: NEEDS_CLICK}


def test_the_film_s_colours_are_the_plate_s(tmp_path: Path) -> None:
    colour = (200, 60, 30)
    list(
        write_preview(
            tmp_path / "p.mp4",
            document(square("a", 60, 50, 30)),
            lambda _frame: np.full((HEIGHT, WIDTH, 3), colour, np.uint8),
            range(1, 4),
        )
    )
    assert open_plate(tmp_path / "p.mp4").read(2)[110, 150].tolist() == pytest.approx(colour, abs=4)


def test_a_large_plate_is_shrunk_and_a_small_one_is_left(tmp_path: Path) -> None:
    wide = ShapeDocument(4096, 2160)
    list(write_preview(tmp_path / "p.mp4", wide, lambda _frame: np.zeros((2160, 4096, 3), np.uint8), [1]))
    plate = open_plate(tmp_path / "p.mp4")
    assert (plate.width, plate.height) == (1920, 1012)


def test_a_frame_that_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    def read(frame: int) -> np.ndarray:
        if frame == 2:
            raise PlateError("Frame 2 is damaged.")
        return plate_picture()

    list(write_preview(tmp_path / "p.mp4", document(square("a", 60, 50, 30)), read, [1, 2, 3]))
    plate = open_plate(tmp_path / "p.mp4")
    assert plate.read(2)[100, 20].max() < 10
    assert plate.read(3)[100, 20].max() == pytest.approx(GREY, abs=4)


def test_a_film_of_no_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no frame for .*p\.mp4"):
        list(write_preview(tmp_path / "p.mp4", document(), plate_picture, []))


def test_a_film_that_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    film = write_preview(tmp_path / "p.mp4", document(), plate_picture, range(1, 10))
    assert [next(film), next(film), next(film)] == [1, 2, 3]
    film.close()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StorageError, match=r"p\.mp4 cannot be written"):
        list(write_preview(tmp_path / "out" / "p.mp4", document(), plate_picture, [1]))


def test_a_disk_that_takes_no_more_is_told_and_leaves_nothing(tmp_path: Path, hardly_any_disk) -> None:
    with hardly_any_disk(), pytest.raises(StorageError, match=r"p\.mp4 cannot be written"):
        list(write_preview(tmp_path / "p.mp4", document(), plate_picture, range(1, 10)))
    assert list(tmp_path.iterdir()) == []


def test_real_curves_over_a_real_plate_stay_on_the_object(davis: Path, tmp_path: Path) -> None:
    frames = range(5)
    with open_plate(davis / "dog" / "frames") as plate, open_masks(davis / "dog" / "gt") as truth:
        fitter = ShapeFitter("dog")
        for frame in frames:
            fitter.add(frame, truth.read(frame))
        shapes = ShapeDocument(plate.width, plate.height, (fitter.fit().layer,), 0, 4)
        list(write_preview(tmp_path / "dog.mp4", shapes, plate.read, frames))
        changed = np.abs(draw_frame(plate.read(2), shapes, 2).astype(int) - plate.read(2)).max(axis=-1) > 8
        changed[:40, :200] = False  # the corner's line of text
        mask = truth.read(2) > 0.5
    assert changed[mask].mean() > 0.5
    assert (changed & ~_grown(mask, 8)).sum() == 0
    assert len(open_plate(tmp_path / "dog.mp4").frames) == 5


def _grown(mask: np.ndarray, by_px: int) -> np.ndarray:
    return cv2.dilate(mask.astype(np.uint8), np.ones((2 * by_px + 1,) * 2, np.uint8)) > 0
