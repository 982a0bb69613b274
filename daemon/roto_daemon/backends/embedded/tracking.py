"""Following objects through a shot, a frame at a time and in bounded memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from roto_daemon.backends.base import Image, Mask, TrackedMask
from roto_daemon.backends.embedded.edges import decided, guided_filter
from roto_daemon.backends.embedded.grid import Grid
from roto_daemon.backends.embedded.motion import flow_between
from roto_daemon.backends.embedded.network import SaliencyNetwork
from roto_daemon.backends.embedded.target import Scene, Target


class EmbeddedTracking:
    """A running track over one or several objects."""

    def __init__(self, network: SaliencyNetwork) -> None:
        self._network = network
        self._targets: dict[str, Target] = {}
        self._last: Image | None = None

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:  # noqa: ARG002 - unneeded
        grid = Grid.for_plate(*image.shape[:2])
        scene = Scene.still(self._network, grid.shrink_image(image))
        for name, mask in masks.items():
            self._targets.setdefault(name, Target()).correct(scene, grid.shrink_mask(mask))
        self._last = scene.picture

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:  # noqa: ARG002 - unneeded
        grid = Grid.for_plate(*image.shape[:2])
        scene = Scene.still(self._network, grid.shrink_image(image))
        for name, mask in masks.items():
            target = self._targets.setdefault(name, Target())
            target.mask = grid.shrink_mask(mask)
            target.follow(scene, target.mask, np.zeros_like(target.mask))
            target.accept(scene, target.mask)
        self._last = scene.picture

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:  # noqa: ARG002 - unneeded
        grid = Grid.for_plate(*image.shape[:2])
        picture = grid.shrink_image(image)
        last = picture if self._last is None or self._last.shape != picture.shape else self._last
        scene = Scene.still(self._network, picture).moved_by(flow_between(picture, last))
        self._last = picture
        moved = {name: target.moved(scene) for name, target in self._targets.items()}
        guesses = [
            target.follow(scene, moved[name], self._others(moved, name)) for name, target in self._targets.items()
        ]
        tracked: dict[str, TrackedMask] = {}
        for (name, target), guess in zip(self._targets.items(), without_overlap(guesses), strict=True):
            confidence, state = target.accept(scene, guided_filter(picture, guess))
            tracked[name] = TrackedMask(grid.enlarge_mask(decided(target.mask)), confidence, state)
        return tracked

    def _others(self, moved: Mapping[str, Mask], name: str) -> Mask:
        """Where objects other than this one are, as far as they are not lost."""
        seen = [mask for other, mask in moved.items() if other != name and not self._targets[other].is_lost]
        return np.maximum.reduce([np.zeros_like(moved[name]), *seen])


def without_overlap(masks: Sequence[Mask]) -> list[Mask]:
    """Share each pixel out: an object keeps what it claims only where no other claims more."""
    if len(masks) < 2:
        return list(masks)
    stack = np.stack(masks)
    best = stack.argmax(axis=0)
    rest = 1 - stack.max(axis=0)
    return [np.where(best == index, mask, np.minimum(mask, rest)) for index, mask in enumerate(masks)]
