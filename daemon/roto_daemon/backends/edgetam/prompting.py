"""Clicks and boxes on one frame to masks: the frame is encoded once, every prompt costs the decoder alone."""

from __future__ import annotations

import torch

from roto_daemon.backends.base import Image, Mask, Prompt, Segmentation
from roto_daemon.backends.edgetam.network import EdgeTamNetwork
from roto_daemon.backends.neural.picture import enlarge, log_odds, points_of, probabilities, squeezed_mask


class EdgeTamFrame:
    """A frame that was encoded, ready for prompts."""

    def __init__(self, network: EdgeTamNetwork, image: Image) -> None:
        self._network = network
        self._shape = image.shape[:2]
        model = network.for_frames
        with network.device.run():
            self._maps = model.get_image_embeddings(network.input(image))

    def segment(self, prompt: Prompt, previous: Mask | None = None) -> Segmentation:
        if prompt.mask is not None and not (prompt.positive or prompt.negative):
            return Segmentation(prompt.mask, 1.0)
        believed = previous if prompt.mask is None else prompt.mask
        ambiguous = prompt.box is None and believed is None and len(prompt.positive) + len(prompt.negative) == 1
        logits, scores = self._decode(prompt, believed, ambiguous)
        order = torch.argsort(scores, descending=True)
        best, *others = (probabilities(one) for one in enlarge(logits[order], self._shape))
        return Segmentation(best, float(scores[order[0]].clamp(0, 1)), tuple(others))

    def _decode(self, prompt: Prompt, believed: Mask | None, ambiguous: bool) -> tuple[torch.Tensor, torch.Tensor]:
        """Low-resolution logits (n, side, side) and the quality (n,) that the network expects of them."""
        kind, size = self._network.device.kind, self._network.image_size
        model = self._network.for_frames
        with self._network.device.run():
            places, labels = points_of(prompt, self._shape, size, kind)
            answer = model(
                image_embeddings=self._maps,
                input_points=places[None],
                input_labels=labels[None],
                input_masks=None if believed is None else log_odds(squeezed_mask(believed, size // 4, kind)),
                multimask_output=ambiguous,
            )
        return answer.pred_masks[0, 0].float(), answer.iou_scores[0, 0].float()
