"""The embedded engine where its own promises go beyond the contract."""

import cv2
import numpy as np
import OpenEXR
import pytest

from roto_daemon.backends.base import Prompt
from roto_daemon.backends.embedded.geodesic import EdgeMap, obey, to_logit
from roto_daemon.backends.embedded.grid import GRID_PIXELS, Grid
from roto_daemon.backends.embedded.prompting import joined, seen_share
from roto_daemon.backends.embedded.tracking import without_overlap
from roto_daemon.benchmarks.engine import find_sequences, score_track
from roto_daemon.plates import open_plate
from roto_daemon.plates.colour.tables import srgb_to_linear
from roto_geometry.measure.mask_metrics import jaccard


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1080, 1920), (2160, 3840), (4000, 300), (480, 854), (1, 9000)])
def test_the_grid_is_small_and_keeps_every_point_inside(height, width):
    grid = Grid.for_plate(height, width)
    assert grid.shape[0] * grid.shape[1] <= GRID_PIXELS * 1.01
    assert grid.pixel((0, 0)) == (0, 0)
    assert grid.pixel((width, height)) == (grid.shape[0] - 1, grid.shape[1] - 1)
    assert grid.enlarge_mask(np.zeros(grid.shape, np.float32)).shape == (height, width)


def test_geodesic_distance_is_plain_on_flat_ground_and_jumps_over_an_edge():
    image = np.zeros((20, 60, 3), np.uint8)
    image[:, 30:] = 255
    distance = EdgeMap(image).distance((10, 10))
    assert distance[10, 24] == pytest.approx(14, abs=2)
    assert distance[10, 40] > distance[10, 24] + 50


def test_correction_obeys_contradicting_neighbours():
    image = np.zeros((40, 40, 3), np.uint8)
    logit = obey(np.full((40, 40), -2.0), EdgeMap(image), [(20, 20)], [(20, 21), (5, 5)])
    assert logit[20, 20] > 0 > logit[20, 21]
    assert logit[5, 5] < 0


def test_a_4k_plate_keeps_a_sharp_edge(embedded, make_scene):
    scene = make_scene(3840, 2160, (1700.0, 1000.0), 600.0)
    mask = embedded.embed(scene.image).segment(Prompt(box=scene.box)).mask
    assert mask.shape == (2160, 3840)
    assert jaccard(mask >= 0.5, scene.truth) > 0.97


def test_overlap_is_shared_out_by_the_stronger_claim():
    masks = [np.full((2, 2), 0.9, np.float32), np.full((2, 2), 0.8, np.float32)]
    first, second = without_overlap(masks)
    assert (first == masks[0]).all()
    assert second.max() == pytest.approx(0.1)


def test_logit_is_finite_at_the_ends():
    assert np.isfinite(to_logit(np.array([0.0, 1.0], np.float32))).all()


@pytest.mark.timeout(120)
def test_real_footage_from_its_first_box(embedded, davis):
    sequence = next(clip for clip in find_sequences(davis) if clip.name == "dog")
    short = type(sequence)(sequence.name, sequence.frames[:12], sequence.truths[:12])
    assert score_track(embedded, short, "box").j > 0.8


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("name", "is_good"), [("car-shadow", True), ("kite-surf", False)])
def test_masks_that_are_wrong_are_said_to_be_uncertain_and_good_ones_are_not(embedded, davis, name, is_good):
    sequence = next(clip for clip in find_sequences(davis) if clip.name == name)
    short = type(sequence)(sequence.name, sequence.frames[:12], sequence.truths[:12])
    score = score_track(embedded, short, "mask")
    assert (score.j > 0.8, score.uncertain == 0, score.uncertain > 0.8) == (is_good, is_good, not is_good)
    assert score.wrong_unsaid < 0.2


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["dog", "car-shadow", "libby"])
def test_a_scene_linear_exr_and_its_srgb_png_give_the_same_mask(embedded, davis, tmp_path, name):
    sequence = next(clip for clip in find_sequences(davis) if clip.name == name)
    image, truth = sequence.load(0)
    assert cv2.imwrite(str(tmp_path / "p.0001.png"), image[..., ::-1])
    light = srgb_to_linear(image / 255.0).astype(np.float16)
    planes = {channel: np.ascontiguousarray(light[..., i]) for i, channel in enumerate("RGB")}
    OpenEXR.File({"type": OpenEXR.scanlineimage}, planes).write(str(tmp_path / "e.0001.exr"))
    rows, columns = np.nonzero(truth)
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    masks = []
    for file in ("p.0001.png", "e.0001.exr"):
        with open_plate(tmp_path / file) as plate:
            masks.append(embedded.embed(plate.read(1)).segment(Prompt(box=tuple(map(float, box)))).mask >= 0.5)
    assert masks[0].any()
    assert jaccard(*masks) >= 0.99


