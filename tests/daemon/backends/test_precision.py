"""Networks in bfloat16, as GPUs run them: the same answers, coarser. A CPU computes in it too, slowly."""

import numpy as np
import pytest
import torch
from tests.daemon.backends.moving_square import draw_shot, draw_square
from tests.daemon.small_models import small_network, write_words

from roto_daemon.backends.base import Backend, Mask, Prompt
from roto_daemon.backends.cutie.network import CutieNetwork
from roto_daemon.backends.cutie.network import build as build_cutie
from roto_daemon.backends.cutie.tracking import CutieTracking
from roto_daemon.backends.edgetam.backend import EdgeTamBackend
from roto_daemon.backends.edgetam.network import EdgeTamNetwork, build_for_shots
from roto_daemon.backends.grounding_dino import GroundingDino
from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.resident import Resident
from roto_daemon.backends.sam2.backend import Sam2Backend
from roto_daemon.backends.sam2.network import Sam2Network
from roto_daemon.backends.sam2.network import build as build_sam2
from roto_daemon.backends.vitmatte import VitMatte, build, configure

SHAPE = (70, 111)
COARSE = 0.1
"""Probabilities may differ so much: bfloat16 has three digits, and random weights do not settle."""

FULL, HALF = Device("cpu"), Device("cpu", torch.bfloat16)


@pytest.fixture(scope="module", params=["sam2", "edgetam"])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Backend, Backend]:
    folder = tmp_path_factory.mktemp("half")
    torch.manual_seed(5)
    if request.param == "sam2":
        sam2 = build_sam2("sam2.1-tiny", image_size=128)
        sam2.sam_mask_decoder.pred_obj_score_head.layers[-1].bias.data.fill_(2.0)  # present, or nothing is compared
        save_weights(sam2, folder / "sam2.pt")
        one, other = (Sam2Network("sam2.1-tiny", device, folder / "sam2.pt", 128) for device in (FULL, HALF))
        return Sam2Backend("sam2.1-tiny", one), Sam2Backend("sam2.1-tiny", other)
    edgetam = build_for_shots(image_size=256)
    edgetam.mask_decoder.pred_obj_score_head.proj_out.bias.data.fill_(2.0)
    save_weights(edgetam, folder / "edgetam.safetensors")
    one, other = (EdgeTamNetwork(device, folder / "edgetam.safetensors", 256) for device in (FULL, HALF))
    return EdgeTamBackend(one), EdgeTamBackend(other)


def differ(one: Mask, other: Mask) -> float:
    return float(np.abs(one - other).mean())


def test_clicks_and_tracks_are_the_same_but_coarser(engines):
    shot, mask = draw_shot(SHAPE, 4, 20, 30, 3), draw_square(SHAPE, 10, 20, 30)
    clicks = [engine.embed(shot[0]).segment(Prompt(box=(10.0, 20.0, 40.0, 50.0))).mask for engine in engines]
    assert differ(*clicks) < COARSE
    tracks = [engine.start_tracking() for engine in engines]
    for track in tracks:
        track.add_keyframe(0, shot[0], {"a": mask})
    for frame in (1, 2, 3):
        full, half = (track.step(frame, shot[frame])["a"] for track in tracks)
        assert half.mask.dtype == np.float32
        assert full.confidence > 0 and half.confidence > 0
        assert differ(full.mask, half.mask) < COARSE


def test_cutie_follows_in_half_precision(tmp_path):
    torch.manual_seed(5)
    cutie = build_cutie("small")
    cutie.mask_decoder.pred.weight.data *= 40  # masks that are sure of something somewhere
    save_weights(cutie, tmp_path / "cutie.pth")
    shot = draw_shot((96, 128), 3, 30, 40, 4)
    masks = []
    for device in (FULL, HALF):
        track = CutieTracking(CutieNetwork("small", device, tmp_path / "cutie.pth"))
        track.add_keyframe(0, shot[0], {"a": draw_square((96, 128), 10, 30, 40)})
        tracked = track.step(1, shot[1])["a"]
        assert tracked.confidence > 0
        masks.append(tracked.mask)
    assert differ(*masks) < COARSE


def test_vitmatte_mattes_in_half_precision():
    torch.manual_seed(5)
    network = build(configure("vitmatte-small"))
    image = draw_shot((48, 64), 1, 10, 20, 0)[0]
    trimap = np.full((48, 64), 128, np.uint8)
    one, other = (VitMatte("v", Resident(lambda: network, device)).matte(image, trimap) for device in (FULL, HALF))
    assert differ(one, other) < COARSE


def test_grounding_dino_finds_in_half_precision(tmp_path):
    image = draw_shot((60, 91), 1, 10, 20, 0)[0]
    words = write_words(tmp_path / "vocab.txt")
    one, other = (GroundingDino("d", small_network, words, device).detect(image, "cat") for device in (FULL, HALF))
    assert one and other
    assert abs(one[0].confidence - other[0].confidence) < COARSE
