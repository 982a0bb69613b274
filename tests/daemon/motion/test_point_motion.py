"""How points of an object move between two pictures, and knots that stay where they are on it."""

import cv2
import numpy as np
import pytest

from roto_daemon.benchmarks.curves.score import every_key
from roto_daemon.motion.points import PlateMotion
from roto_geometry.fitting import fit_shapes
from roto_geometry.measure.raster import shape_outline
from roto_geometry.settings import FitSettings
from roto_shared.errors import PlateError
from roto_shared.shapes import ShapeDocument

WIDTH, HEIGHT, RADIUS = 200, 160, 50
CENTRE = np.array([100.0, 80.0])
POINTS = np.array([(70.0, 60.0), (120.0, 90.0), (100.0, 110.0)])


def texture(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    noise = np.random.default_rng(3).integers(0, 255, (height, width, 3), dtype=np.uint8)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.0 * height / HEIGHT)
    return np.asarray(cv2.normalize(smooth, smooth, 0, 255, cv2.NORM_MINMAX), np.uint8)


def moved(picture: np.ndarray, shift: tuple[float, float]) -> np.ndarray:
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64)
    size = picture.shape[1::-1]
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    """Turned clockwise on screen about ``CENTRE``, which is a point and not the middle of a pixel."""
    middle = (float(CENTRE[0]) - 0.5, float(CENTRE[1]) - 0.5)
    matrix = cv2.getRotationMatrix2D(middle, -degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC))


def between(before: np.ndarray, after: np.ndarray):
    motion = PlateMotion({1: before, 2: after}.__getitem__).between(1, 2)
    assert motion is not None
    return motion


@pytest.mark.parametrize("shift", [(0, 0), (3.25, -1.5), (12, 7)])
def test_points_are_found_again_to_a_tenth_of_a_pixel(shift):
    places, trust = between(texture(), moved(texture(), shift)).follow(POINTS, POINTS + np.round(shift))
    assert places == pytest.approx(POINTS + shift, abs=0.1)
    assert trust.min() > 0.9


def test_large_plates_are_measured_in_their_own_pixels():
    plate = texture(2000, 1600)
    places, trust = between(plate, moved(plate, (40, -24))).follow(POINTS * 10, POINTS * 10 + (36, -20))
    assert places == pytest.approx(POINTS * 10 + (40, -24), abs=1.0)
    assert trust.min() > 0.9


def test_what_is_not_there_any_more_is_not_trusted():
    places = np.stack(np.meshgrid(np.arange(20.0, 180, 12), np.arange(20.0, 140, 12)), axis=-1).reshape(-1, 2)
    _, trust = between(texture(), texture()[::-1].copy()).follow(places, places)
    assert trust.mean() < 0.25


def test_points_off_the_picture_are_not_trusted():
    far = np.array([(-400.0, 20.0), (900.0, 900.0)])
    places, trust = between(texture(), texture()).follow(far, far)
    assert (places == far).all()
    assert trust.max() < 0.5


def test_lost_points_stay_where_they_were_guessed():
    places = np.array([(1.0, 1.0), (199.0, 159.0), (100.0, 80.0)])
    found, trust = between(texture(), np.zeros_like(texture())).follow(places, places + 300)
    assert np.isfinite(found).all()
    assert trust.max() < 0.1


def test_a_frame_that_cannot_be_read_says_nothing():
    def read(frame: int) -> np.ndarray:
        if frame == 2:
            raise PlateError("Frame 2 is broken.", "Copy it again.")
        return texture()

    motion = PlateMotion(read)
    assert motion.between(1, 2) is None
    assert motion.between(2, 3) is None
    assert motion.between(3, 4) is not None


def test_every_frame_is_read_once():
    asked: list[int] = []

    def read(frame: int) -> np.ndarray:
        asked.append(frame)
        return texture()

    motion = PlateMotion(read)
    for frame in range(1, 5):
        motion.between(frame, frame + 1)
    assert asked == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seen", [True, False])
def test_knots_turn_with_a_wheel_when_its_picture_is_seen(seen):
    """The mask of a wheel is the same on every frame: only the picture says that it turns. With a key on every frame:
    sparse keys hold the edge, and a wheel's edge needs one."""
    degrees, frames = 3.0, 12
    away = np.indices((HEIGHT, WIDTH))[::-1] + 0.5 - CENTRE[:, None, None]
    wheel = np.hypot(*away) <= RADIUS
    pictures = {frame: turned(texture(), degrees * frame) for frame in range(frames)}
    motion = PlateMotion(pictures.__getitem__) if seen else None
    result = fit_shapes([(frame, wheel) for frame in pictures], every_key(FitSettings()), motion=motion)
    (shape,) = ShapeDocument(WIDTH, HEIGHT, (result.layer,)).shapes()
    first, last = (knot_angles(shape, frame) for frame in (0, frames - 1))
    turn = np.mod(last - first + 180, 360) - 180
    assert np.abs(turn - (degrees * (frames - 1) if seen else 0)).max() < 4


def knot_angles(shape, frame: int) -> np.ndarray:
    knots = shape_outline(shape, frame)[:, :2] - CENTRE
    return np.degrees(np.arctan2(knots[:, 1], knots[:, 0]))
