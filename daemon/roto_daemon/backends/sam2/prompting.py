"""Clicks and boxes on one frame to masks: the frame is encoded once, every prompt costs the decoder alone."""

from __future__ import annotations

from dataclasses import replace

import torch
from sam2.modeling.sam2_base import SAM2Base

from roto_daemon.backends.base import Image, Mask, Prompt, Segmentation
from roto_daemon.backends.embedded.grid import bounds
from roto_daemon.backends.neural.picture import enlarge, log_odds, points_of, probabilities, squeezed_mask
from roto_daemon.backends.neural.region import Region, agree, closer_look
from roto_daemon.backends.sam2.network import Features, Sam2Network


class Sam2Frame:
    """A frame that was encoded, ready for prompts. On a large plate the surroundings of an object are encoded too."""

    def __init__(self, network: Sam2Network, image: Image, features: Features | None = None) -> None:
        self._network = network
        self._image = image
        self._shape = image.shape[:2]
        self._maps = (features or network.encode(image)).pictures()
        self._closer: tuple[Region, Sam2Frame] | None = None

    def segment(self, prompt: Prompt, previous: Mask | None = None) -> Segmentation:
        if prompt.mask is not None and not (prompt.positive or prompt.negative):
            return Segmentation(prompt.mask, 1.0)
        surest, *others = self.choices(prompt, previous if prompt.mask is None else prompt.mask)
        return replace(self.look_closer(prompt, surest), alternatives=tuple(one.mask for one in others))

    def choices(self, prompt: Prompt, previous: Mask | None = None) -> tuple[Segmentation, ...]:
        """What the prompt may mean, surest first: three masks for a first click alone, else one."""
        ambiguous = prompt.box is None and previous is None and len(prompt.positive) + len(prompt.negative) == 1
        logits, scores = self._decode(prompt, previous, ambiguous)
        masks = enlarge(logits, self._shape)
        order = torch.argsort(scores, descending=True).tolist()
        return tuple(Segmentation(probabilities(masks[i]), float(scores[i].clamp(0, 1))) for i in order)

    def look_closer(self, prompt: Prompt, found: Segmentation) -> Segmentation:
        """What ``found`` looks like from near, where the plate is too large for one look and both looks agree."""
        region = closer_look(found.mask, prompt, self._network.image_size)
        if region is None:
            return found
        near, frame = self._frame_near(region)
        part = near.crop(found.mask)
        there = near.prompt(prompt)
        closer = frame.choices(there, part)[0] if there.positive or there.box else frame.choices(_boxed(part), part)[0]
        if not agree(part, closer.mask):
            return found
        return replace(found, mask=near.paste(closer.mask, found.mask))

    def _frame_near(self, region: Region) -> tuple[Region, Sam2Frame]:
        if self._closer is None or not self._closer[0].holds(region):
            self._closer = region, Sam2Frame(self._network, region.crop(self._image))
        return self._closer

    def _decode(self, prompt: Prompt, previous: Mask | None, ambiguous: bool) -> tuple[torch.Tensor, torch.Tensor]:
        """Low-resolution logits (n, side, side) and the quality (n,) that the network expects of them."""
        model, size, kind = self._network.model, self._network.image_size, self._network.device.kind
        with self._network.device.run():
            points = points_of(prompt, self._shape, size, kind)
            finer, coarse = _for_decoder(model, self._maps)
            sparse, dense = model.sam_prompt_encoder(points=points, boxes=None, masks=self._believed(previous))
            logits, scores, _, _ = model.sam_mask_decoder(
                image_embeddings=coarse,
                image_pe=model.sam_prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=ambiguous,
                repeat_image=False,
                high_res_features=finer,
            )
        return logits[0], scores[0].float()

    def _believed(self, previous: Mask | None) -> torch.Tensor | None:
        if previous is None:
            return None
        return log_odds(squeezed_mask(previous, self._network.image_size // 4, self._network.device.kind))


def _for_decoder(model: SAM2Base, maps: list[torch.Tensor]) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Fine maps and the coarse one, which a frame without a past gets a mark for (as in training on videos)."""
    *finer, coarse = maps
    if model.directly_add_no_mem_embed:
        coarse = coarse + model.no_mem_embed.reshape(1, -1, 1, 1)
    return finer, coarse


def _boxed(mask: Mask) -> Prompt:
    return Prompt(box=bounds(mask))
