"""OpenColorIO: the studio's configuration, or the built-in ACES one, as conversions to what models and eyes expect."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import numpy as np
import PyOpenColorIO
from numpy.typing import NDArray

from roto_daemon.plates.picture import Pixels, finite
from roto_shared.errors import InputError

ocio: Any = PyOpenColorIO
"""The bindings come without types."""

FAULTS = (ocio.Exception, ocio.ExceptionMissingFile)

BUILT_IN = "ocio://studio-config-latest"
"""The Academy's configuration with camera spaces; it comes with the library."""

MODEL_SPACE, LIGHT = "srgb_rec709_scene", "lin_rec709_scene"
"""Of the built-in configuration, by the names of the Color Interop Forum: display-referred sRGB, and its light."""

DEPTHS = {
    "uint8": ocio.BIT_DEPTH_UINT8,
    "uint16": ocio.BIT_DEPTH_UINT16,
    "float16": ocio.BIT_DEPTH_F16,
    "float32": ocio.BIT_DEPTH_F32,
}

NO_WAY = "Add the role aces_interchange to it, or choose a space of the built-in configuration."


class ColourConfig:
    """An OpenColorIO configuration by its path or ``ocio://`` name. Raises InputError where there is none."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self._config: Any = ocio.Config.CreateFromFile(name)
        except FAULTS as error:
            remedy = "Check the setting ocio and the variable OCIO."
            raise InputError(f"The colour configuration {name} cannot be used: {_first(error)}", remedy) from error
        self._processors: dict[tuple[str, ...], Any] = {}

    def spaces(self) -> list[str]:
        """Names of all active colour spaces."""
        return list(self._config.getColorSpaceNames())

    def views(self) -> dict[str, list[str]]:
        """Names of views by display, the default ones first."""
        displays = {display: list(self._config.getViews(display)) for display in self._config.getDisplays()}
        first = self._config.getDefaultDisplay()
        return {name: displays[name] for name in sorted(displays, key=lambda name: name != first)}

    def find(self, space: str) -> str | None:
        """The full name of a space, role or alias; None where this configuration has none of that name."""
        found = self._config.getColorSpace(space)
        return None if found is None else str(found.getName())

    def is_linear(self, space: str) -> bool:
        """Whether a space's numbers are scene-linear light. Raises InputError where there is none of that name."""
        return bool(self._config.isColorSpaceLinear(self.require(space), ocio.REFERENCE_SPACE_SCENE))

    def space_of_file(self, path: str) -> str | None:
        """What the configuration's file rules say of a path; None where only its default rule fits."""
        if self._config.filepathOnlyMatchesDefaultRule(path):
            return None
        return str(self._config.getColorSpaceFromFilepath(path)[0])

    def for_models(self, planes: Pixels, space: str, exposure: float) -> NDArray[np.uint8]:
        """RGB (H, W, 3) from ``space`` to display-referred sRGB, ``uint8``. Raises InputError."""
        key = ("model", self.require(space), str(exposure))
        if key not in self._processors:
            self._processors[key] = self._model_processor(key[1], exposure)
        return _apply(self._processors[key], planes)

    def light(self, planes: Pixels, space: str) -> NDArray[np.float32]:
        """RGB (H, W, 3) from ``space`` to scene-linear Rec.709, ``float32``. Raises InputError."""
        key = ("light", self.require(space))
        if key not in self._processors:
            self._processors[key] = self._light_processor(key[1])
        light = planes.astype(np.float32)
        if planes.dtype in (np.uint8, np.uint16):
            light /= np.iinfo(planes.dtype).max
        self._processors[key].getDefaultCPUProcessor().applyRGB(light)
        return light

    def for_eyes(self, planes: Pixels, space: str, exposure: float, display: str, view: str) -> NDArray[np.uint8]:
        """RGB (H, W, 3) from ``space`` through a view, ``uint8``; empty names are the defaults. Raises InputError."""
        display, view = self._require_view(display, view)
        key = ("view", self.require(space), str(exposure), display, view)
        if key not in self._processors:
            self._processors[key] = self._view_processor(key[1], exposure, display, view)
        return _apply(self._processors[key], planes)

    def require(self, space: str) -> str:
        """The full name of a space. Raises InputError naming those like it."""
        name = self.find(space)
        if name is None:
            near = get_close_matches(space, self.spaces(), 3, 0.4)
            like = f"Close to it: {', '.join(near)}." if near else "`roto info PLATE --spaces` lists them."
            raise InputError(f"The colour configuration {self.name} has no space “{space}”.", like)
        return name

    def _require_view(self, display: str, view: str) -> tuple[str, str]:
        display = display or str(self._config.getDefaultDisplay())
        view = view or str(self._config.getDefaultView(display))
        views = self.views()
        if view not in views.get(display, ()):
            names = ", ".join(views.get(display, views))
            raise InputError(f"The colour configuration {self.name} has no view “{display}/{view}”.", f"Use {names}.")
        return display, view

    def _model_processor(self, space: str, exposure: float) -> Any:
        """Through scene-linear light, where exposure means what it says; across configurations by their interchange."""
        plain = built_in()._config
        steps = [self._light_processor(space).createGroupTransform(), _gain(exposure)]
        steps.append(plain.getProcessor(LIGHT, MODEL_SPACE).createGroupTransform())
        return plain.getProcessor(ocio.GroupTransform(steps))

    def _light_processor(self, space: str) -> Any:
        try:
            return ocio.Config.GetProcessorFromConfigs(self._config, space, built_in()._config, LIGHT)
        except FAULTS as error:
            reason = f"“{space}” of {self.name} cannot be turned into sRGB: {_first(error)}"
            raise InputError(reason, NO_WAY) from error

    def _view_processor(self, space: str, exposure: float, display: str, view: str) -> Any:
        linear = self.find(ocio.ROLE_SCENE_LINEAR)
        show = ocio.DisplayViewTransform(src=linear or space, display=display, view=view)
        try:
            if linear is None:
                return self._config.getProcessor(show)
            steps = [ocio.ColorSpaceTransform(src=space, dst=linear), _gain(exposure), show]
            return self._config.getProcessor(ocio.GroupTransform(steps))
        except FAULTS as error:
            reason = f"“{space}” cannot be shown by “{display}/{view}”: {_first(error)}"
            raise InputError(reason, "Choose another view or space.") from error


