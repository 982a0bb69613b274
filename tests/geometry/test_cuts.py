"""Objects in one document that take away from one another."""

from edited_shapes import FRAMES, SIZE, fitted, masks_of
from pictures import disc

from roto_geometry.edits.targets import Masks
from roto_geometry.measure.cuts import cut_objects
from roto_shared.shapes import Layer, ShapeDocument

RING = masks_of({f: (disc(SIZE, (40, 36), 30) - disc(SIZE, (40, 36), 14)).clip(0, 1) for f in FRAMES})
PASSING = masks_of({f: disc(SIZE, (6 * f - 40, 36), 9) for f in FRAMES})


def layer(name: str, masks: Masks) -> Layer:
    return Layer(name, fitted(masks, track=False).children[0].children)


def document(*layers: Layer) -> ShapeDocument:
    return ShapeDocument(*SIZE, layers, FRAMES[0], FRAMES[-1])


def test_what_passes_below_another_object_s_hole_is_told() -> None:
    (told,) = cut_objects(document(layer("ring", RING), layer("ball", PASSING)))
    assert told.startswith("“ball” is cut by holes")


def test_nothing_is_told_where_the_hole_lies_below_or_nothing_passes_it() -> None:
    assert cut_objects(document(layer("ball", PASSING), layer("ring", RING))) == []
    aside = masks_of({f: disc(SIZE, (86, 10), 6) for f in FRAMES})
    assert cut_objects(document(layer("ring", RING), layer("dot", aside))) == []
    assert cut_objects(document(layer("ring", RING))) == []
