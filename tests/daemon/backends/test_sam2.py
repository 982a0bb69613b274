"""SAM 2 against Meta's own predictors, with random weights: the same numbers, without the frames beforehand."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from hydra.utils import instantiate
from omegaconf import OmegaConf
from sam2.sam2_image_predictor import SAM2ImagePredictor
from sam2.sam2_video_predictor import SAM2VideoPredictor
from tests.daemon.backends.moving_square import draw_shot, draw_square

from roto_daemon.backends.base import Mask, Prompt, Segmentation
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.picture import probabilities
from roto_daemon.backends.sam2 import network as sam2_network
from roto_daemon.backends.sam2.network import Sam2Network
from roto_daemon.backends.sam2.prompting import Sam2Frame
from roto_daemon.backends.sam2.tracking import Sam2Tracking
from roto_daemon.backends.tracked import share_exclusively

SIDE = 128
SHAPE = (70, 111)
FRAMES = 20
"""More than 16: with fewer, the predictor divides the age of a pointer by the length of the shot."""
SAME = 2e-5
"""Of probabilities. Tracks agree to the bit on a CPU; single frames compute in another order."""


@pytest.fixture(scope="module")
def network() -> Sam2Network:
    torch.manual_seed(3)
    made = Sam2Network("sam2.1-tiny", Device("cpu"), image_size=SIDE)
    made.model.sam_mask_decoder.pred_obj_score_head.layers[-1].bias.data.fill_(2.0)  # present, or all masks are empty
    for layer in made.model.memory_attention.layers:
        layer.cross_attn_image.out_proj.weight.data *= 30  # so that it matters what is remembered
    return made


@pytest.fixture(scope="module")
def predictor(network: Sam2Network) -> SAM2VideoPredictor:
    config = OmegaConf.load(sam2_network._config_file("sam2.1-tiny")).model
    config._target_ = "sam2.sam2_video_predictor.SAM2VideoPredictor"
    config.image_size = SIDE
    config.binarize_mask_from_pts_for_mem_enc = True
    config.add_all_frames_to_correct_as_cond = True
    config.sam_mask_decoder_extra_args = sam2_network.STABLE
    made = instantiate(config, _recursive_=True)
    made.load_state_dict(network.model.state_dict())
    return made.eval()


@pytest.fixture(scope="module")
def shot() -> list[np.ndarray]:
    return draw_shot(SHAPE, FRAMES, top=20, side=30, step=3)


def square(left: int, top: int = 20, side: int = 30) -> Mask:
    return draw_square(SHAPE, left, top, side)


def state_of(predictor: SAM2VideoPredictor, network: Sam2Network, shot: list[np.ndarray], tmp_path: Path) -> dict:
    """The predictor's own state, with our pictures in place of files that it reads by another resampling."""
    import cv2

    for index in range(len(shot)):
        cv2.imwrite(str(tmp_path / f"{index:05}.jpg"), np.zeros((*SHAPE, 3), np.uint8))
    state = predictor.init_state(str(tmp_path))
    state["images"] = [network.input(image)[0] for image in shot]
    state["cached_features"].clear()
    return state


def propagated(predictor: SAM2VideoPredictor, state: dict, **range_of: object) -> dict[int, dict[str, Mask]]:
    found = {}
    for frame, names, logits in predictor.propagate_in_video(state, **range_of):
        found[frame] = {name: probabilities(one[0]) for name, one in zip(names, logits, strict=True)}
    return found


def furthest(ours: dict[int, dict[str, Mask]], theirs: dict[int, dict[str, Mask]]) -> float:
    assert ours and all(set(ours[frame]) == set(theirs[frame]) for frame in ours)
    return max(float(np.abs(ours[f][name] - theirs[f][name]).max()) for f in ours for name in ours[f])


def tracked(tracking: Sam2Tracking, shot: list[np.ndarray], frames: range) -> dict[int, dict[str, Mask]]:
    return {f: {name: one.mask for name, one in tracking.step(f, shot[f]).items()} for f in frames}


def test_streaming_forward_gives_what_the_video_predictor_gives(network, predictor, shot, tmp_path):
    state = state_of(predictor, network, shot, tmp_path)
    predictor.add_new_mask(state, 0, "box", square(10) > 0)
    theirs = propagated(predictor, state)
    tracking = Sam2Tracking(network)
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    assert furthest(tracked(tracking, shot, range(1, FRAMES)), theirs) < SAME


def test_streaming_backward_gives_what_the_video_predictor_gives(network, predictor, shot, tmp_path):
    state = state_of(predictor, network, shot, tmp_path)
    last = FRAMES - 1
    predictor.add_new_mask(state, last, "box", square(10 + 3 * last) > 0)
    theirs = propagated(predictor, state, reverse=True, start_frame_idx=last)
    tracking = Sam2Tracking(network)
    tracking.add_keyframe(last, shot[last], {"box": square(10 + 3 * last)})
    assert furthest(tracked(tracking, shot, range(last - 1, -1, -1)), theirs) < SAME


def test_a_correction_in_the_middle_gives_what_the_video_predictor_gives(network, predictor, shot, tmp_path):
    state = state_of(predictor, network, shot, tmp_path)
    predictor.add_new_mask(state, 0, "box", square(10) > 0)
    theirs = propagated(predictor, state, max_frame_num_to_track=9)
    predictor.add_new_mask(state, 9, "box", square(40) > 0)
    corrected = propagated(predictor, state, start_frame_idx=9)
    tracking = Sam2Tracking(network)
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    ours = tracked(tracking, shot, range(1, 10))
    tracking.add_keyframe(9, shot[9], {"box": square(40)})
    after = tracked(tracking, shot, range(10, FRAMES))
    assert furthest(ours, theirs) < SAME
    assert furthest(after, corrected) < SAME
    uncorrected = Sam2Tracking(network)
    uncorrected.add_keyframe(0, shot[0], {"box": square(10)})
    assert furthest(after, tracked(uncorrected, shot, range(1, FRAMES))) > 10 * SAME, "the correction must matter"


