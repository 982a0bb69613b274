"""SAM 2 as Meta's own predictor runs it, and a smaller one: what benchmarks compare with."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from sam2.sam2_image_predictor import SAM2ImagePredictor

from roto_daemon.backends.base import Image, Point
from roto_daemon.backends.neural.device import choose_device
from roto_daemon.backends.sam2.backend import Sam2Backend
from roto_daemon.backends.sam2.network import Sam2Network
from roto_daemon.backends.table import Place, find_model


def reference_click(name: str, place: Place) -> Callable[[Image, Point], object]:
    """A function that encodes a picture and answers a click on it, as the package's documentation does it."""
    device = choose_device(place.device, place.precision, place.compiled)
    network = Sam2Network(name, device, place.store.load_path(find_model(name).weights[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # the package still uses torch.jit
        predictor = SAM2ImagePredictor(network.model)

    def click(image: Image, point: Point) -> object:
        with device.run():
            predictor.set_image(image)
            return predictor.predict(np.array([point]), np.array([1]), multimask_output=True, return_logits=True)

    return click


def small_engine(name: str, image_size: int, place: Place) -> Sam2Backend:
    """The network of random weights at an input of ``image_size`` px."""
    return Sam2Backend(
        name, Sam2Network(name, choose_device(place.device, place.precision, place.compiled), image_size=image_size)
    )
