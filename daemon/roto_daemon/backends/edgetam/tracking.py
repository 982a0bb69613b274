"""EdgeTAM's memory through a shot by streaming: the library's own sessions, emptied of what no later frame reads.

Every object has a session of its own; they share the features of the frame. In one session the library fails on a frame
where one object is keyed and another is tracked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from transformers.models.edgetam_video.modeling_edgetam_video import (
    EdgeTamVideoInferenceCache,
    EdgeTamVideoInferenceSession,
)

from roto_daemon.backends.base import Image, Mask, TrackedMask, TrackState
from roto_daemon.backends.edgetam.network import EdgeTamNetwork
from roto_daemon.backends.neural.picture import enlarge, probabilities, squeezed_mask
from roto_daemon.backends.tracked import decidedness, keep_last, share_exclusively

ONLY = 0
"""The number of the one object of a session."""


class EdgeTamTracking:
    """A running track. Time is counted in frames seen, in the direction of travel."""

    def __init__(self, network: EdgeTamNetwork) -> None:
        self._network = network
        self._cache = EdgeTamVideoInferenceCache(network.device.kind, network.device.kind)
        self._sessions: dict[str, EdgeTamVideoInferenceSession] = {}
        self._masks: dict[str, Mask] = {}
        self._index = -1
        self._frame: int | None = None

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        picture = self._arrive(frame, image)
        for name, mask in masks.items():
            session = self._sessions.setdefault(name, self._new_session())
            self._condition(session, mask)
            self._run(session, picture)
            self._masks[name] = mask

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        known = set(self._sessions)
        self.add_keyframe(frame, image, masks)
        for name in known & set(masks):
            outputs = self._sessions[name].output_dict_per_obj[ONLY]
            outputs["non_cond_frame_outputs"][self._index] = outputs["cond_frame_outputs"].pop(self._index)

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:
        if not self._sessions:
            return {}
        picture = self._arrive(frame, image)
        answers = [self._run(session, picture) for session in self._sessions.values()]
        logits = torch.cat([logits for logits, _ in answers])
        masks = share_exclusively([probabilities(one) for one in enlarge(logits, image.shape[:2])])
        found = zip(self._sessions, masks, (presence for _, presence in answers), strict=True)
        return {name: self._tell(name, mask, presence) for name, mask, presence in found}

    def _new_session(self) -> EdgeTamVideoInferenceSession:
        kind = self._network.device.kind
        session = EdgeTamVideoInferenceSession(
            inference_device=kind, inference_state_device=kind, video_storage_device=kind, dtype=torch.float32
        )
        session.cache = self._cache
        return session

    def _arrive(self, frame: int, image: Image) -> torch.Tensor:
        if frame != self._frame:
            self._index += 1
            self._frame = frame
        return self._network.input(image)

    def _condition(self, session: EdgeTamVideoInferenceSession, mask: Mask) -> None:
        """A mask that counts where at least half of a pixel is covered; it conditions, whatever was tracked here."""
        session.obj_id_to_idx(ONLY)
        session.frames_tracked_per_obj[ONLY].pop(self._index, None)
        session.output_dict_per_obj[ONLY]["non_cond_frame_outputs"].pop(self._index, None)
        decided = squeezed_mask((mask >= 0.5).astype(np.float32), self._network.image_size, self._network.device.kind)
        session.add_mask_inputs(ONLY, self._index, (decided >= 0.5).float())
        session.obj_with_new_inputs.append(ONLY)

    def _run(self, session: EdgeTamVideoInferenceSession, picture: torch.Tensor) -> tuple[torch.Tensor, float]:
        """Logits (1, side, side) and how present the object is (0..1) on the frame we stand on."""
        model = self._network.for_shots
        with self._network.device.run():
            answer = model(session, frame_idx=self._index, frame=picture)
            presence = float(torch.sigmoid(answer.object_score_logits.float()).flatten()[0])
        self._forget(session)
        return answer.pred_masks[:, 0].float(), presence

    def _forget(self, session: EdgeTamVideoInferenceSession) -> None:
        """Let go of pictures and outputs that lie farther back than the network reads."""
        config = self._network.for_shots.config
        oldest = self._index - max(config.num_maskmem, config.max_object_pointers_in_encoder)
        session.processed_frames = None
        outputs = session.output_dict_per_obj[ONLY]
        outputs["non_cond_frame_outputs"] = {i: o for i, o in outputs["non_cond_frame_outputs"].items() if i > oldest}
        tracked = session.frames_tracked_per_obj[ONLY]
        session.frames_tracked_per_obj[ONLY] = {i: how for i, how in tracked.items() if i > oldest}

    def _tell(self, name: str, mask: Mask, presence: float) -> TrackedMask:
        tracked = keep_last(mask, presence * decidedness(mask), presence > 0.5, self._masks[name])
        if tracked.state is not TrackState.NEEDS_CLICK:
            self._masks[name] = mask
        return tracked
