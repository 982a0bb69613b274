"""Which colour space a picture is in, and its way to display-referred sRGB.

The space is the one that was chosen, else the one that the file names, else what the studio's file rules say, else that
of its kind: float files are scene-linear Rec.709, DPX is Cineon log unless its header names a video transfer, the rest
is sRGB. With a studio's configuration a float file of no known space is in its role ``scene_linear``. Alpha is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roto_daemon.plates.picture import Encoding, Format, Picture, Pixels, resized
from roto_shared import bounds

from .tables import light_of, show

if TYPE_CHECKING:
    from .config import ColourConfig

SCENE_LINEAR = "scene_linear"
"""OpenColorIO's role for the space that float files are kept in."""


@dataclass(frozen=True)
class Reading:
    """How a plate's numbers are read.

    ``colour_space`` is the name of its space, empty for what the file, the rules or its kind say. ``exposure`` is in
    stops. ``config`` is the studio's OpenColorIO configuration, a path or an ``ocio://`` name, empty for none.
    Raises InputError for an exposure that makes no sense.
    """

    colour_space: str = ""
    exposure: float = 0.0
    config: str = ""

    def __post_init__(self) -> None:
        bounds.EXPOSURE_STOPS.check("exposure", self.exposure)


class Colour:
    """Conversions of one plate's pictures."""

    def __init__(self, reading: Reading | None = None) -> None:
        self._reading = reading or Reading()

    @property
    def shows_as_models_see(self) -> bool:
        """Whether eyes get the same picture as models: without a studio's configuration there is no view between."""
        return not self._reading.config

    def space(self, picture: Picture | Format, path: Path) -> str | Encoding:
        """The space of what was read from ``path``: a configuration's name for it, or one of our own.

        Raises InputError for a chosen space that does not exist.
        """
        chosen = self._reading.colour_space
        if chosen:
            return self._chosen_space(chosen)
        if picture.colour_space and self._config_of(picture.colour_space).find(picture.colour_space):
            return picture.colour_space
        studio = self._studio()
        if studio is None:
            return picture.encoding
        by_rule = studio.space_of_file(str(path))
        if by_rule is None and picture.encoding is Encoding.LINEAR:
            by_rule = studio.find(SCENE_LINEAR)
        return by_rule or picture.encoding

    def for_models(self, picture: Picture, path: Path, is_exposed: bool = True) -> NDArray[np.uint8]:
        """``uint8`` RGB (H, W, 3), display-referred sRGB. A single channel becomes grey. Raises InputError."""
        planes, space = colour_planes(picture.pixels), self.space(picture, path)
        stops = self._reading.exposure if is_exposed else 0.0
        if isinstance(space, Encoding):
            return _three(show(planes, space, stops))
        return self._config_of(space).for_models(_three(planes), space, stops)

    def as_light(self, picture: Picture, path: Path) -> tuple[Pixels, bool]:
        """Scene-linear RGB (H, W, 3) for compositing, and whether it is as stored: what is linear is not converted.

        Others become linear Rec.709, ``float32``. Exposure does not count. Raises InputError.
        """
        planes, space = _three(colour_planes(picture.pixels)), self.space(picture, path)
        if planes.dtype.kind == "f" and self._is_linear(space):
            return planes, True
        if isinstance(space, Encoding):
            return light_of(planes, space), False
        return self._config_of(space).light(planes, space), False

    def for_eyes(
        self, picture: Picture, path: Path, size: tuple[int, int], view: str = "", exposure: float = 0.0
    ) -> NDArray[np.uint8]:
        """The picture at ``size`` (width, height), resized first, through ``view`` ("DISPLAY/VIEW").

        An empty view is the default one of the studio's configuration, and without one what models see.
        ``exposure`` comes on top of the plate's own. Raises InputError.
        """
        small = resized(colour_planes(picture.pixels), size)
        space, stops = self.space(picture, path), self._reading.exposure + exposure
        studio = self._studio()
        if not view and studio is None:
            if isinstance(space, Encoding):
                return _three(show(small, space, stops))
            return self._config_of(space).for_models(_three(small), space, stops)
        return self._through_view(_three(small), space, stops, view)

    def _through_view(self, planes: Pixels, space: str | Encoding, stops: float, view: str) -> NDArray[np.uint8]:
        from .config import LIGHT, MODEL_SPACE, built_in

        display, _, name = view.partition("/")
        config = self._studio() or built_in()
        if isinstance(space, Encoding):  # Cineon's curve is ours alone: from here on the picture is sRGB
            is_light = space is Encoding.LINEAR
            planes = planes if is_light else show(planes, space)
            space = LIGHT if is_light else MODEL_SPACE
        if config.find(space) is None:
            config = built_in()
        return config.for_eyes(planes, space, stops, display, name)

    def _studio(self) -> ColourConfig | None:
        if not self._reading.config:
            return None
        from .config import open_config

        return open_config(self._reading.config)

    def _chosen_space(self, name: str) -> str | Encoding:
        studio = self._studio()
        if studio is not None and studio.find(name):
            return studio.require(name)
        own = {encoding.told.lower(): encoding for encoding in Encoding}.get(name.lower())
        if own is not None:
            return own
        from .config import built_in

        if studio is not None and built_in().find(name) is None:
            return studio.require(name)
        return built_in().require(name)

    def _is_linear(self, space: str | Encoding) -> bool:
        if isinstance(space, Encoding):
            return space is Encoding.LINEAR
        return self._config_of(space).is_linear(space)

    def _config_of(self, space: str) -> ColourConfig:
        """The studio's configuration where it knows the space, else the built-in one."""
        from .config import built_in

        studio = self._studio()
        return studio if studio is not None and studio.find(space) else built_in()


def colour_planes(pixels: Pixels) -> Pixels:
    """The red, green and blue of (H, W, C) samples, or their first plane alone."""
    return pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., :1]


def _three(planes: NDArray[np.generic]) -> Pixels:
    return np.repeat(planes, 3, axis=2) if planes.shape[2] == 1 else np.ascontiguousarray(planes)
