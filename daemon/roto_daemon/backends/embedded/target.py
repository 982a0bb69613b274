"""One tracked object: four kinds of evidence for where it is, each trusted as far as it has proved right.

Warp: the last mask carried by the optical flow. Saliency: the network on the object's neighbourhood. Match: labels
propagated from remembered frames. Colour: histograms of the object and its surroundings. A keyframe shows how well
saliency and colour tell this object from its neighbourhood, and every accepted frame updates that trust, so that an
object which the network overlooks is followed by the other three.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import cv2
import numpy as np

from roto_daemon.backends.base import Box, Image, Mask, TrackState
from roto_daemon.backends.embedded.appearance import ColourIndex, ColourModel, colour_index
from roto_daemon.backends.embedded.geodesic import Field, to_logit, to_probability
from roto_daemon.backends.embedded.grid import bounds, grow, pad, slices, window
from roto_daemon.backends.embedded.likeness import Likeness
from roto_daemon.backends.embedded.matching import TOKENS, Memory, View, propagate, recall
from roto_daemon.backends.embedded.motion import Flow, pull_back
from roto_daemon.backends.embedded.network import SaliencyNetwork
from roto_daemon.backends.tracked import decidedness
from roto_geometry.measure.mask_metrics import jaccard

LOOK_SIZE = 160
LOOK_MARGIN = 0.3
SMALLEST_MARGIN_PX = 8.0
KEYFRAME_MEMORIES = 3
RECENT_FRAMES = 15

WARP_WEIGHT = 0.35
WEIGHTS = {"saliency": 0.9, "match": 1.0, "colour": 0.3}

SEARCH_MARGIN, SEARCH_GROWTH, LARGEST_SEARCH_MARGIN = 0.7, 0.15, 2.5
"""How far around its last good box a lost target is looked for, in box sizes: at first, more a frame, at most."""

SMALLEST_SHARE = 0.45
"""A target may not shrink below this share of its recent median area in one go: what is left is then a guess."""

WHOLE_SHARE = 0.85
"""From this share of its recent median area on a target counts as seen whole, and its likeness is kept."""

COLOUR_RATE = 0.05
TRUST_RATE = 0.1
LEARNT_FROM = 0.6

UNCERTAIN_BELOW, LOST_BELOW = 0.72, 0.35
"""What an artist is told. Seven sequences were followed to both sides from a true mask (824 frames): of the frames
below .72, 17 in 20 have a J below .7 and all but 2 % one below .8; of those above, 9 % have one below .7. Small
objects, whose edges are most of them, get less: what goes well has .79 and more, and .72 in pictures of half the size.
"""


@dataclass(frozen=True)
class Scene:
    """One frame on the grid, with what all targets share on it."""

    network: SaliencyNetwork
    picture: Image
    colours: ColourIndex
    flow: Flow | None = None

    @classmethod
    def still(cls, network: SaliencyNetwork, picture: Image) -> Scene:
        return cls(network, picture, colour_index(picture))

    def moved_by(self, flow: Flow) -> Scene:
        return replace(self, flow=flow)

    def look(self, box: Box, margin: float = LOOK_MARGIN) -> tuple[Mask, View]:
        """Saliency around ``box``, in its window's shape, and the window's patches."""
        x0, y0, x1, y1 = seen = window(pad(grow(box, margin), SMALLEST_MARGIN_PX), self.picture.shape[:2])
        saliency, features = self.network.describe(self.picture[y0:y1, x0:x1], LOOK_SIZE, TOKENS)
        return saliency, View.of(features, seen, box)


class Target:
    """What is known of one object. ``mask`` is its mask on the latest frame."""

    def __init__(self) -> None:
        self.mask: Mask = np.zeros((1, 1), dtype=np.float32)
        self._keyframes: deque[Memory] = deque(maxlen=KEYFRAME_MEMORIES)
        self._recent: Memory | None = None
        self._view: View | None = None
        self._colours: ColourModel | None = None
        self._areas: deque[float] = deque(maxlen=RECENT_FRAMES)
        self._trust = dict.fromkeys(WEIGHTS, 0.0)
        self._seen: dict[str, Mask] = {}
        self._forced = 0.0
        self._lost_frames = 0
        self._box: Box | None = None
        self._likeness: Likeness | None = None

    def correct(self, scene: Scene, mask: Mask) -> None:
        """Take ``mask`` as the truth on a keyframe."""
        self.mask = mask
        self._areas.clear()
        box = bounds(mask)
        if box is None:
            return
        self._areas.append(float(mask.sum()))
        self._box, self._lost_frames = box, 0
        self._likeness = Likeness.of(scene.picture, mask)
        saliency, view = scene.look(box)
        memory = Memory.of(view, mask)
        self._keyframes.append(memory)
        self._recent = None
        if self._colours is None:
            self._colours = ColourModel(scene.colours, mask)
        else:
            self._colours.learn(scene.colours, mask, 0.5)
        inside = slices(view.window)
        colour = to_probability(self._colours.evidence(scene.colours[inside]))
        self._seen = {"saliency": saliency, "match": recall(memory), "colour": colour}
        self._learn_trust(mask[inside], 1.0)

    @property
    def is_lost(self) -> bool:
        """Whether it is looked for."""
        return self._lost_frames > 0

    def moved(self, scene: Scene) -> Mask:
        """The last mask, moved along with the picture."""
        return self.mask if scene.flow is None else pull_back(self.mask, scene.flow)

    def follow(self, scene: Scene, warped: Mask, others: Mask) -> Mask:
        """The target's probability on the next frame, to which its last mask is ``warped``.

        While it is lost, it takes nothing of what ``others`` cover.
        """
        guess = self._guess(scene, warped, others)
        return np.minimum(guess, 1 - others) if self.is_lost else guess

    def _guess(self, scene: Scene, warped: Mask, others: Mask) -> Mask:
        if self.is_lost:
            found = self._search(scene, others)
            warped = warped if found is None else found
        box = bounds(warped) or self._box
        if box is None or self._colours is None or not self._keyframes:
            self._view = None
            return warped
        saliency, self._view = scene.look(box)
        inside = slices(self._view.window)
        colour = to_probability(self._colours.evidence(scene.colours[inside]))
        match = propagate(self._view, self._memories())
        self._seen = {"saliency": saliency, "match": match, "colour": colour}
        logit = WARP_WEIGHT * to_logit(warped[inside])
        for name, seen in self._seen.items():
            logit = logit + WEIGHTS[name] * believed(self._trust[name]) * to_logit(seen)
        guess = np.zeros_like(warped)
        guess[inside] = to_probability(self._held(logit))
        return guess

    def accept(self, scene: Scene, mask: Mask) -> tuple[float, TrackState]:
        """Take ``mask`` as the target on this frame; say how sure it is, and learn from it where it is sure."""
        self.mask = mask
        if self._view is None or self._colours is None:
            return 0.0, TrackState.NEEDS_CLICK
        inside = slices(self._view.window)
        agreement = max(overlap(seen, mask[inside]) for seen in self._seen.values())
        confidence = decidedness(mask) * (0.5 + 0.5 * agreement) * (1 - self._forced)
        state = state_at(confidence)
        self._lost_frames = self._lost_frames + 1 if state is TrackState.NEEDS_CLICK else 0
        if confidence >= LEARNT_FROM:
            self._box = bounds(mask)
            self._areas.append(float(mask.sum()))
            self._colours.learn(scene.colours, mask, COLOUR_RATE)
            self._learn_trust(mask[inside], TRUST_RATE)
            self._recent = Memory.of(self._view, mask)
            if float(mask.sum()) >= WHOLE_SHARE * float(np.median(self._areas)):
                self._likeness = Likeness.of(scene.picture, mask)
        return confidence, state

    def _memories(self) -> list[Memory]:
        return [*self._keyframes] if self._recent is None else [*self._keyframes, self._recent]

    def _search(self, scene: Scene, others: Mask) -> Mask | None:
        """Look for a lost target: in an ever larger neighbourhood for a part of the frame of its size and its looks;
        where there is none, in all of the frame for what looks as it did when it was last seen whole."""
        nearby = self._search_nearby(scene, others)
        if nearby is not None or self._likeness is None:
            return nearby
        found = self._likeness.find(scene.picture)
        is_theirs = found is not None and float(found[others >= 0.5].sum()) > float(found.sum()) / 2
        return None if is_theirs else found

    def _search_nearby(self, scene: Scene, others: Mask) -> Mask | None:
        if self._box is None or self._colours is None:
            return None
        margin = min(SEARCH_MARGIN + SEARCH_GROWTH * self._lost_frames, LARGEST_SEARCH_MARGIN)
        saliency, view = scene.look(self._box, margin)
        inside = slices(view.window)
        colour = self._colours.evidence(scene.colours[inside])
        match = propagate(view, self._memories(), place_weight=0.0)
        likely = (to_logit(saliency) + to_logit(match) + colour > 0).astype(np.uint8)
        likely[others[inside] >= 0.5] = 0
        count, labels = cv2.connectedComponents(likely, connectivity=8)
        areas = np.bincount(labels.ravel(), minlength=count)
        looks = np.bincount(labels.ravel(), (colour + to_logit(match)).ravel(), minlength=count)
        expected = float(np.median(self._areas))
        fits = (areas > expected * SMALLEST_SHARE) & (areas < expected / SMALLEST_SHARE) & (looks > 0)
        fits[0] = False
        if not fits.any():
            return None
        found = np.zeros_like(self.mask)
        found[inside] = labels == np.where(fits, looks, -np.inf).argmax()
        return found

    def _held(self, logit: Field) -> Field:
        """Raise ``logit`` evenly until the target is no smaller than it may be, and remember by how much."""
        least = int(SMALLEST_SHARE * float(np.median(self._areas))) if self._areas else 0
        least = min(least, logit.size - 1)
        level = float(np.partition(logit.ravel(), logit.size - 1 - least)[logit.size - 1 - least])
        raised = max(0.0, -level)
        self._forced = min(1.0, raised / 2)
        return logit + raised

    def _learn_trust(self, mask: Mask, rate: float) -> None:
        for name, seen in self._seen.items():
            self._trust[name] += rate * (overlap(seen, mask) - self._trust[name])


def believed(trust: float) -> float:
    """The weight of evidence that has had ``trust`` (its intersection over union with the truth)."""
    return float(np.clip((trust - 0.15) / 0.5, 0, 1))


def overlap(a: Mask, b: Mask) -> float:
    """Intersection over union of two masks."""
    return jaccard(a >= 0.5, b >= 0.5)


def state_at(confidence: float) -> TrackState:
    """What a confidence means for the artist."""
    if confidence < LOST_BELOW:
        return TrackState.NEEDS_CLICK
    return TrackState.UNCERTAIN if confidence < UNCERTAIN_BELOW else TrackState.TRACKED
