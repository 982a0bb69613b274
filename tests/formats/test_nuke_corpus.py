"""Every text that a real Nuke wrote: read, written and read again without losing a word."""

from dataclasses import replace
from pathlib import Path

import pytest
from random_documents import distance_px

from roto_formats.nuke.script import nuke_curves, nuke_script, read_nuke
from roto_formats.nuke.tree import parse, unparse, words
from roto_formats.registry import read_document
from roto_formats.settings import DEFAULT_SETTINGS
from roto_formats.silhouette.read import read_silhouette
from roto_formats.silhouette.write import write_silhouette
from roto_formats.stored_json import read_json, write_json
from roto_formats.strokes import is_stroke
from roto_shared.shapes import Foreign, KeyedShape, Layer, ShapeDocument, without_natives


@pytest.fixture(scope="session")
def texts(shared_folder: Path) -> dict[str, str]:
    found = {path.name: path.read_text() for path in sorted((shared_folder / "corpus" / "nuke").glob("*.curves"))}
    assert found, "the folder of samples is empty"
    return found


def without_texts(document: ShapeDocument) -> ShapeDocument:
    return replace(document, native=None, children=tuple(map(without_natives, document.children)))


def foreign(document: ShapeDocument) -> list[Foreign]:
    def inside(children):
        for child in children:
            if isinstance(child, Layer):
                yield from inside(child.children)
            elif isinstance(child, Foreign):
                yield child

    return list(inside(document.children))


def test_the_tree_keeps_every_word(texts):
    for name, text in texts.items():
        assert list(words(parse(unparse(parse(text))))) == list(words(parse(text))), name


def test_what_was_read_is_written_in_the_same_words(texts):
    for name, text in texts.items():
        written, notes = nuke_curves(read_nuke(text))
        assert list(words(parse(written))) == list(words(parse(text).items[0])), name
        assert notes == [], name


def test_what_was_written_reads_as_the_same_document(texts):
    for name, text in texts.items():
        document = read_nuke(text)
        assert read_nuke("{" + nuke_curves(document)[0] + "}") == document, name


def test_a_script_around_it_changes_nothing(texts):
    for name, text in texts.items():
        document = replace(read_nuke(text), name="Roto1")
        assert read_nuke(nuke_script(document)[0]) == document, name


def test_our_own_json_between_changes_no_word(texts):
    for name, text in texts.items():
        stored = read_json(write_json(read_nuke(text), DEFAULT_SETTINGS)[0], DEFAULT_SETTINGS)
        assert list(words(parse(nuke_curves(stored)[0]))) == list(words(parse(text).items[0])), name


def test_composed_anew_the_shapes_stay_where_they_are(texts):
    for name, text in texts.items():
        document = without_texts(read_nuke(text))
        again = read_nuke(nuke_curves(document)[0])
        keyed = {key.frame for shape in document.shapes() for key in shape.keys}
        for frame in sorted({part for key in keyed for part in (key - 0.5, key, key + 0.5)}):
            assert distance_px(document, again, frame) <= 0.01, (name, frame)


def without_strokes(element: ShapeDocument | Layer):
    """Strokes become outlines in Silhouette; test_strokes.py is about these."""
    children = [without_strokes(child) if isinstance(child, Layer) else child for child in element.children]
    kept = tuple(child for child in children if not (isinstance(child, KeyedShape) and is_stroke(child)))
    return replace(element, children=kept)


def test_silhouette_gets_every_outline_where_nuke_has_it(texts):
    for name, text in texts.items():
        document = without_strokes(read_nuke(text))
        again = read_silhouette(write_silhouette(document)[0])
        keyed = [key.frame for shape in document.shapes() for key in shape.keys]
        for frame in range(int(min(keyed, default=0)) - 1, int(max(keyed, default=0)) + 2):
            assert distance_px(document, again, frame) <= 0.01, (name, frame)


def test_shapes_layers_and_strokes_are_counted_as_in_the_index(texts, shared_folder):
    lines = (shared_folder / "corpus" / "nuke" / "INDEX.tsv").read_text().splitlines()
    columns = lines[0].split("\t")
    for line in lines[1:]:
        told = dict(zip(columns, line.split("\t"), strict=True))
        document = read_document(shared_folder / "corpus" / "nuke" / told["file"])
        shapes = list(document.shapes())
        strokes = [element for element in foreign(document) if element.kind == "cubiccurve"]
        animated = [shape for shape in shapes if len(shape.keys) > 1]
        assert (len(shapes), len(strokes)) == (int(told["shapes"]), int(told["strokes"])), told["file"]
        assert len(animated) == int(told["animated_shapes"]), told["file"]


def test_moving_one_knot_of_one_shape_leaves_every_other_word_alone(texts):
    for name, text in texts.items():
        document = read_nuke(text)
        moved = replace(document, children=_with_first_shape_moved(document.children))
        if moved == document:
            continue
        before, after = list(words(parse(text).items[0])), list(words(parse(nuke_curves(moved)[0])))
        for attribute in ("spx", "sb", "tt", "ltn", "view2", "ptmot", "=parent.Opacity"):
            assert before.count(attribute) == after.count(attribute), (name, attribute)


def _with_first_shape_moved(children):
    for index, child in enumerate(children):
        if isinstance(child, Layer):
            inner = _with_first_shape_moved(child.children)
            if inner != child.children:
                return (*children[:index], replace(child, children=inner), *children[index + 1 :])
        elif not isinstance(child, Foreign):
            key = child.keys[0]
            knots = (key.knots[0]._replace(x=key.knots[0].x + 1), *key.knots[1:])
            moved = replace(child, keys=(replace(key, knots=knots), *child.keys[1:]))
            return (*children[:index], moved, *children[index + 1 :])
    return children
