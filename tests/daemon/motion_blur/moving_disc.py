"""A textured disc that moves over a textured ground while a shutter of known length is open."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

HEIGHT, WIDTH, RADIUS_PX = 160, 240, 34
MOMENTS = 17


def _texture(seed: int, low: int, high: int) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(low, high, (HEIGHT, 3 * WIDTH, 3)).astype(np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 1.5).astype(np.float32)


SKIN, GROUND = _texture(1, 130, 255), _texture(2, 0, 110)[:, :WIDTH]


@dataclass(frozen=True)
class MovingDisc:
    """At frame 0 the disc is in the middle; ``speed_px`` a frame to the right."""

    speed_px: float
    shutter: float

    def opacity_at(self, time: float) -> np.ndarray:
        rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
        distance = np.hypot(columns - WIDTH / 2 - self.speed_px * time, rows - HEIGHT / 2)
        return np.clip(0.5 + RADIUS_PX - distance, 0, 1).astype(np.float32)

    def frame(self, frame: int) -> tuple[np.ndarray, np.ndarray]:
        """The picture, uint8 RGB, and its true alpha."""
        light, alpha = np.zeros_like(GROUND), np.zeros((HEIGHT, WIDTH), np.float32)
        for moment in (np.arange(MOMENTS) + 0.5) / MOMENTS - 0.5:
            time = frame + moment * self.shutter
            there = self.opacity_at(time)
            shift = np.float32([[1, 0, self.speed_px * time - WIDTH], [0, 1, 0]])
            light += there[..., None] * cv2.warpAffine(SKIN, shift, (WIDTH, HEIGHT)) / MOMENTS
            alpha += there / MOMENTS
        return np.rint(light + (1 - alpha[..., None]) * GROUND).astype(np.uint8), alpha
