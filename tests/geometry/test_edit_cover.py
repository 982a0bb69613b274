"""New shapes for what the masks show and nothing covers."""

from dataclasses import replace

import numpy as np
import pytest
from edited_shapes import FRAMES, SIZE, box_masks, fitted, masks_of, rounded_box
from pictures import disc

from roto_geometry.edits.cover import add_holes, add_part, cover_differences
from roto_geometry.edits.targets import Masks, distance_to
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError
from roto_shared.shapes import Blend, ShapeDocument

BOX = fitted(box_masks())


def with_arm(frame: int) -> np.ndarray:
    x, y = 26 + 4 * frame - 0.09 * frame**2, 12
    return np.maximum(rounded_box(frame), disc(SIZE, (x, y + 3), 11))


def agreement(document: ShapeDocument, frame: int) -> float:
    return jaccard(rasterise(document, frame) >= 0.5, with_arm(frame) >= 0.5)


def test_what_the_masks_show_beyond_the_shapes_becomes_a_layer_on_top_and_the_rest_is_the_same():
    masks = masks_of({f: with_arm(f) for f in FRAMES})
    done = add_part(BOX, masks, "arm")
    assert [child.name for child in done.document.children] == ["arm", "object"]
    assert done.document.children[1] is BOX.children[0]
    assert min(agreement(done.document, f) for f in FRAMES) > 0.95
    assert {shape.blend for shape in done.document.shapes()} == {Blend.ADD}
    assert "arm: 1 new shape." in done.notes


def test_a_part_reaches_a_few_pixels_under_what_is_drawn_and_no_further():
    arm = replace(BOX, children=add_part(BOX, masks_of({f: with_arm(f) for f in FRAMES}), "arm").document.children[:1])
    for frame in FRAMES:
        box = rasterise(BOX, frame) >= 0.5
        depth = distance_to(~box)[(rasterise(arm, frame) >= 0.5) & box].max()
        assert 2 < depth < 8


@pytest.mark.parametrize(("thick", "is_part"), [(1, False), (4, True)])
def test_what_is_thicker_than_an_edge_errs_is_a_part_though_it_runs_along_the_edge(thick: int, is_part: bool):
    def with_strip(frame: int) -> np.ndarray:
        picture = rounded_box(frame)
        return np.maximum(picture, np.roll(picture, thick, axis=0))

    done = add_part(BOX, masks_of({f: with_strip(f) for f in FRAMES}), "strip").document
    assert [child.name for child in done.children[:-1]] == ["strip"] * is_part


def with_window(frame: int, island: float = 0.0) -> np.ndarray:
    """The box with a hole, and something in its midst."""
    middle = (26 + 4 * frame - 0.09 * frame**2, 36)
    hole = np.clip(rounded_box(frame) - disc(SIZE, middle, 10), 0, 1)
    return np.maximum(hole, disc(SIZE, middle, island)) if island else hole


@pytest.mark.parametrize("island", [0.0, 4.0])
def test_what_is_drawn_beyond_the_masks_is_cut_out_and_what_lies_in_the_hole_is_not(island: float):
    masks = masks_of({f: with_window(f, island) for f in FRAMES})
    done = add_holes(BOX, masks, "holes", FitSettings()).document
    assert [child.name for child in done.children] == ["holes", "object"]
    assert done.children[1] is BOX.children[0]
    for frame in FRAMES:
        assert jaccard(rasterise(done, frame) >= 0.5, masks.read(frame) >= 0.5) > 0.93


def test_differences_are_holes_and_shapes_and_only_these_are_told():
    both = masks_of({f: np.maximum(with_window(f), disc(SIZE, (26 + 4 * f - 0.09 * f**2, 10), 9)) for f in FRAMES})
    done = cover_differences(BOX, both, FitSettings())
    assert [child.name for child in done.document.children] == ["new", "new holes", "object"]
    assert done.notes == ("new holes: 1 new hole.", "new: 1 new shape.")
    cut = cover_differences(BOX, masks_of({f: with_window(f) for f in FRAMES}), FitSettings())
    assert [child.name for child in cut.document.children] == ["new holes", "object"]
    assert cut.notes == ("new holes: 1 new hole.",)
    same = cover_differences(BOX, box_masks(), FitSettings())
    assert same.document is BOX
    assert same.notes == ()


