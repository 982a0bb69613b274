"""Cutie through a shot: its own inference core, fed frame by frame.

Keyframes are remembered for good, other frames in its working and long-term memory, which are bounded. The core is
always given the masks of all objects at once, and is told of new ones before: given only some it mixes up which mask is
whose, and it fails on new ones.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from cutie.inference.inference_core import InferenceCore

from roto_daemon.backends.base import Image, Mask, TrackedMask, TrackState
from roto_daemon.backends.cutie.network import CutieNetwork, resize
from roto_daemon.backends.tracked import decidedness, keep_last, share_exclusively


class CutieTracking:
    """A running track. Time is counted in frames seen, in the direction of travel."""

    def __init__(self, network: CutieNetwork) -> None:
        self._network = network
        self._core: InferenceCore | None = None
        self._names: list[str] = []
        self._masks: dict[str, Mask] = {}
        self._frame: int | None = None

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        self._remember(frame, image, masks, for_good=True)

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        self._remember(frame, image, masks, for_good=False)

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:
        if not self._names:
            return {}
        with self._network.device.run():
            found = self._run().step(self._network.picture(image))[1:]
            whole = resize(found.float(), image.shape[:2]).clamp(0, 1).cpu().numpy()
        self._frame = frame
        masks = dict(zip(self._names, share_exclusively(list(whole)), strict=True))
        return {name: self._tell(name, np.ascontiguousarray(mask)) for name, mask in masks.items()}

    def _remember(self, frame: int, image: Image, masks: Mapping[str, Mask], for_good: bool) -> None:
        if self._names and frame != self._frame and not set(self._names) <= set(masks):
            self.step(frame, image)  # where are the objects that nobody speaks of?
        core = self._run()
        if frame == self._frame:
            core.curr_ti -= 1  # the same moment once more
        self._names += [name for name in masks if name not in self._names]
        self._masks.update(masks)
        numbers = list(range(1, len(self._names) + 1))
        core.object_manager.add_new_objects(numbers)
        given = self._network.masks([self._masks[name].astype(np.float32) for name in self._names])
        with self._network.device.run():
            core.step(self._network.picture(image), given, numbers, idx_mask=False, force_permanent=for_good)
        self._frame = frame

    def _run(self) -> InferenceCore:
        """The core with the network that is in memory now: it may have been given back and loaded again."""
        model = self._network.model
        if self._core is None:
            self._core = InferenceCore(model, self._network.settings)
        self._core.network = self._core.image_feature_store.network = model
        return self._core

    def _tell(self, name: str, mask: Mask) -> TrackedMask:
        tracked = keep_last(mask, decidedness(mask), True, self._masks.get(name))
        if tracked.state is not TrackState.NEEDS_CLICK:
            self._masks[name] = mask
        return tracked

    @property
    def remembered_cells(self) -> int:
        """How many cells of all memories are held; bounded however long the shot is, apart from keyframes."""
        memory = self._run().memory
        return sum(key.shape[-1] for store in (memory.work_mem, memory.long_mem) for key in store.k.values())
