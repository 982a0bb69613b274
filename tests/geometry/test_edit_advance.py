"""Shapes taken further over masks that nobody has fitted yet."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from roto_geometry.arclength import Contour
from roto_geometry.edits.advance import Pose, advance
from roto_geometry.edits.sites import sites
from roto_geometry.edits.targets import Masks, rasterise_opaque
from roto_geometry.settings import FitSettings
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey

SIZE = (160, 96)
FIRST = 1

Place = tuple[float, float]


def box(name: str, centre: Place, width: float, height: float, **looks: Any) -> KeyedShape:
    """A box with straight sides, clockwise on screen, and a knot about every ten pixels."""
    x, y, right, down = *centre, width / 2, height / 2
    corners = ((x - right, y - down), (x + right, y - down), (x + right, y + down), (x - right, y + down))
    knots = []
    for corner, following in pairwise((*corners, corners[0])):
        count = max(1, round(float(np.hypot(*np.subtract(following, corner))) / 10))
        knots += [Knot(*point) for point in np.linspace(corner, following, count, endpoint=False).tolist()]
    return KeyedShape(name, (ShapeKey(float(FIRST), tuple(knots)),), **looks)


def drawn(*shapes: KeyedShape) -> ShapeDocument:
    return ShapeDocument(*SIZE, children=(Layer("object", shapes),))


def advanced(
    before: ShapeDocument, frames: Mapping[int, ShapeDocument], steps: Sequence[Place] = ()
) -> dict[int, dict[str, Contour]]:
    """Contours by frame and name, of shapes that moved by ``steps`` px when they were seen last, or stood still."""
    masks = Masks(sorted(frames), lambda frame: rasterise_opaque(frames[frame], FIRST))
    poses = {}
    for index, site in enumerate(sites(before)):
        step = np.eye(2, 3)
        step[:, 2] = steps[index] if steps else (0.0, 0.0)
        poses[site.path] = Pose(site, site.outline(FIRST), step, FIRST)
    names = {site.path: site.shape.name for site in sites(before)}
    found = advance(before, poses, masks, sorted(frames), FitSettings())
    return {frame: {names[path]: contour for path, contour in each.items()} for frame, each in found}


def bounds(contour: Contour) -> list[float]:
    """Left, top, right and bottom, px."""
    return [*contour.points.min(axis=0), *contour.points.max(axis=0)]


def test_a_shape_that_moves_farther_than_its_size_goes_on_as_it_moved_last():
    was = drawn(box("ball", (20, 40), 12, 12))
    frames = {1 + n: drawn(box("ball", (20 + 24 * n, 40), 12, 12)) for n in range(1, 6)}
    found = advanced(was, frames, [(24.0, 0.0)])
    assert [list(each) for each in found.values()] == [["ball"]] * 5
    assert bounds(found[6]["ball"]) == pytest.approx([134, 34, 146, 46], abs=0.8)


@pytest.mark.parametrize("frames", [(3, 4, 6, 7), (4, 7), (2, 4, 5, 7)])
def test_a_fast_shape_is_followed_over_frames_that_nothing_is_known_of(frames: Sequence[int]):
    was = drawn(box("ball", (20, 40), 12, 12))
    found = advanced(was, {at: drawn(box("ball", (20 * at, 40), 12, 12)) for at in frames}, [(20.0, 0.0)])
    assert {at: list(each) for at, each in found.items()} == {at: ["ball"] for at in frames}
    assert bounds(found[7]["ball"]) == pytest.approx([134, 34, 146, 46], abs=0.8)


def test_a_shape_that_grew_is_found_after_a_thousand_frames_that_nothing_is_known_of():
    was = drawn(box("ball", (80, 48), 12, 12))
    grew = np.array([[1.05, 0, -0.05 * 80], [0, 1.05, -0.05 * 48]])
    poses = {site.path: Pose(site, site.outline(FIRST), grew, FIRST) for site in sites(was)}
    masks = Masks([1001], lambda _frame: rasterise_opaque(drawn(box("ball", (80, 48), 20, 20)), FIRST))
    ((_, found),) = advance(was, poses, masks, [1001], FitSettings())
    assert [bounds(contour) for contour in found.values()] == [pytest.approx([70, 38, 90, 58], abs=0.8)]


def test_a_shape_that_moves_faster_and_faster_is_followed():
    was = drawn(box("ball", (12, 40), 14, 14))
    frames = {1 + n: drawn(box("ball", (12 + 2 * n * (n + 1), 40), 14, 14)) for n in range(1, 8)}
    found = advanced(was, frames)
    assert bounds(found[8]["ball"]) == pytest.approx([117, 33, 131, 47], abs=0.8)


@pytest.mark.parametrize("is_above", [False, True], ids=["below another", "above another"])
def test_an_edge_that_is_not_seen_moves_along_with_what_is_seen(is_above: bool):
    def scene(left: float) -> ShapeDocument:
        wall, mover = box("wall", (80, 66), 160, 60), box("mover", (left + 15, 40), 30, 40)
        return drawn(mover, wall) if is_above else drawn(wall, mover)

    found = advanced(scene(45), {1 + n: scene(45 + 3 * n) for n in range(1, 6)})
    mover = found[6]["mover"].points
    unseen = mover[mover[:, 1] > 50, 0]
    assert [unseen.min(), unseen.max()] == pytest.approx([60, 90], abs=1.5)


def test_the_pictures_border_is_no_edge_of_what_leaves_it():
    def scene(left: float) -> ShapeDocument:
        return drawn(box("wall", (80, 66), 160, 60), box("mover", (left + 25, 40), 50, 40))

    found = advanced(scene(120), {1 + n: scene(120 + 3 * n) for n in range(1, 6)}, [(0.0, 0.0), (3.0, 0.0)])
    mover = found[6]["mover"].points
    assert mover[mover[:, 1] > 50, 0].min() == pytest.approx(135, abs=1.0)


def test_a_shape_of_which_next_to_nothing_is_seen_goes_on_as_it_did():
    front = box("front", (60, 48), 100, 60)
    frames = {1 + n: drawn(front, box("behind", (66 + n, 48), 90, 8)) for n in range(1, 4)}
    found = advanced(drawn(front, box("behind", (66, 48), 90, 8)), frames, [(0.0, 0.0), (1.0, 0.0)])
    assert bounds(found[4]["behind"]) == pytest.approx([24, 44, 114, 52], abs=0.5)


def test_a_shape_is_gone_where_the_masks_show_nothing_of_it_and_does_not_come_back():
    was = drawn(box("ball", (20, 40), 12, 12))
    there = drawn(box("ball", (20, 40), 12, 12))
    found = advanced(was, {2: there, 3: drawn(box("ball", (120, 40), 12, 12)), 4: there})
    assert [list(each) for each in found.values()] == [["ball"], [], []]


def test_of_two_pieces_a_shape_follows_the_one_that_it_lies_on_most():
    was = drawn(box("ball", (40, 40), 16, 16))
    frames = {1 + n: drawn(box("ball", (40 + n, 40), 16, 16), box("wall", (62, 40), 16, 80)) for n in range(1, 3)}
    found = advanced(was, frames)
    assert bounds(found[3]["ball"]) == pytest.approx([34, 32, 50, 48], abs=0.8)


def test_shapes_side_by_side_share_the_matter_between_them():
    was = drawn(box("left", (40, 40), 20, 20), box("right", (68, 40), 20, 20))
    found = advanced(was, {2: drawn(box("both", (54, 40), 48, 20))})[2]
    assert bounds(found["left"]) == pytest.approx([30, 30, 54, 50], abs=1.0)
    assert bounds(found["right"]) == pytest.approx([54, 30, 78, 50], abs=1.0)


def test_what_comes_to_stick_out_of_a_shape_does_not_move_what_is_hidden_of_it():
    front, behind = box("front", (80, 66), 160, 60), box("behind", (60, 40), 30, 40)
    frames = {1 + n: drawn(front, behind, box("arm", (79, 28), 10, 4)) for n in range(1, 4)}
    found = advanced(drawn(front, behind), frames)[4]["behind"].points
    hidden = found[found[:, 1] > 50]
    assert [hidden[:, 0].min(), hidden[:, 0].max()] == pytest.approx([45, 75], abs=0.6)


def test_nothing_is_followed_without_frames():
    assert np.size(list(advanced(drawn(box("ball", (20, 40), 12, 12)), {}))) == 0
