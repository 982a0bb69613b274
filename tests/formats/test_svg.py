"""The picture that a browser plays: one value for each frame, groups for layers, holes in the background's colour."""

from xml.etree import ElementTree

from roto_formats.settings import DEFAULT_SETTINGS
from roto_formats.svg import BACKGROUND, write_svg
from roto_shared.shapes import (
    Blend,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    ShapeDocument,
    ShapeKey,
    ShapeKind,
    Transform,
    TransformKey,
)

SVG = "{http://www.w3.org/2000/svg}"
TRIANGLE = (Knot(0.0, 0.0), Knot(10.0, 0.0, -1.0, 0.0, 1.0, 0.0), Knot(0.0, 10.0))
STILL = KeyedShape("still", (ShapeKey(1.0, TRIANGLE),))


def picture(*children, **fields) -> ElementTree.Element:
    return ElementTree.fromstring(
        write_svg(ShapeDocument(64, 48, tuple(children), 1, 4, **fields), DEFAULT_SETTINGS)[0]
    )


def animated(path: ElementTree.Element, name: str) -> tuple[list[str], list[float]]:
    (found,) = [a for a in path.iter(f"{SVG}animate") if a.get("attributeName") == name]
    assert found.get("dur") == "0.166667s"
    return found.get("values", "").split(";"), [float(part) for part in found.get("keyTimes", "").split(";")]


def test_the_picture_has_the_plates_size_and_the_pixel_aspect_stretches_it():
    root = picture(STILL, pixel_aspect=2.0)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("128", "48", "0 0 64 48")


def test_a_shape_that_stands_still_is_not_animated():
    (path,) = picture(STILL).iter(f"{SVG}path")
    assert path.get("d") == "M0 0C0 0 9 0 10 0C11 0 0 10 0 10C0 10 0 0 0 0Z"
    assert list(path) == []


def test_every_frame_has_its_outline_in_its_time():
    moved = tuple(knot._replace(x=knot.x + 3) for knot in TRIANGLE)
    (path,) = picture(KeyedShape("a", (ShapeKey(1.0, TRIANGLE), ShapeKey(4.0, moved)))).iter(f"{SVG}path")
    values, times = animated(path, "d")
    assert [value.split("C")[0] for value in values] == ["M0 0", "M1 0", "M2 0", "M3 0"]
    assert times == [0, 0.25, 0.5, 0.75]


def test_a_lifetime_shows_and_hides():
    (path,) = picture(KeyedShape("a", STILL.keys, lifetime=Lifetime(2.0, 3.0))).iter(f"{SVG}path")
    assert path.get("opacity") == "0"
    assert animated(path, "opacity") == (["0", "1", "0"], [0, 0.25, 0.75])


def test_layers_are_groups_that_carry_their_shapes():
    layer = Layer("a <b> & \0c", (STILL,), (TransformKey(1.0, Transform((5.0, 7.0))),), visible=False)
    (group,) = picture(layer).iter(f"{SVG}g")
    assert group.get("data-name") == "a <b> & _c"
    assert group.get("display") == "none"
    assert group[0].get("d", "").startswith("M5 7")


def test_the_first_shape_is_painted_last_and_a_hole_has_the_backgrounds_colour():
    hole = KeyedShape("hole", STILL.keys, blend=Blend.SUBTRACT)
    below, above = picture(hole, STILL).iter(f"{SVG}path")
    assert (below.get("data-name"), above.get("data-name")) == ("still", "hole")
    assert above.get("fill") == BACKGROUND


def test_a_b_spline_is_drawn_inside_its_control_points():
    square = (Knot(0.0, 0.0), Knot(12.0, 0.0), Knot(12.0, 12.0), Knot(0.0, 12.0))
    (path,) = picture(KeyedShape("b", (ShapeKey(1.0, square),), ShapeKind.BSPLINE)).iter(f"{SVG}path")
    assert path.get("d", "").startswith("M2 2C4 0 8 0 10 2")


def test_an_inverted_shape_leaves_its_inside_out_of_the_picture():
    (path,) = picture(KeyedShape("a", STILL.keys, inverted=True)).iter(f"{SVG}path")
    assert path.get("fill-rule") == "evenodd"
    assert path.get("d", "").startswith("M0 0H64V48H0Z M0 0")
