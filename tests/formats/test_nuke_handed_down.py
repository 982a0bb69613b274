"""What Nuke's layers lay on all they hold: other formats get it with the shapes, on every frame the same."""

import pytest

from roto_formats.registry import document_of_text, document_text
from roto_shared.shapes import KeyedShape, ShapeDocument, opacity_at

HALF, FADE = "opc x3f000000", "opc {{1 1 0 1 xbdcccccd 1} {x41300000 0 xbdcccccd 1 0 1}}"
SWITCH = "opc {{1 0 -} {x40800000 0 -} {x40a00000 1 -}}"
THIRD_TO_NINTH = "ltt x40800000 ltn x40400000 ltm x41100000"
POINTS = "{{cc {f 8192} {px 1 {0 0} {x41200000 0} {x41200000 x41200000}}} idem}"


def read(layer: str, *shapes: str, root: str = "", root_moves: str = "") -> ShapeDocument:
    inner = " ".join(f"{{curvegroup s{i} 512 bspline {POINTS} {{t}} {{a {said}}}}}" for i, said in enumerate(shapes))
    outer = f"{{layer Root {{f 0}} {{t x42000000 x41800000{root_moves}}} {{a {root}}}"
    return document_of_text(
        f"{{{{v x3f99999a}} {{f 0}} {{n {outer} {{layer l {{f 0}} {{t 0 0}} {{a {layer}}} {inner}}}}}}}}}", ".curves"
    )


def written(document: ShapeDocument) -> tuple[list[KeyedShape], list[str]]:
    text, notes = document_text(document, ".fxs")
    return list(document_of_text(text, ".fxs").shapes()), list(map(str, notes))


def opacities(shape: KeyedShape) -> list[float]:
    return [opacity_at(shape, frame) for frame in range(1, 13)]


def ramp(full: float) -> list[float]:
    return pytest.approx([full * (11 - frame) / 10 for frame in range(1, 12)] + [0.0], abs=1e-6)


@pytest.mark.parametrize(
    ("layer", "shape", "drawn"),
    [
        (HALF, "", pytest.approx([0.5] * 12)),
        (HALF, HALF, pytest.approx([0.25] * 12)),
        (FADE, "", ramp(1.0)),
        (FADE, HALF, ramp(0.5)),
        (HALF, FADE, ramp(0.5)),
        (SWITCH, HALF, pytest.approx([0.0] * 4 + [0.5] * 8)),
        (THIRD_TO_NINTH, "", [0.0] * 2 + [1.0] * 7 + [0.0] * 3),
        (THIRD_TO_NINTH, "ltt x40400000 ltn x40a00000 ltm 0", [0.0] * 4 + [1.0] * 5 + [0.0] * 3),
        (THIRD_TO_NINTH, "ltt 1 ltn 0 ltm x40a00000", [0.0] * 2 + [1.0] * 3 + [0.0] * 7),
        (THIRD_TO_NINTH, "ltt x40400000 ltn x41200000 ltm 0", [0.0] * 12),
    ],
)
def test_a_shape_is_drawn_as_its_layer_lets_it_be(layer, shape, drawn):
    (only,), notes = written(read(layer, shape))
    assert opacities(only) == drawn
    assert notes[0] == f"l: baked: its {'lifetime' if layer == THIRD_TO_NINTH else 'opacity'} went into its shapes"


def test_lifetimes_and_switches_go_into_every_shape_of_a_layer():
    for layer in (THIRD_TO_NINTH, SWITCH):
        one, other = written(read(layer, "", HALF))[0]
        assert opacities(other) == pytest.approx([drawn / 2 for drawn in opacities(one)])
        assert 0.0 in opacities(one)


@pytest.mark.parametrize("root_moves", ["", " 0 1"], ids=["plain", "moved"])
def test_the_root_layer_and_those_within_it_fade_a_shape_together_once_each(root_moves):
    (only,), notes = written(read(HALF, HALF, root=HALF, root_moves=root_moves))
    assert opacities(only) == pytest.approx([0.125] * 12)
    assert sorted(notes) == [
        "Root: baked: its opacity went into its shapes",
        "l: baked: its opacity went into its shapes",
    ]


@pytest.mark.parametrize(
    ("layer", "shapes", "note"),
    [
        (HALF, ("", ""), "l: lost: its opacity: only shapes can have one, and these may overlap [?]"),
        (FADE, (FADE,), "l: lost: its opacity: its shapes have one that moves, too"),
    ],
)
def test_an_opacity_that_shapes_cannot_hold_surely_is_told_as_lost(layer, shapes, note):
    document = read(layer, *shapes)
    found, notes = written(document)
    assert notes == [note]
    assert [opacities(shape) for shape in found] == [pytest.approx(opacities(shape)) for shape in document.shapes()]


def test_nuke_gets_its_layers_back_as_they_were():
    document = read(FADE, HALF, root=THIRD_TO_NINTH)
    for ending in (".curves", ".json"):
        text, notes = document_text(document, ending)
        assert notes == []
        assert document_of_text(text, ending).children == document.children
