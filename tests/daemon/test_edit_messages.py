"""Edits of an artist's shapes over the daemon's messages."""

from dataclasses import replace

import numpy as np
import pytest

from roto_geometry.measure.raster import rasterise
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.messages import CurveSettings
from roto_shared.shapes import KeyedShape, ShapeDocument, knots_at

DENSE = CurveSettings(track=False, key_density=8.0)


@pytest.fixture
def fitted(client, session) -> ShapeDocument:
    return client.ask(messages.Fit(session, settings=DENSE)).document


def only_shape(document: ShapeDocument) -> KeyedShape:
    (shape,) = document.shapes()
    return shape


def with_shape(document: ShapeDocument, shape: KeyedShape) -> ShapeDocument:
    return replace(document, children=(replace(document.children[0], children=(shape,)),))


def pulled(document: ShapeDocument, px: float = 4.0) -> ShapeDocument:
    """The document with the first knot of its first key moved."""
    shape = only_shape(document)
    key = shape.keys[0]
    knots = (key.knots[0]._replace(x=key.knots[0].x + px), *key.knots[1:])
    return with_shape(document, replace(shape, keys=(replace(key, knots=knots), *shape.keys[1:])))


def test_a_refit_holds_the_changed_key_and_says_what_it_did(client, session, fitted):
    now = pulled(fitted)
    answer = client.ask(messages.Refit(session, now, "disc", was=fitted))
    assert only_shape(answer.document).keys[0].knots == only_shape(now).keys[0].knots
    assert "fitted anew around 1001" in answer.notes[0]


def test_a_refit_without_masks_or_a_known_change_fails_in_words(client, session, fitted):
    with pytest.raises(InputError, match="no masks of “tree”"):
        client.ask(messages.Refit(session, fitted, "tree", (1001.0,)))
    with pytest.raises(InputError, match="No key is known"):
        client.ask(messages.Refit(session, fitted, "disc", was=fitted))


def test_a_change_is_carried_on_without_a_session(client, fitted):
    answer = client.ask(messages.CarryChange(pulled(fitted), fitted))
    before, after = only_shape(fitted), only_shape(answer.document)
    assert after.keys[-1].knots[0].x == pytest.approx(before.keys[-1].knots[0].x + 4, abs=0.5)


def test_knots_come_and_go(client, fitted):
    at = ("shape 1", 1001.0, (30.0, 40.0))
    more = client.ask(messages.AddKnot(fitted, *at)).document
    less = client.ask(messages.RemoveKnot(more, *at)).document
    counts = [only_shape(document).knot_count for document in (fitted, more, less)]
    assert counts == [counts[0], counts[0] + 1, counts[0]]
    assert np.abs(rasterise(fitted, 1006) - rasterise(more, 1006)).max() < 0.02


def test_a_finished_shot_is_extended_on_the_frames_that_have_masks_by_now(client, session, fitted):
    shape = only_shape(fitted)
    early = tuple(key for key in shape.keys if key.frame <= 1005)
    early = (*early[:-1], replace(early[-1], frame=1005.0, knots=knots_at(shape, 1005)))
    short = replace(
        with_shape(fitted, replace(shape, keys=early, lifetime=replace(shape.lifetime, last=1005.0))), last_frame=1005
    )
    answer = client.ask(messages.Extend(session, short, "disc"))
    assert answer.document.last_frame == 1012
    for frame in (1008, 1012):
        both = [rasterise(document, frame) >= 0.5 for document in (fitted, answer.document)]
        assert np.logical_xor(*both).sum() < 0.05 * both[0].sum()


def test_a_part_is_added_from_masks_of_its_own(client, session, fitted):
    empty = replace(fitted, children=(replace(fitted.children[0], name="other"),))
    answer = client.ask(messages.AddPart(session, empty, "disc", "spot", whole=True))
    assert [layer.name for layer in answer.document.children] == ["spot", "other"]
