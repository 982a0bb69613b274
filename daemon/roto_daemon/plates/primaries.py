"""The colour space that an EXR's header names.

In order: the interop identity of the Color Interop Forum, the Academy's container flag (SMPTE ST 2065-4), and
chromaticities (OpenEXR's standard attribute) where they are those of a known space.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

ACES, ACESCG, P3, REC2020 = "ACES2065-1", "ACEScg", "Linear P3-D65", "Linear Rec.2020"

D65, D60 = (0.3127, 0.3290), (0.32168, 0.33767)
"""White points: CIE D65, and the Academy's (S-2008-001)."""

CHROMATICITIES = {
    ACES: (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077, *D60),
    ACESCG: (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, *D60),
    P3: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, *D65),
    REC2020: (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, *D65),
}
"""CIE xy of red, green, blue and white: Academy S-2008-001 and S-2014-004, SMPTE EG 432-1, ITU-R BT.2020."""

NEARNESS = 0.002
"""Programs write these numbers with three or four places."""

NOTHING_NEW = {"", "lin_rec709_scene", "unknown", "data"}
"""Identities that say no more than that the file is an EXR."""


def name_space(header: Mapping[str, Any]) -> str:
    """The space that a header names; empty where it does not, or where that is linear Rec.709."""
    identity = header.get("colorInteropID")
    if isinstance(identity, str) and identity:
        return "" if identity in NOTHING_NEW else identity
    if header.get("acesImageContainerFlag") == 1:
        return ACES
    told = header.get("chromaticities")
    if told is None or np.size(told) != 8:
        return ""
    primaries = np.asarray(told, float)
    near = (name for name, known in CHROMATICITIES.items() if np.abs(primaries - known).max() < NEARNESS)
    return next(near, "")
