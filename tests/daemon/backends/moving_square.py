"""A red square that moves right over noise, and its masks: what trackers are compared on."""

import numpy as np

from roto_daemon.backends.base import Image, Mask


def draw_shot(shape: tuple[int, int], count: int, top: int, side: int, step: int) -> list[Image]:
    """``count`` frames of (height, width); the square begins at 10 px and moves ``step`` px a frame."""
    ground = np.random.default_rng(5).integers(0, 255, (*shape, 3), np.uint8)
    frames = []
    for index in range(count):
        image = ground.copy()
        image[top : top + side, 10 + step * index : 10 + side + step * index] = (200, 40, 30)
        frames.append(image)
    return frames


def draw_square(shape: tuple[int, int], left: int, top: int, side: int) -> Mask:
    """The mask of a square."""
    mask = np.zeros(shape, np.float32)
    mask[top : top + side, left : left + side] = 1
    return mask
