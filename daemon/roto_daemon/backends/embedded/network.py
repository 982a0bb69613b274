"""u2netp: the salient object of a picture, as a probability for each pixel (U²-Net-p, Qin et al. 2020)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Box, Image, Mask
from roto_daemon.backends.embedded.grid import resize_image, resize_mask, window
from roto_shared.errors import EngineError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
IMAGENET_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)

FEATURE_STAGES = 2
"""How many of the encoder's stages give features: each residual block ends in a sum, the graph's only additions."""


class SaliencyNetwork:
    """The network behind one method. It loads at the first call and again after ``unload``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session: InferenceSession | None = None

    def probability(self, picture: Image, size: int) -> Mask:
        """How salient each pixel of ``picture`` is (0..1), seen at ``size``²; in the picture's shape."""
        return resize_mask(self._answer(picture, size)[0][0, 0], picture.shape[:2])

    def describe(self, picture: Image, size: int, tokens: int) -> tuple[Mask, NDArray[np.float32]]:
        """The probability, and unit-length features of ``tokens``² patches: (tokens², channels)."""
        seen, *stages = self._answer(picture, size)
        features = np.concatenate([unit_rows(pool(stage[0], tokens)) for stage in stages], axis=1)
        return resize_mask(seen[0, 0], picture.shape[:2]), features / np.float32(np.sqrt(len(stages)))

    def _answer(self, picture: Image, size: int) -> list[NDArray[np.float32]]:
        if self._session is None:
            self._session = open_session(self._path)
        answer = self._session.run(None, {self._session.get_inputs()[0].name: network_input(picture, size)})
        return cast(list[NDArray[np.float32]], answer)

    def look(self, picture: Image, box: Box, size: int) -> Mask:
        """The probability inside ``box`` of ``picture``, and 0 outside of it."""
        x0, y0, x1, y1 = window(box, picture.shape[:2])
        seen = np.zeros(picture.shape[:2], dtype=np.float32)
        seen[y0:y1, x0:x1] = self.probability(picture[y0:y1, x0:x1], size)
        return seen

    def unload(self) -> None:
        """Let go of the session and its memory."""
        self._session = None


def network_input(picture: Image, size: int) -> NDArray[np.float32]:
    """Resize, divide by the brightest value, standardise by ImageNet, as in training: (1, 3, size, size)."""
    resized = resize_image(picture, (size, size))
    scaled = resized.astype(np.float32) / max(1.0, float(resized.max()))
    return np.ascontiguousarray(((scaled - IMAGENET_MEAN) / IMAGENET_STD).transpose(2, 0, 1)[None])


def pool(stage: NDArray[np.float32], tokens: int) -> NDArray[np.float32]:
    """Average a (channels, rows, columns) stage down to (tokens², channels)."""
    pooled = [resize_mask(channel, (tokens, tokens)).ravel() for channel in stage]
    return np.stack(pooled, axis=1)


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Centre each row and bring it to length 1, so that a product of two rows is their correlation."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred / (np.linalg.norm(centred, axis=1, keepdims=True) + np.float32(1e-6))


def open_session(path: Path) -> InferenceSession:
    """Load the model with its input size freed, so that one session serves every size.

    The published file fixes 320 × 320, but its graph derives each inner size from the input; freeing the declared
    sizes gives the same numbers at 320 and half the time of the fixed graph.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read at the import; newer wheels report to their maker
    import onnx
    import onnxruntime

    model = onnx.load(str(path))
    for axis, name in ((2, "height"), (3, "width")):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = name
    fused = model.graph.output[0]
    fused.type.tensor_type.ClearField("shape")
    del model.graph.output[1:]
    sums = [node.output[0] for node in model.graph.node if node.op_type == "Add"]
    for name in sums[:FEATURE_STAGES]:
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError(f"{path} cannot be loaded: {error}", "Run `roto models verify u2netp`.") from error
