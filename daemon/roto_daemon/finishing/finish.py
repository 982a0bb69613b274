"""The steps of finishing that one frame is enough for, in the one order that keeps them apart."""

from __future__ import annotations

from roto_daemon.backends.base import Mask
from roto_daemon.finishing.cleaning import drop_specks, fill_holes
from roto_daemon.finishing.edges import feather, grow
from roto_shared import bounds
from roto_shared.protocol.data import FinishSettings

_BOUNDS = {
    "steady_frames": bounds.STEADY_FRAMES,
    "fill_holes_px2": bounds.AREA_PX2,
    "drop_specks_px2": bounds.AREA_PX2,
    "grow_px": bounds.GROW_PX,
    "feather_px": bounds.FEATHER_PX,
}


def finish(settings: FinishSettings, mask: Mask) -> Mask:
    """The finished mask of a frame that is steadied already, since flicker makes holes.

    It is cleaned first, since growing would close holes and join specks; then its edge is moved, and softened last.
    With everything off the very same mask comes back.
    """
    mask = fill_holes(mask, settings.fill_holes_px2) if settings.fill_holes_px2 else mask
    mask = drop_specks(mask, settings.drop_specks_px2) if settings.drop_specks_px2 else mask
    mask = grow(mask, settings.grow_px) if settings.grow_px else mask
    return feather(mask, settings.feather_px)


def check_finish(settings: FinishSettings) -> None:
    """Raise InputError, naming the field, for settings that make no sense."""
    for name, limits in _BOUNDS.items():
        limits.check(name, getattr(settings, name))