def test_two_objects_one_added_in_mid_shot_give_what_the_video_predictor_gives(network, predictor, shot, tmp_path):
    state = state_of(predictor, network, shot, tmp_path)
    predictor.add_new_mask(state, 0, "box", square(10) > 0)
    propagated(predictor, state, max_frame_num_to_track=5)
    predictor.add_new_mask(state, 6, "wall", square(70, 0, 15) > 0)
    theirs = propagated(predictor, state, start_frame_idx=6)
    tracking = Sam2Tracking(network)
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    tracked(tracking, shot, range(1, 7))
    tracking.add_keyframe(6, shot[6], {"wall": square(70, 0, 15)})
    ours = tracked(tracking, shot, range(7, FRAMES))
    shared = {f: dict(zip(m, share_exclusively(list(m.values())), strict=True)) for f, m in theirs.items()}
    assert furthest(ours, shared) < SAME
    assert not any(((one["box"] >= 0.5) & (one["wall"] >= 0.5)).any() for one in ours.values())


def test_memory_stays_the_same_however_long_the_shot_is(network, shot):
    tracking = Sam2Tracking(network)
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    held = []
    for frame in range(1, 60):
        tracking.step(frame, shot[frame % FRAMES])
        held.append(sum(len(memory.passed) + len(memory.keyed) for memory in tracking._memories.values()))
    assert held[-1] == held[20] <= 17


def test_a_resumed_track_goes_on_and_a_released_network_is_loaded_again(network, shot):
    first, second = Sam2Tracking(network), Sam2Tracking(network)
    for tracking in (first, second):
        tracking.add_keyframe(0, shot[0], {"box": square(10)})
        tracking.resume(8, shot[8], {"box": square(34)})
    assert furthest(tracked(first, shot, range(9, 12)), tracked(second, shot, range(9, 12))) == 0


@pytest.mark.parametrize("shape", [(70, 111), (300, 41), (1, 40), (128, 128)])
def test_prompts_give_what_the_image_predictor_gives(network, shape):
    image = np.random.default_rng(7).integers(0, 255, (*shape, 3), np.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # the package still uses torch.jit
        theirs = SAM2ImagePredictor(network.model)
    theirs._bb_feat_sizes = [(SIDE // cell, SIDE // cell) for cell in (4, 8, 16)]  # it takes 1024 for granted
    theirs.set_image(image)
    frame = Sam2Frame(network, image)
    inside, outside = (shape[1] * 0.4, shape[0] * 0.5), (shape[1] * 0.9, shape[0] * 0.1)
    masks, scores, _ = theirs.predict(*as_theirs([inside], shape), multimask_output=True, return_logits=True)
    ours = frame.choices(Prompt(positive=(inside,)))
    assert [one.confidence for one in ours] == pytest.approx(sorted(scores, reverse=True), abs=1e-5)
    best = probabilities(torch.from_numpy(masks[scores.argmax()]))
    assert np.abs(ours[0].mask - best).max() < SAME
    coords, _ = as_theirs([inside, outside], shape)
    masks, _, _ = theirs.predict(coords, np.array([1, 0]), multimask_output=False, return_logits=True)
    both = frame.segment(Prompt(positive=(inside,), negative=(outside,))).mask
    assert np.abs(both - probabilities(torch.from_numpy(masks[0]))).max() < SAME


def as_theirs(points: list[tuple[float, float]], shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Points as the predictor counts: it adds half a pixel of the network's input, whatever the picture's size."""
    half = np.array([shape[1], shape[0]]) / SIDE / 2
    return np.array(points) - half, np.ones(len(points), np.int32)


def test_a_second_click_costs_no_second_encoding(network, shot, monkeypatch):
    frame = Sam2Frame(network, shot[0])
    calls = []
    monkeypatch.setattr(type(network), "encode", lambda *_: calls.append(1))
    first = frame.segment(Prompt(positive=((25.0, 35.0),)))
    frame.segment(Prompt(positive=((25.0, 35.0),), negative=((100.0, 5.0),)), first.mask)
    assert not calls


def test_a_large_plate_is_looked_at_again_from_near_where_both_looks_agree(network, shot, monkeypatch):
    plate = np.kron(shot[0], np.ones((8, 8, 1), np.uint8))
    seen = []
    encode = Sam2Network.encode
    monkeypatch.setattr(Sam2Network, "encode", lambda self, image: seen.append(image.shape) or encode(self, image))
    frame = Sam2Frame(network, plate)
    far = np.zeros(plate.shape[:2], np.float32)
    far[160:400, 80:320] = 1
    frame.look_closer(Prompt(positive=((200.0, 280.0),)), Segmentation(far, 0.9))
    again = frame.look_closer(Prompt(positive=((204.0, 281.0),)), Segmentation(far, 0.9))
    assert seen == [plate.shape, (360, 360, 3)], "the object with a quarter of its size around it, once"
    outside = np.ones(far.shape, bool)
    outside[100:460, 20:380] = False
    assert np.array_equal(again.mask[outside], far[outside])


def test_a_small_plate_is_looked_at_once(network, shot, monkeypatch):
    frame = Sam2Frame(network, shot[0])
    monkeypatch.setattr(Sam2Network, "encode", lambda *_: pytest.fail("looked again"))
    found = Segmentation(square(10), 0.9)
    assert frame.look_closer(Prompt(positive=((20.0, 30.0),)), found) is found
