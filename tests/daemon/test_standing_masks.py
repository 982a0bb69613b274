"""Which masks stand, and what masks may be made of."""

from pathlib import Path

import numpy as np
import pytest

from roto_daemon.outputs.masks import encode_png
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep
from roto_daemon.sessions.recipes import Recipes
from roto_daemon.sessions.standing import StandingMasks, neighbours
from roto_shared.protocol.data import Combination, FinishSettings

CODED = encode_png(np.ones((4, 4), np.float32))


class Masks:
    """Masks of “dog” on the frames 1 and 2 and of “lead” on the first, and how others are made of them."""

    def __init__(self, folder: Path) -> None:
        self.store = MaskStore(folder)
        self.recipes = Recipes(folder / "recipes.json", self.store.renamings)
        self.standing = StandingMasks(self.store, self.recipes)
        self.write(Sweep.PROMPTED, "dog", 1, "a")
        self.write(Sweep.FINAL, "dog", 2, "b")
        self.write(Sweep.PROMPTED, "lead", 1, "c")

    def write(self, sweep: Sweep, name: str, frame: int, digest: str) -> MaskRecord:
        record = MaskRecord(sweep, name, frame, 1.0, "tracked", digest)
        self.store.write(record, CODED)
        return record

    def combine(self, name: str, operation: str, *objects: str) -> Combination:
        made = Combination(name, operation, objects)
        self.recipes.combine(made, self.standing.every_object)
        return made


@pytest.fixture
def masks(tmp_path: Path) -> Masks:
    return Masks(tmp_path)


def test_nothing_is_made_of_an_object_that_is_to_be_made_anew_first(masks: Masks) -> None:
    masks.combine("both", "union", "dog", "lead")
    rest = masks.combine("rest", "subtract", "dog", "both")
    assert masks.standing.made_of(rest, 1) is None
    both = masks.write(Sweep.COMBINED, "both", 1, masks.standing.combined_digest("both", 1))
    assert masks.standing.made_of(rest, 1) == [masks.standing.best("dog", 1), both]
    masks.write(Sweep.PROMPTED, "lead", 1, "corrected")
    assert masks.standing.source("both", 1) is None
    assert masks.standing.made_of(rest, 1) is None
    assert masks.standing.combined_digest("rest", 1) == ""


@pytest.mark.parametrize(
    ("operation", "objects", "frames"),
    [
        ("union", ("lead", "dog"), [1, 2]),
        ("intersect", ("dog", "lead"), [1]),
        ("subtract", ("dog", "lead"), [1, 2]),
        ("subtract", ("lead", "dog"), [1]),
    ],
)
def test_a_combined_object_is_made_where_its_operation_has_something_to_work_on(masks, operation, objects, frames):
    made = masks.combine("made", operation, *objects)
    assert masks.standing.due_frames("made") == frames
    assert [frame for frame in (1, 2, 3) if masks.standing.made_of(made, frame) is not None] == frames
    assert masks.standing.frames("made") == []


def test_a_matte_stands_while_the_mask_below_it_does(masks: Masks) -> None:
    masks.write(Sweep.PROMPTED, "dog", 1, "ab")
    matte = masks.write(Sweep.MATTE, "dog", 1, "ab.fine")
    assert masks.standing.finest("dog", 1) == matte
    corrected = masks.write(Sweep.PROMPTED, "dog", 1, "a")
    assert masks.standing.finest("dog", 1) == corrected


def test_a_matte_of_a_finished_mask_goes_with_the_finish(masks: Masks) -> None:
    masks.recipes.set_finish("dog", FinishSettings(grow_px=1.0))
    finished = masks.write(Sweep.FINISHED, "dog", 2, masks.standing.finished_digest("dog", 2))
    matte = masks.write(Sweep.MATTE, "dog", 2, f"{finished.digest}.fine")
    assert masks.standing.finest("dog", 2) == matte
    masks.recipes.set_finish("dog", FinishSettings())
    assert masks.standing.finest("dog", 2) == masks.store.record(Sweep.FINAL, "dog", 2)


def test_a_steadied_mask_stands_while_its_neighbours_do(masks: Masks) -> None:
    masks.recipes.set_finish("dog", FinishSettings(steady_frames=1))
    finished = masks.write(Sweep.FINISHED, "dog", 1, masks.standing.finished_digest("dog", 1))
    assert masks.standing.best("dog", 1) == finished
    masks.write(Sweep.FINAL, "dog", 2, "tracked anew")
    assert masks.standing.best("dog", 1) == masks.store.record(Sweep.PROMPTED, "dog", 1)


def test_a_click_stands_before_what_was_tracked(masks: Masks) -> None:
    masks.write(Sweep.FINAL, "dog", 1, "tracked")
    assert masks.standing.source("dog", 1) == masks.store.record(Sweep.PROMPTED, "dog", 1)


def test_objects_come_in_the_order_of_the_first_frames_that_they_are_prompted_on(masks: Masks) -> None:
    masks.combine("both", "union", "dog", "lead")
    masks.write(Sweep.PROMPTED, "ball", 0, "d")
    assert masks.standing.every_object == ["ball", "dog", "lead", "both"]


def test_what_another_release_made_is_stale(masks: Masks, monkeypatch) -> None:
    masks.combine("both", "union", "dog", "lead")
    both = masks.write(Sweep.COMBINED, "both", 1, masks.standing.combined_digest("both", 1))
    assert masks.standing.source("both", 1) == both
    monkeypatch.setattr("roto_daemon.sessions.recipes.VERSION", "another")
    assert masks.standing.source("both", 1) is None


@pytest.mark.parametrize(
    "otherwise",
    [
        Combination("made", "union", ("dog", "lead")),
        Combination("made", "piece", ("dog",), frame=2, point=(1.0, 1.0)),
        Combination("made", "piece", ("dog",), frame=1, point=(2.0, 1.0)),
    ],
    ids=["operation", "frame", "point"],
)
def test_what_was_made_one_way_is_stale_once_it_is_to_be_made_another(masks: Masks, otherwise: Combination) -> None:
    piece = otherwise.operation == "piece"
    way = Combination("made", "piece", ("dog",), frame=1, point=(1.0, 1.0))
    masks.recipes.combine(
        way if piece else Combination("made", "intersect", ("dog", "lead")), masks.standing.every_object
    )
    made = masks.write(Sweep.COMBINED, "made", 1, masks.standing.combined_digest("made", 1))
    assert masks.standing.source("made", 1) == made
    masks.recipes.combine(otherwise, masks.standing.every_object)
    assert masks.standing.source("made", 1) is None


def test_what_was_finished_one_way_is_stale_once_it_is_to_be_finished_another(masks: Masks) -> None:
    masks.recipes.set_finish("dog", FinishSettings(grow_px=1.0))
    finished = masks.write(Sweep.FINISHED, "dog", 2, masks.standing.finished_digest("dog", 2))
    assert masks.standing.best("dog", 2) == finished
    masks.recipes.set_finish("dog", FinishSettings(grow_px=2.0))
    assert masks.standing.best("dog", 2) == masks.store.record(Sweep.FINAL, "dog", 2)


def test_neighbours_are_the_frames_on_both_sides_without_the_one_between() -> None:
    assert neighbours(5, 2) == [3, 4, 6, 7]
    assert neighbours(5, 0) == []
