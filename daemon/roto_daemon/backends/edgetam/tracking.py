"""EdgeTAM's memory through a shot by streaming: the library's own session, emptied of what no later frame reads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from transformers.models.edgetam_video.modeling_edgetam_video import EdgeTamVideoInferenceSession

from roto_daemon.backends.base import Image, Mask, TrackedMask, TrackState
from roto_daemon.backends.edgetam.network import EdgeTamNetwork
from roto_daemon.backends.neural.picture import enlarge, probabilities, squeezed_mask
from roto_daemon.backends.tracked import decidedness, keep_last, share_exclusively


class EdgeTamTracking:
    """A running track. Time is counted in frames seen, in the direction of travel."""

    def __init__(self, network: EdgeTamNetwork) -> None:
        self._network = network
        kind = network.device.kind
        self._session = EdgeTamVideoInferenceSession(
            inference_device=kind, inference_state_device=kind, video_storage_device=kind, dtype=torch.float32
        )
        self._masks: dict[str, Mask] = {}
        self._index = -1
        self._frame: int | None = None

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        self._arrive(frame)
        for name, mask in masks.items():
            self._tell_session(name, mask)
        self._masks.update(masks)
        self._run(image)

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        known = {name for name in masks if name in self._masks}
        self.add_keyframe(frame, image, masks)
        for name in known:
            self._doubt(name)

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:
        if not self._masks:
            return {}
        self._arrive(frame)
        logits, presence = self._run(image)
        masks = share_exclusively([probabilities(one) for one in enlarge(logits[:, 0], image.shape[:2])])
        return {name: self._tell(name, mask, p) for name, mask, p in zip(self._masks, masks, presence, strict=True)}

    def _arrive(self, frame: int) -> None:
        if frame != self._frame:
            self._index += 1
            self._frame = frame

    def _run(self, image: Image) -> tuple[torch.Tensor, list[float]]:
        """Logits (objects, 1, side, side) and how present each object is (0..1) on the frame we stand on."""
        model = self._network.for_shots
        with self._network.device.run():
            answer = model(self._session, frame_idx=self._index, frame=self._network.input(image))
            presence = torch.sigmoid(answer.object_score_logits.float()).flatten().tolist()
        self._forget()
        return answer.pred_masks.float(), presence

    def _tell_session(self, name: str, mask: Mask) -> None:
        """A mask that counts where at least half of a pixel is covered; it conditions, whatever was tracked here."""
        session, size = self._session, self._network.image_size
        number = session.obj_id_to_idx(_number(name, self._masks))
        self._masks.setdefault(name, mask)
        session.frames_tracked_per_obj[number].pop(self._index, None)
        session.output_dict_per_obj[number]["non_cond_frame_outputs"].pop(self._index, None)
        decided = squeezed_mask((mask >= 0.5).astype(np.float32), size, self._network.device.kind)
        session.add_mask_inputs(number, self._index, (decided >= 0.5).float())
        session.obj_with_new_inputs.append(session.obj_idx_to_id(number))

    def _doubt(self, name: str) -> None:
        """What was given last for an object is believed, but not the truth: it ages as tracked frames do."""
        outputs = self._session.output_dict_per_obj[list(self._masks).index(name)]
        outputs["non_cond_frame_outputs"][self._index] = outputs["cond_frame_outputs"].pop(self._index)

    def _forget(self) -> None:
        """Let go of pictures and outputs that lie farther back than the network reads."""
        config, session = self._network.for_shots.config, self._session
        oldest = self._index - max(config.num_maskmem, config.max_object_pointers_in_encoder)
        session.processed_frames = {i: one for i, one in (session.processed_frames or {}).items() if i == self._index}
        for outputs in session.output_dict_per_obj.values():
            kept = {i: output for i, output in outputs["non_cond_frame_outputs"].items() if i > oldest}
            outputs["non_cond_frame_outputs"] = kept
        for number, tracked in session.frames_tracked_per_obj.items():
            session.frames_tracked_per_obj[number] = {i: how for i, how in tracked.items() if i > oldest}

    def _tell(self, name: str, mask: Mask, presence: float) -> TrackedMask:
        tracked = keep_last(mask, presence * decidedness(mask), presence > 0.5, self._masks[name])
        if tracked.state is not TrackState.NEEDS_CLICK:
            self._masks[name] = mask
        return tracked


def _number(name: str, known: Mapping[str, Mask]) -> int:
    """The session's own id of an object: objects are numbered as they come."""
    return list(known).index(name) if name in known else len(known)