@lru_cache(maxsize=4)
def open_config(name: str) -> ColourConfig:
    """The configuration of that name; read once, for that takes a tenth of a second. Raises InputError."""
    return ColourConfig(name)


def built_in() -> ColourConfig:
    """The configuration that comes with the library."""
    return open_config(BUILT_IN)


def _gain(exposure: float) -> Any:
    gain = 2.0**exposure
    return ocio.MatrixTransform.Scale([gain, gain, gain, 1.0])


def _apply(processor: Any, planes: Pixels) -> NDArray[np.uint8]:
    planes = np.ascontiguousarray(finite(planes) if planes.dtype.kind == "f" else planes)
    height, width = planes.shape[:2]
    shown = np.empty((height, width, 3), np.uint8)
    kernel = processor.getOptimizedCPUProcessor(
        DEPTHS[str(planes.dtype)], ocio.BIT_DEPTH_UINT8, ocio.OPTIMIZATION_DEFAULT
    )
    with np.errstate(all="ignore"):
        kernel.apply(_describe(planes, width, height), _describe(shown, width, height))
    return shown


def _describe(planes: NDArray[Any], width: int, height: int) -> Any:
    size = planes.itemsize
    strides = (size, 3 * size, 3 * size * width)
    return ocio.PackedImageDesc(planes, width, height, ocio.CHANNEL_ORDERING_RGB, DEPTHS[str(planes.dtype)], *strides)


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
