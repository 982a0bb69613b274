"""What a host was given: what is known of each layer, how long it is kept, and what of it is drawn on a frame."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roto_daemon.outputs.masks import encode_png
from roto_daemon.sessions.given import KEPT, Given, GivenShapes, key_frames
from roto_shared.errors import StorageError
from roto_shared.shapes import (
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

LINE = KeyedShape("line", (ShapeKey(3.0, (Knot(1.0, 2.0), Knot(3.0, 4.0))),), ShapeKind.BSPLINE, closed=False)


def document(*layers: Layer) -> ShapeDocument:
    return ShapeDocument(97, 63, layers, first_frame=1, last_frame=9)


def moved(frame: float) -> tuple[TransformKey, ...]:
    return (TransformKey(frame, Transform((10.0, 0.0))),)


@pytest.fixture
def given(tmp_path: Path) -> Given:
    return Given(tmp_path / "given" / "scene.json")


def again(given: Given) -> Given:
    """The same as a new daemon finds it."""
    return Given(given._path)


def test_of_layers_that_stay_all_is_known_under_their_new_names_and_of_others_nothing() -> None:
    masks = {name: {1: f"mask of {name}"} for name in ("dog", "cat", "gone")}
    known = GivenShapes(
        document(Layer("dog"), Layer("cat")),
        masks,
        edited=("cat", "dog", "gone"),
        own=("cat/mine", "dog/legs/mine", "gone/mine"),
        called={"dog": "hero", "cat": "lion"},
        deleted=("cat", "gone"),
    )
    assert known.narrowed({"dog": "hero"}, ("cat",)) == GivenShapes(
        document(Layer("hero"), Layer("cat")),
        {"hero": masks["dog"], "cat": masks["cat"]},
        edited=("cat", "hero"),
        own=("cat/mine", "hero/legs/mine"),
        called={"cat": "lion"},
        deleted=("cat",),
    )


def test_a_shape_of_the_artist_s_own_beside_the_layers_keeps_its_name() -> None:
    own = replace(LINE, name="dog")
    known = GivenShapes(ShapeDocument(97, 63, (own, Layer("dog"))))
    assert known.narrowed({"dog": "hero"}, ()).document.children == (own, Layer("hero"))


def test_the_last_few_are_kept_with_their_masks_and_no_others(given: Given) -> None:
    for number in range(KEPT + 1):
        mask = given.masks.keep(encode_png(np.full((4, 4), number / 255, np.float32)))
        given.keep(GivenShapes(replace(document(), name=f"the {number}th"), {"dog": {1: mask}}))
    for one in (given, again(given)):
        assert [shapes.document.name for shapes in one.shapes] == ["the 3th", "the 2th", "the 1th"]
        assert [one.masks.read(shapes.masks["dog"][1]).max() * 255 for shapes in one.shapes] == [3, 2, 1]
    assert len(list(given._path.with_suffix(".masks").iterdir())) == KEPT


def test_all_that_is_known_comes_back_after_a_restart(given: Given) -> None:
    shapes = GivenShapes(
        document(Layer("dog", (LINE,))), {"dog": {3: "a"}}, ("dog",), ("dog/mine",), {"dog": "hero"}, ("dog",)
    )
    given.keep(shapes)
    assert again(given).shapes == (shapes,)


def test_what_is_renamed_and_deleted_is_known_of_all_that_are_kept_after_a_restart(given: Given) -> None:
    for _ in range(2):
        given.keep(GivenShapes(document(Layer("dog"), Layer("cat"), Layer("cow"))))
    with given.renamed("dog", "hero"):
        pass
    for name in ("cow", "cat"):
        given.delete(name)
    for shapes in again(given).shapes:
        assert shapes.objects == {"dog": "hero", "cat": "cat", "cow": "cow"}
        assert shapes.deleted == ("cat", "cow")


def test_an_object_that_was_called_otherwise_is_deleted_with_the_layer_that_it_has() -> None:
    known = GivenShapes(document(Layer("dog"), Layer("hero")), called={"dog": "hero", "hero": "dog"})
    assert known.without("hero").deleted == ("dog",)


def test_where_nothing_was_given_a_renaming_leaves_no_file(given: Given) -> None:
    with given.renamed("dog", "hero"):
        pass
    assert not given._path.exists()


def test_a_name_that_another_one_had_is_that_one_s_again_where_the_disk_refuses_a_renaming(given: Given) -> None:
    given.keep(GivenShapes(document(Layer("dog"), Layer("cat")), deleted=("cat",)))
    was = given.shapes
    with pytest.raises(StorageError), given.renamed("dog", "cat"):
        assert given.shapes[0].objects == {"dog": "cat", "cat": ""}
        raise StorageError("The disk is full.")
    assert again(given).shapes == given.shapes == was


def test_what_the_disk_refuses_is_not_taken_for_given(given: Given) -> None:
    given.keep(GivenShapes(document(Layer("dog"))))
    was = given.shapes
    given._path.unlink()
    given._path.mkdir()
    with pytest.raises(StorageError):
        given.keep(GivenShapes(document(Layer("cat"))))
    assert given.shapes == was


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b'[{"document": {}}]', b"[5]"])
def test_a_damaged_file_counts_as_nothing_given_and_is_set_aside(given: Given, content: bytes) -> None:
    given.keep(GivenShapes(document(Layer("dog"))))
    given._path.write_bytes(content)
    assert again(given).shapes == ()
    assert given._path.with_name("scene.json.damaged").read_bytes() == content


def test_of_what_is_discarded_neither_the_shapes_nor_their_masks_are_left(given: Given) -> None:
    mask = given.masks.keep(encode_png(np.ones((4, 4), np.float32)))
    given.keep(GivenShapes(document(Layer("dog")), {"dog": {1: mask}}))
    given.discard()
    assert [path for path in given._path.parent.rglob("*") if path.is_file()] == []
    assert again(given).shapes == ()


def test_keys_of_layers_within_and_of_what_moves_shapes_count() -> None:
    arm = Layer("arm", (replace(LINE, transform=moved(5.0)),), moved(7.0))
    assert key_frames(document(Layer("dog", (arm,), moved(2.0)), Layer("cat"))) == {"dog": (2, 3, 5, 7), "cat": ()}


def test_shapes_on_a_frame_are_those_that_live_there_as_they_are_and_where_they_are(given: Given) -> None:
    over = replace(LINE, name="over", lifetime=Lifetime(last=2.0))
    given.keep(GivenShapes(document(Layer("dog", (LINE, over), moved(1.0)), Layer("cat")), called={"dog": "hero"}))
    assert given.shapes_on("dog", 4) is None, "it is called otherwise now"
    assert [given.shapes_on("hero", frame) is not None for frame in (0, 1, 9, 10)] == [False, True, True, False]
    layer = given.shapes_on("hero", 4)
    assert layer is not None
    (shape,) = layer.children
    assert (layer.name, shape.name, shape.kind, shape.closed) == ("hero", "line", ShapeKind.BSPLINE, False)
    assert shape.keys == (ShapeKey(4.0, (Knot(11.0, 2.0), Knot(13.0, 4.0))),)