def test_edges_that_err_a_little_are_no_parts():
    done = add_part(BOX, box_masks(), "arm")
    assert done.document is BOX
    assert "nothing" in done.notes[0]


def test_a_thin_cable_out_in_the_open_is_no_edge_that_errs():
    def with_cable(frame):
        picture = rounded_box(frame).copy()
        picture[4:6, 5:90] = 1
        return picture

    masks = masks_of({f: with_cable(f) for f in FRAMES})
    done = add_part(BOX, masks, "cable").document
    assert [child.name for child in done.children] == ["cable", "object"]
    for frame in FRAMES:
        assert jaccard(rasterise(done, frame) >= 0.5, with_cable(frame) >= 0.5) > 0.95


def test_masks_of_the_part_itself_are_fitted_whole():
    masks = masks_of({f: disc(SIZE, (40, 36), 8) for f in FRAMES})
    layer = add_part(BOX, masks, "badge", whole=True).document.children[0]
    (shape,) = layer.children
    centre = np.mean([(k.x, k.y) for k in shape.keys[0].knots], axis=0)
    assert centre == pytest.approx([40, 36], abs=1)


def test_what_covers_next_to_nothing_of_the_masks_is_no_part():
    masks = masks_of({f: np.maximum(rounded_box(f), disc(SIZE, (90, 8), 3) * float(f == 3)) for f in FRAMES})
    assert add_part(BOX, masks, "speck", FitSettings(shape_price=0.2)).document is BOX
    assert add_part(BOX, masks, "speck", FitSettings(shape_price=0.005)).notes == ("speck: 1 new shape.",)


def test_what_shows_twice_is_worth_what_it_covers_then_and_nothing_in_between():
    masks = masks_of({f: np.maximum(rounded_box(f), disc(SIZE, (90, 8), 3) * float(f in (3, 18))) for f in FRAMES})
    assert add_part(BOX, masks, "speck", FitSettings(shape_price=0.2)).document is BOX
    done = add_part(BOX, masks, "speck", FitSettings(shape_price=0.03))
    assert done.notes == ("speck: 1 new shape.",)
    assert not rasterise(done.document, 10)[:16, 80:].any()


def test_several_new_shapes_are_told():
    eyes = masks_of({3: np.maximum(disc(SIZE, (30, 36), 9), disc(SIZE, (60, 36), 9))})
    assert add_part(BOX, eyes, "eyes", whole=True).notes == ("eyes: 2 new shapes.",)


def test_a_name_that_is_taken_gets_a_number():
    masks = masks_of({f: disc(SIZE, (40, 36), 8) for f in (1, 2)})
    assert add_part(BOX, masks, "object", whole=True).document.children[0].name == "object 2"


def test_a_ring_around_what_is_drawn_cuts_no_hole_into_it():
    inner = fitted(masks_of({f: disc(SIZE, (48, 36), 14) for f in (1, 2, 3)}))
    masks = masks_of({f: disc(SIZE, (48, 36), 28) for f in (1, 2, 3)})
    done = add_part(inner, masks, "ring").document
    assert jaccard(rasterise(done, 2) >= 0.5, masks.read(2) >= 0.5) > 0.97


def test_masks_of_another_size_or_none_are_refused():
    with pytest.raises(InputError, match="10×10"):
        add_part(BOX, masks_of({1: np.zeros((10, 10))}), "arm")
    with pytest.raises(InputError, match="no masks"):
        add_part(BOX, Masks([], lambda _: np.zeros((10, 10))), "arm")


def test_the_documents_range_grows_to_hold_the_part():
    short = replace(BOX, first_frame=2, last_frame=3)
    masks = masks_of({f: disc(SIZE, (40, 36), 8) for f in (-1, 5)})
    done = add_part(short, masks, "late", whole=True).document
    assert (done.first_frame, done.last_frame) == (-1, 5)
