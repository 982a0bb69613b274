"""Cutie against its own inference core, with random weights: the same numbers, and rules that the core breaks."""

import numpy as np
import pytest
import torch
from cutie.inference.inference_core import InferenceCore
from cutie.model.utils import resnet
from tests.daemon.backends.moving_square import draw_shot, draw_square

from roto_daemon.backends.base import Mask
from roto_daemon.backends.cutie.backend import CutieBackend
from roto_daemon.backends.cutie.network import CutieNetwork, build, seen_shape
from roto_daemon.backends.cutie.tracking import CutieTracking
from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.tracked import share_exclusively

SHAPE = (96, 128)
FRAMES = 16
SAME = 1e-5
"""Of probabilities; they agree to the bit on a CPU."""


@pytest.fixture(scope="module")
def network(tmp_path_factory) -> CutieNetwork:
    torch.manual_seed(4)
    made = build("small")
    made.mask_decoder.pred.weight.data *= 40  # masks that are sure of something somewhere
    weights = tmp_path_factory.mktemp("cutie") / "cutie-small.pth"
    save_weights(made, weights)
    return CutieNetwork("small", Device("cpu"), weights)


@pytest.fixture(scope="module")
def shot() -> list[np.ndarray]:
    return draw_shot(SHAPE, FRAMES, top=30, side=40, step=4)


def square(left: int, top: int = 30, side: int = 40) -> Mask:
    return draw_square(SHAPE, left, top, side)


class Reference:
    """The package's core, driven as its documentation says."""

    def __init__(self, network: CutieNetwork) -> None:
        self.network = network
        self.core = InferenceCore(network.model, network.settings)

    @torch.inference_mode()
    def step(self, image: np.ndarray, *masks: Mask, objects: tuple[int, ...] = ()) -> list[Mask]:
        picture = torch.from_numpy(image).permute(2, 0, 1).float() / 255
        given = torch.from_numpy(np.stack(masks)) if masks else None
        self.core.object_manager.add_new_objects(list(objects))
        found = self.core.step(picture, given, list(objects) or None, idx_mask=False, force_permanent=bool(masks))
        return share_exclusively(list(found[1:].numpy()))


def furthest(ours: list[Mask], theirs: list[Mask]) -> float:
    """The largest difference, where the core sees an object at all: where it does not, we give the last mask."""
    pairs = [(one, other) for one, other in zip(ours, theirs, strict=True) if other.max() >= 0.5]
    assert len(pairs) > len(ours) / 2, "most frames must have something to compare"
    return max(float(np.abs(one - other).max()) for one, other in pairs)


def test_a_track_gives_what_the_inference_core_gives(network, shot):
    reference, tracking = Reference(network), CutieTracking(network)
    reference.step(shot[0], square(10), square(80, 0, 25), objects=(1, 2))
    tracking.add_keyframe(0, shot[0], {"box": square(10), "wall": square(80, 0, 25)})
    theirs = [mask for frame in range(1, FRAMES) for mask in reference.step(shot[frame])]
    ours = [one.mask for frame in range(1, FRAMES) for one in tracking.step(frame, shot[frame]).values()]
    assert furthest(ours, theirs) < SAME


def test_a_correction_gives_what_the_inference_core_gives(network, shot):
    reference, tracking = Reference(network), CutieTracking(network)
    reference.step(shot[0], square(10), objects=(1,))
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    for frame in range(1, 6):
        reference.step(shot[frame])
        tracking.step(frame, shot[frame])
    reference.core.curr_ti -= 1
    reference.step(shot[5], square(30), objects=(1,))
    tracking.add_keyframe(5, shot[5], {"box": square(30)})
    theirs = [reference.step(shot[frame])[0] for frame in range(6, FRAMES)]
    ours = [tracking.step(frame, shot[frame])["box"].mask for frame in range(6, FRAMES)]
    assert furthest(ours, theirs) < SAME


def test_an_object_added_in_mid_shot_leaves_the_other_where_it_was_seen(network, shot):
    reference, tracking = Reference(network), CutieTracking(network)
    reference.step(shot[0], square(10), objects=(1,))
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    for frame in range(1, 4):
        reference.step(shot[frame])
        told = tracking.step(frame, shot[frame])["box"].mask
    reference.core.curr_ti -= 1
    reference.step(shot[3], told, square(80, 0, 25), objects=(1, 2))
    tracking.add_keyframe(3, shot[3], {"wall": square(80, 0, 25)})
    theirs = [mask for frame in range(4, 10) for mask in reference.step(shot[frame])]
    steps = [tracking.step(frame, shot[frame]) for frame in range(4, 10)]
    assert all(list(step) == ["box", "wall"] for step in steps)
    assert furthest([one.mask for step in steps for one in step.values()], theirs) < SAME


def test_a_keyframe_of_one_object_on_a_frame_not_yet_seen_follows_the_other_there(network, shot):
    first, second = CutieTracking(network), CutieTracking(network)
    for tracking in (first, second):
        tracking.add_keyframe(0, shot[0], {"box": square(10)})
        tracking.step(1, shot[1])
    first.add_keyframe(2, shot[2], {"wall": square(80, 0, 25)})
    second.step(2, shot[2])
    second.add_keyframe(2, shot[2], {"wall": square(80, 0, 25)})
    one, other = first.step(3, shot[3]), second.step(3, shot[3])
    assert all(np.array_equal(one[name].mask, other[name].mask) for name in ("box", "wall"))


def test_a_track_goes_on_when_its_network_was_given_back_in_the_middle(network, shot):
    backend = CutieBackend("cutie-small", network)
    whole, torn = backend.start_tracking(), backend.start_tracking()
    whole.add_keyframe(0, shot[0], {"box": square(10)})
    through = [whole.step(frame, shot[frame])["box"].mask for frame in range(1, 8)]
    torn.add_keyframe(0, shot[0], {"box": square(10)})
    parts = []
    for frame in range(1, 8):
        parts.append(torn.step(frame, shot[frame])["box"].mask)
        backend.unload()
    assert np.array_equal(through, parts)


def test_building_asks_for_no_weights_of_the_network(monkeypatch):
    monkeypatch.setattr(resnet.model_zoo, "load_url", lambda *_, **__: pytest.fail("downloads"))
    made = {name: getattr(resnet, name) for name in ("resnet18", "resnet50")}
    assert sum(one.numel() for one in build("base").parameters()) > sum(
        one.numel() for one in build("small").parameters()
    )
    assert made == {name: getattr(resnet, name) for name in made}, "the package is left as it was"


def test_memory_is_bounded_however_long_the_shot_is(network, shot):
    tracking = CutieTracking(network)
    tracking.add_keyframe(0, shot[0], {"box": square(10)})
    held = []
    for frame in range(1, 160):
        tracking.step(frame, shot[frame % FRAMES])
        held.append(tracking.remembered_cells)
    cells, memory = (SHAPE[0] // 16) * (SHAPE[1] // 16), network.settings.long_term
    working = memory.max_mem_frames * cells
    assert max(held) <= working + memory.num_prototypes * (len(held) // 25 + 1), "old frames are condensed"
    assert memory.max_num_tokens == 10000, "and those bounded by the package"


@pytest.mark.parametrize(
    ("plate", "seen"),
    [
        ((1080, 1920), (480, 853)),
        ((480, 854), (480, 854)),
        ((1, 1), (96, 96)),
        ((40, 1), (2048, 51)),
        ((96, 97), (96, 97)),
    ],
)
def test_a_plate_is_seen_in_its_own_proportions(plate, seen):
    assert seen_shape(plate) == seen
