"""One document through every format: the same shapes in the same places on every frame."""

from hypothesis import HealthCheck, given, settings
from random_documents import distance_px, documents, whole_frames

from roto_formats.nuke.script import nuke_script, read_nuke
from roto_formats.settings import DEFAULT_SETTINGS
from roto_formats.silhouette.read import read_silhouette
from roto_formats.silhouette.write import write_silhouette
from roto_formats.stored_json import read_json, write_json
from roto_shared.shapes import ShapeDocument

TOLERANCE_PX = 0.01
slow = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def furthest_px(one: ShapeDocument, other: ShapeDocument) -> float:
    return max(distance_px(one, other, frame) for frame in whole_frames(one))


@slow
@given(documents())
def test_a_document_survives_nuke(document):
    assert furthest_px(document, read_nuke(nuke_script(document)[0])) <= TOLERANCE_PX


@slow
@given(documents())
def test_a_document_survives_silhouette(document):
    assert furthest_px(document, read_silhouette(write_silhouette(document)[0])) <= TOLERANCE_PX


@slow
@given(documents())
def test_a_document_survives_nuke_then_silhouette_then_nuke(document):
    through_nuke = read_nuke(nuke_script(document)[0])
    through_both = read_silhouette(write_silhouette(through_nuke)[0])
    assert furthest_px(document, read_nuke(nuke_script(through_both)[0])) <= 2 * TOLERANCE_PX


@slow
@given(documents())
def test_a_document_survives_our_own_json_to_a_millionth(document):
    text, notes = write_json(document, DEFAULT_SETTINGS)
    again = read_json(text, DEFAULT_SETTINGS)
    assert furthest_px(document, again) <= 1e-4
    assert write_json(again, DEFAULT_SETTINGS) == (text, notes)
