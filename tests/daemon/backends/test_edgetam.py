"""EdgeTAM by streaming against the library's own propagation through a whole video, with random weights."""

import numpy as np
import pytest
import torch
from tests.daemon.backends.moving_square import draw_shot, draw_square
from transformers.models.edgetam_video.modeling_edgetam_video import EdgeTamVideoInferenceSession

from roto_daemon.backends.base import Mask, Prompt
from roto_daemon.backends.edgetam.network import EdgeTamNetwork, build_for_shots
from roto_daemon.backends.edgetam.prompting import EdgeTamFrame
from roto_daemon.backends.edgetam.tracking import EdgeTamTracking
from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.picture import enlarge, place_points, probabilities
from roto_daemon.backends.tracked import share_exclusively

SIDE = 256
SHAPE = (70, 111)
FRAMES = 18
"""More than 16: with fewer, the library divides the age of a pointer by the length of the shot."""
SAME = 1e-5
"""Of probabilities."""


@pytest.fixture(scope="module")
def network(tmp_path_factory) -> EdgeTamNetwork:
    torch.manual_seed(8)
    made = build_for_shots(image_size=SIDE)
    made.mask_decoder.pred_obj_score_head.proj_out.bias.data.fill_(2.0)  # present, or all masks are empty
    weights = tmp_path_factory.mktemp("edgetam") / "edgetam.safetensors"
    save_weights(made, weights)
    return EdgeTamNetwork(Device("cpu"), weights, SIDE)


@pytest.fixture(scope="module")
def shot() -> list[np.ndarray]:
    return draw_shot(SHAPE, FRAMES, top=20, side=30, step=3)


def square(left: int, top: int = 20, side: int = 30) -> Mask:
    return draw_square(SHAPE, left, top, side)


def given(mask: Mask) -> torch.Tensor:
    whole = torch.from_numpy(mask)[None, None]
    return (torch.nn.functional.interpolate(whole, (SIDE, SIDE), mode="bilinear", antialias=True) >= 0.5).float()


def by_library(network: EdgeTamNetwork, shot: list[np.ndarray], *masks: Mask) -> dict[int, list[Mask]]:
    """All frames after the first, by the library's propagation through the whole video."""
    video = torch.cat([network.input(image) for image in shot])
    session = EdgeTamVideoInferenceSession(
        video=video, video_height=SHAPE[0], video_width=SHAPE[1], dtype=torch.float32
    )
    for number, mask in enumerate(masks):
        session.add_mask_inputs(session.obj_id_to_idx(number), 0, given(mask))
    session.obj_with_new_inputs = list(range(len(masks)))
    network.for_shots(session, frame_idx=0)
    found = {}
    for output in network.for_shots.propagate_in_video_iterator(session, start_frame_idx=0):
        found[output.frame_idx] = [probabilities(one) for one in enlarge(output.pred_masks[:, 0], SHAPE)]
    return found


def furthest(ours: dict[int, list[Mask]], theirs: dict[int, list[Mask]]) -> float:
    return max(
        float(np.abs(one - other).max())
        for frame, masks in ours.items()
        for one, other in zip(masks, share_exclusively(theirs[frame]), strict=True)
    )


def tracked(tracking: EdgeTamTracking, shot: list[np.ndarray], frames: range) -> dict[int, list[Mask]]:
    return {f: [one.mask for one in tracking.step(f, shot[f]).values()] for f in frames}


@pytest.mark.parametrize("masks", [(square(10),), (square(10), square(70, 0, 15))], ids=["one", "two"])
def test_streaming_gives_what_the_whole_video_gives(network, shot, masks):
    theirs = by_library(network, shot, *masks)
    tracking = EdgeTamTracking(network)
    tracking.add_keyframe(0, shot[0], dict(zip("ab", masks, strict=False)))
    assert furthest(tracked(tracking, shot, range(1, FRAMES)), theirs) < SAME


def test_backward_gives_what_the_reversed_video_gives(network, shot):
    theirs = by_library(network, shot[::-1], square(61))
    tracking = EdgeTamTracking(network)
    tracking.add_keyframe(FRAMES - 1, shot[-1], {"a": square(61)})
    ours = tracked(tracking, shot, range(FRAMES - 2, -1, -1))
    assert furthest({FRAMES - 1 - frame: masks for frame, masks in ours.items()}, theirs) < SAME


def test_a_correction_conditions_what_follows(network, shot):
    one, other = EdgeTamTracking(network), EdgeTamTracking(network)
    for tracking in (one, other):
        tracking.add_keyframe(0, shot[0], {"a": square(10)})
        tracked(tracking, shot, range(1, 6))
    one.add_keyframe(5, shot[5], {"a": square(40)})
    keyed = one._sessions["a"].output_dict_per_obj[0]["cond_frame_outputs"]
    assert sorted(keyed) == [0, 5]
    assert not np.array_equal(one.step(6, shot[6])["a"].mask, other.step(6, shot[6])["a"].mask)


def test_a_resumed_mask_is_believed_but_not_kept_for_good(network, shot):
    tracking = EdgeTamTracking(network)
    tracking.add_keyframe(0, shot[0], {"a": square(10)})
    tracking.resume(4, shot[4], {"a": square(22)})
    outputs = tracking._sessions["a"].output_dict_per_obj[0]
    assert (sorted(outputs["cond_frame_outputs"]), sorted(outputs["non_cond_frame_outputs"])) == ([0], [1])
    assert set(tracking.step(5, shot[5])) == {"a"}


def test_memory_stays_the_same_however_long_the_shot_is(network, shot):
    tracking = EdgeTamTracking(network)
    tracking.add_keyframe(0, shot[0], {"a": square(10)})
    for frame in range(1, 45):
        tracking.step(frame, shot[frame % FRAMES])
    session = tracking._sessions["a"]
    assert session.processed_frames is None
    assert len(session.output_dict_per_obj[0]["non_cond_frame_outputs"]) == 16
    assert len(session.frames_tracked_per_obj[0]) == 16


@pytest.mark.parametrize("shape", [(70, 111), (1, 40), (300, 41)])
def test_a_click_gives_what_the_librarys_model_gives(network, shape):
    image = np.random.default_rng(7).integers(0, 255, (*shape, 3), np.uint8)
    click = (shape[1] * 0.4, shape[0] * 0.5)
    places = torch.from_numpy(place_points([click], shape, SIDE))[None, None]
    with torch.inference_mode():
        answer = network.for_frames(
            network.input(image), input_points=places, input_labels=torch.ones(1, 1, 1, dtype=torch.int32)
        )
    best = int(answer.iou_scores[0, 0].argmax())
    theirs = probabilities(enlarge(answer.pred_masks[0, 0, best : best + 1], shape)[0])
    ours = EdgeTamFrame(network, image).segment(Prompt(positive=(click,)))
    assert np.abs(ours.mask - theirs).max() < SAME
    assert ours.confidence == pytest.approx(float(answer.iou_scores[0, 0, best].clamp(0, 1)), abs=1e-6)
