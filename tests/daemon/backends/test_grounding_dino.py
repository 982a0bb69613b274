"""Grounding DINO against the library's own processing, with random weights and a few words."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.daemon.small_models import WORDS, small_network, write_words
from torchvision.ops import box_iou

from roto_daemon.backends.grounding_dino import LEAST, SAME, GroundingDino, asked_as, build, classes_of, read_processor
from roto_daemon.backends.neural.device import Device
from roto_shared.errors import InputError


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_words(tmp_path_factory.mktemp("words") / "vocab.txt")


@pytest.fixture(scope="module")
def model(vocabulary: Path) -> GroundingDino:
    return GroundingDino("grounding-dino-tiny", small_network, vocabulary, Device("cpu"))


@pytest.mark.parametrize("shape", [(60, 91), (33, 40), (301, 120)])
def test_boxes_and_confidences_are_those_of_the_library(model, vocabulary, shape):
    image = np.random.default_rng(1).integers(0, 255, (*shape, 3), np.uint8)
    processor, network = read_processor(vocabulary), small_network().eval()
    inputs = processor(images=image, text="person in red. dogs.", return_tensors="pt")
    with torch.inference_mode():
        (theirs,) = processor.post_process_grounded_object_detection(
            network(**inputs), inputs["input_ids"], threshold=LEAST, target_sizes=[shape]
        )
    found = model.detect(image, "Person in red, dogs")
    assert found, "random weights find something above the threshold"
    for one in found:
        edge = torch.tensor([shape[1], shape[0]] * 2)
        distance = (torch.minimum(theirs["boxes"].clamp(min=0), edge) - torch.tensor(one.box)).abs().amax(dim=1)
        nearest = int(distance.argmin())
        assert distance[nearest] < 1e-3
        assert abs(float(theirs["scores"][nearest]) - one.confidence) < 1e-5
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    assert all(0 <= one.box[0] < one.box[2] <= shape[1] and 0 <= one.box[1] < one.box[3] <= shape[0] for one in found)


def test_nothing_is_found_twice(model):
    image = np.random.default_rng(1).integers(0, 255, (60, 91, 3), np.uint8)
    found = model.detect(image, "cat, dog, car")
    for label in ("cat", "dog", "car"):
        boxes = torch.tensor([one.box for one in found if one.label == label]).reshape(-1, 4)
        assert (torch.triu(box_iou(boxes, boxes), diagonal=1) <= SAME).all()


def test_labels_are_the_classes_as_the_artist_wrote_them(model):
    image = np.random.default_rng(4).integers(0, 255, (60, 91, 3), np.uint8)
    assert {one.label for one in model.detect(image, "all Cars; person in RED")} <= {"Cars", "person in RED"}


def test_a_word_belongs_to_the_class_it_stands_in(model, vocabulary):
    tokens = read_processor(vocabulary).tokenizer(asked_as(["person in red", "dogs", "car"]))["input_ids"]
    words = [WORDS[token] for token in tokens]
    places = dict(zip(words[:-1], model._class_places(torch.tensor(tokens)).tolist(), strict=False))
    assert (places["person"], places["in"], places["red"], places["dog"], places["##s"], places["car"]) == (
        0,
        0,
        0,
        1,
        1,
        2,
    )


def test_the_same_text_gives_the_same_answer_after_unload(model):
    image = np.random.default_rng(1).integers(0, 255, (60, 91, 3), np.uint8)
    before = model.detect(image, "cat")
    model.unload()
    assert model.detect(image, "cat") == before


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("person in red", ["person in red"]),
        ("all cars", ["cars"]),
        ("The dog, every cat;a bird.\nThe dog", ["dog", "cat", "bird"]),
        ("allotment", ["allotment"]),
    ],
)
def test_a_text_names_classes(text, classes):
    assert classes_of(text) == classes


@pytest.mark.parametrize("text", ["", " , . ", "\n"])
def test_a_text_that_names_nothing_is_refused(text):
    with pytest.raises(InputError, match="names nothing"):
        classes_of(text)


def test_the_published_sizes_are_built():
    with torch.device("meta"):
        sizes = [
            sum(p.numel() for p in build(f"grounding-dino-{size}").parameters()) / 1e6 for size in ("tiny", "base")
        ]
    assert sizes == pytest.approx([172, 233], abs=2)