@pytest.mark.timeout(120)
def test_an_object_that_was_hidden_comes_back_as_itself(embedded):
    rng = np.random.default_rng(1)
    ground, skin, bar = (
        cv2.GaussianBlur(rng.integers(0, 255, (240, 420, 3)).astype(np.uint8), (0, 0), 3) for _ in "abc"
    )
    rows, columns = np.mgrid[:240, :420] + 0.5

    def frame(step):
        x = 80 + 15 * step
        mask = np.hypot(columns - x, rows - 120) < 28
        shifted = np.roll(cv2.convertScaleAbs(skin, alpha=3, beta=-250), 15 * step, axis=1)
        image = np.where(mask[..., None], shifted, ground).astype(np.uint8)
        image[:, 190:260] = bar[:, :70] // 3
        mask[:, 190:260] = False
        return image, mask

    tracking = embedded.start_tracking()
    image, mask = frame(0)
    tracking.add_keyframe(0, image, {"ball": mask.astype(np.float32)})
    states = {}
    for step in range(1, 21):
        image, mask = frame(step)
        found = tracking.step(step, image)["ball"]
        states[step] = found.state
        if not mask.any():
            assert found.state == "needs_click", "while it is hidden, somebody should look"
    assert states[4] == states[20] == "tracked"
    assert jaccard(found.mask >= 0.5, mask) > 0.9


@pytest.mark.timeout(120)
def test_a_hidden_object_is_not_found_where_its_twin_is(embedded):
    rng = np.random.default_rng(1)
    ground, skin = (cv2.GaussianBlur(rng.integers(0, 255, (240, 420, 3)).astype(np.uint8), (0, 0), 3) for _ in "ab")
    skin = cv2.convertScaleAbs(skin[:60, :60], alpha=3, beta=-250)
    rows, columns = np.mgrid[:240, :420] + 0.5

    def frame(places):
        image, masks = ground.copy(), {}
        for name, (x, y) in places.items():
            masks[name] = np.hypot(columns - x, rows - y) < 28
            image[y - 30 : y + 30, x - 30 : x + 30] = np.where(
                masks[name][y - 30 : y + 30, x - 30 : x + 30, None], skin, image[y - 30 : y + 30, x - 30 : x + 30]
            )
        return image, masks

    tracking = embedded.start_tracking()
    image, masks = frame({"here": (150, 120), "gone": (260, 120)})
    tracking.add_keyframe(0, image, {name: mask.astype(np.float32) for name, mask in masks.items()})
    for step in range(1, 9):
        image, masks = frame({"here": (150, 120)})
        found = tracking.step(step, image)
        assert found["gone"].state == "needs_click"
        assert jaccard(found["here"].mask >= 0.5, masks["here"]) > 0.9


def test_looks_are_joined_without_a_step_where_one_ends_and_as_they_are_where_all_see():
    boxes, weights = [(40.0, 20.0, 120.0, 100.0), (-50.0, -50.0, 250.0, 150.0)], [0.9, 0.1]
    seen = [weight * seen_share(box, (120, 200)) for box, weight in zip(boxes, weights, strict=True)]
    near = np.where(seen[0] > 0, 0.9, 0).astype(np.float32)
    together = joined([near, np.full((120, 200), 0.2, np.float32)], seen)
    assert together[60, 80] == pytest.approx(0.9 * 0.9 + 0.1 * 0.2)
    assert together[60, 190] < 0.1
    assert max(np.abs(np.diff(together, axis=axis)).max() for axis in (0, 1)) < 0.25
