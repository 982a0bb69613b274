"""SAM 2's memory through a shot by streaming: frames come one by one, and what no later frame reads is let go.

Every object has a memory of its own, as in the package's video predictor: frames that an artist keyed stay, of the
others as many as the memory attention reads. The predictor wants all frames beforehand and keeps all results; the
numbers are the same, apart from two of its habits: it divides the age of a pointer by the number of frames where there
are fewer than 16, and it reads keyframes that lie ahead. ``tests`` compare both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from roto_daemon.backends.base import Image, Mask, Prompt, Segmentation, TrackedMask, TrackState
from roto_daemon.backends.neural.picture import enlarge, probabilities, squeezed_mask
from roto_daemon.backends.neural.region import LARGE
from roto_daemon.backends.sam2.network import Features, Sam2Network
from roto_daemon.backends.sam2.prompting import Sam2Frame
from roto_daemon.backends.tracked import decidedness, keep_last, share_exclusively

ENDLESS = 1 << 30
"""Frames in the shot: nobody knows while it streams."""


@dataclass
class Memory:
    """What is known of one object: outputs by index of travel, as the network's own code wants them."""

    keyed: dict[int, dict[str, Any]] = field(default_factory=dict)
    passed: dict[int, dict[str, Any]] = field(default_factory=dict)
    last: Mask | None = None

    def for_network(self) -> dict[str, dict[int, dict[str, Any]]]:
        """Under the names that the network reads."""
        return {"cond_frame_outputs": self.keyed, "non_cond_frame_outputs": self.passed}


class Sam2Tracking:
    """A running track. Time is counted in frames seen, in the direction of travel."""

    def __init__(self, network: Sam2Network) -> None:
        self._network = network
        self._memories: dict[str, Memory] = {}
        self._index = -1
        self._frame: int | None = None
        self._features: Features | None = None

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        features = self._arrive(frame, image)
        for name, mask in masks.items():
            memory = self._memories.setdefault(name, Memory())
            memory.passed.pop(self._index, None)
            memory.keyed[self._index] = self._learn(mask, features)
            memory.last = mask

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        features = self._arrive(frame, image)
        for name, mask in masks.items():
            memory = self._memories.setdefault(name, Memory())
            (memory.passed if memory.keyed else memory.keyed)[self._index] = self._learn(mask, features)
            memory.last = mask

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:
        features = self._arrive(frame, image)
        outputs = {name: self._follow(memory, features) for name, memory in self._memories.items()}
        if not outputs:
            return {}
        logits = torch.cat([output["pred_masks"][0] for output in outputs.values()])
        masks = self._from_near(image, [probabilities(one) for one in enlarge(logits, image.shape[:2])])
        scores = [float(torch.sigmoid(output["object_score_logits"].float())) for output in outputs.values()]
        found = zip(share_exclusively(masks), scores, strict=True)
        return {name: self._tell(name, *one) for name, one in zip(outputs, found, strict=True)}

    def _from_near(self, image: Image, masks: list[Mask]) -> list[Mask]:
        """Masks with the detail of a closer look where the plate is too large for one; the memory keeps its own."""
        if max(image.shape[:2]) <= LARGE * self._network.image_size:
            return masks
        frame = Sam2Frame(self._network, image, self._features)
        return [frame.look_closer(Prompt(), Segmentation(mask, 1.0)).mask for mask in masks]

    def _arrive(self, frame: int, image: Image) -> Features:
        """Be on a frame; a frame that we stand on already is neither encoded again nor counted again."""
        if self._features is None or frame != self._frame:
            self._index += 1
            self._frame = frame
            self._features = self._network.encode(image)
        return self._features

    def _learn(self, mask: Mask, features: Features) -> dict[str, Any]:
        """A given mask as a memory; what is at least half covered counts."""
        model, size = self._network.model, self._network.image_size
        decided = (mask >= 0.5).astype(np.float32)
        given = (squeezed_mask(decided, size, self._network.device.kind) >= 0.5).float()
        with self._network.device.run():
            output = self._run(Memory(), features, given, first=True, remember=False)
            whole = torch.nn.functional.interpolate(output["pred_masks"], (size, size), mode="bilinear")
            remembered, positions = model._encode_new_memory(
                current_vision_feats=features.maps,
                feat_sizes=features.sizes,
                pred_masks_high_res=whole,
                object_score_logits=output["object_score_logits"],
                is_mask_from_pts=True,
            )
        return {**output, "maskmem_features": remembered.to(torch.bfloat16), "maskmem_pos_enc": positions}

    def _follow(self, memory: Memory, features: Features) -> dict[str, Any]:
        with self._network.device.run():
            output = self._run(memory, features, None, first=False, remember=True)
        output["maskmem_features"] = output["maskmem_features"].to(torch.bfloat16)
        memory.passed[self._index] = output
        for index in [index for index in memory.passed if index <= self._index - self._reach()]:
            del memory.passed[index]
        return output

    def _run(
        self, memory: Memory, features: Features, given: torch.Tensor | None, first: bool, remember: bool
    ) -> dict[str, Any]:
        output = self._network.model.track_step(
            frame_idx=self._index,
            is_init_cond_frame=first,
            current_vision_feats=features.maps,
            current_vision_pos_embeds=features.positions,
            feat_sizes=features.sizes,
            point_inputs=None,
            mask_inputs=given,
            output_dict=memory.for_network(),
            num_frames=ENDLESS,
            run_mem_encoder=remember,
        )
        kept = ("pred_masks", "obj_ptr", "object_score_logits", "maskmem_features", "maskmem_pos_enc")
        return {key: output[key] for key in kept}

    def _reach(self) -> int:
        """How many frames back the network reads: masks of the last few, pointers of some more."""
        model = self._network.model
        return max(model.num_maskmem * model.memory_temporal_stride_for_eval, model.max_obj_ptrs_in_encoder)

    def _tell(self, name: str, mask: Mask, presence: float) -> TrackedMask:
        tracked = keep_last(mask, presence * decidedness(mask), presence > 0.5, self._memories[name].last)
        if tracked.state is not TrackState.NEEDS_CLICK:
            self._memories[name].last = np.asarray(mask)
        return tracked
