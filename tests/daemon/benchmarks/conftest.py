"""A folder of sequences whose truth is known exactly: an ellipse that moves over noise."""

from pathlib import Path

import cv2
import numpy as np
import pytest

WIDTH, HEIGHT, FRAMES, STEP_PX = 120, 90, 6, 3


@pytest.fixture(scope="session")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``moving`` with frames, true masks and a network's (a pixel smaller all round); ``still`` with true masks alone.

    The ellipse moves ``STEP_PX`` to the right a frame with the texture on it; the ground stands still.
    """
    folder = tmp_path_factory.mktemp("sequences")
    texture = np.random.default_rng(7).integers(0, 255, (HEIGHT, WIDTH), dtype=np.uint8)
    texture = np.asarray(cv2.GaussianBlur(texture, (0, 0), 1.5), np.uint8)
    for frame in range(FRAMES):
        mask = ellipse(frame)
        on_it = np.roll(texture, STEP_PX * frame, axis=1) // 2 + 120
        smaller = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8))
        _write(folder / "moving" / "frames", frame, np.where(mask, on_it, texture[::-1] // 2))
        _write(folder / "moving" / "gt", frame, mask * 255)
        _write(folder / "moving" / "osvos", frame, smaller * 255)
        _write(folder / "still" / "gt", frame, ellipse(0) * 255)
    return folder


def ellipse(frame: int) -> np.ndarray:
    x, y = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    return ((x - 45 - STEP_PX * frame) / 26) ** 2 + ((y - 44) / 18) ** 2 <= 1


def _write(folder: Path, frame: int, picture: np.ndarray) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(folder / f"{frame:05}.png"), np.asarray(picture, np.uint8))
