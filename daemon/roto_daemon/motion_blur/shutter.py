"""How long the shutter was open, from the pictures themselves.

An edge that moved across itself while the shutter was open is a straight ramp, as long as it moved. So the picture is
read across the object's edge and averaged along pieces of it, as :mod:`roto_daemon.mattes.softness` does, and ramps of
all lengths are compared with it. One shot has one shutter, so the shutter that explains all edges on all frames best,
each by its own motion, is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from roto_daemon.backends.base import Image, Mask
from roto_daemon.mattes.softness import FAINTEST, PIECE_PX, Contour, edge_contours
from roto_daemon.motion.flow import Floats

SHUTTERS = np.round(np.arange(0.0, 1.26, 0.0625), 4)
"""From closed to a little more than a whole frame; 0.5 is the usual 180°."""

LEAST_ACROSS_PX = 4.0
"""Edges that move less across themselves in a frame say nothing of the shutter."""

MOST_ACROSS_PX = 80.0

SHIFTS_PX = np.arange(-3.0, 3.1, 1.0)
"""How far a mask may miss the edge."""

REST_PX = 3.0
"""The ramp of an edge at rest: a pixel, what a lens adds, and how a mask strays along a piece of edge. Without it a
mask that wobbles by 1.5 px looked like a shutter of 0.65 at 8 px a frame; looking for it together with the shutter
was less sure of both.
"""

RAMPS = 24

LEAST_PIXELS = 60
"""Along fewer pixels of edge nothing is told."""

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """How much of what edges show each of ``SHUTTERS`` explains, summed over ``pixels`` of edge."""

    explained: Doubles
    pixels: int


NOTHING = Evidence(np.zeros(len(SHUTTERS)), 0)


def shutter_evidence(image: Image, mask: Mask, motion: Floats) -> Evidence:
    """What a frame says of every shutter; ``motion`` is the object's, px a frame, as :func:`.motion.object_motion`."""
    found = [_contour_evidence(image, contour, motion) for contour in edge_contours(mask >= 0.5)]
    return add_evidence(found)


def add_evidence(found: Sequence[Evidence]) -> Evidence:
    """All evidence together."""
    if not found:
        return NOTHING
    return Evidence(np.sum([one.explained for one in found], axis=0), sum(one.pixels for one in found))


def find_shutter(evidence: Evidence) -> float | None:
    """The shutter, in frames, that explains most; None where too little moves to tell."""
    if evidence.pixels < LEAST_PIXELS:
        return None
    best = int(evidence.explained.argmax())
    return float(SHUTTERS[best] + _vertex(evidence.explained, best))


def _vertex(explained: Doubles, best: int) -> float:
    """How far from the best one the highest point of the parabola through its neighbours lies."""
    if not 0 < best < len(explained) - 1:
        return 0.0
    left, middle, right = explained[best - 1 : best + 2]
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else float((left - right) / (2 * bend) * (SHUTTERS[1] - SHUTTERS[0]))


def _contour_evidence(image: Image, contour: Contour, motion: Floats) -> Evidence:
    across = np.abs(np.einsum("nc,nc->n", motion[contour.rows, contour.columns], contour.inwards))
    across = uniform_filter1d(across, PIECE_PX, mode="wrap")
    telling = (across >= LEAST_ACROSS_PX) & (across <= MOST_ACROSS_PX)
    if telling.sum() < PIECE_PX:
        return NOTHING
    across = across[telling]
    longest = float(np.hypot(SHUTTERS[-1] * across.max(), REST_PX))
    reach = np.ceil(0.6 * longest) + 3
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    colours = image[contour.across(steps, image.shape)].astype(np.float32)
    profiles = np.asarray(uniform_filter1d(colours, PIECE_PX, axis=0, mode="wrap")[telling], np.float32)
    lengths = np.geomspace(REST_PX, longest + 1, RAMPS)
    parts = _explained_parts(profiles, steps, lengths)
    return Evidence(_at_lengths(parts, lengths, np.hypot(across[:, None] * SHUTTERS, REST_PX)), len(parts))


def _at_lengths(parts: Doubles, lengths: Doubles, asked: Doubles) -> Doubles:
    """The sum over pixels of what ramps of the ``asked`` lengths (n, shutters) explain, from those of ``lengths``."""
    places = np.interp(np.log(asked), np.log(lengths), np.arange(len(lengths)))
    lower = np.minimum(places.astype(int), len(lengths) - 2)
    share = places - lower
    rows = np.arange(len(parts))[:, None]
    return (parts[rows, lower] * (1 - share) + parts[rows, lower + 1] * share).sum(axis=0)


def _explained_parts(profiles: Floats, steps: Floats, lengths: Doubles) -> Doubles:
    """The part of each profile (n, steps, 3) that a ramp of each length explains, the best displaced: (n, lengths)."""
    weights = np.exp(-0.5 * (steps / (0.5 * steps[-1])) ** 2).astype(np.float64)
    weights /= weights.sum()
    centred = profiles - np.einsum("nsc,s->nc", profiles, weights)[:, None]
    energy = np.einsum("nsc,s->n", centred**2, weights)
    best = np.zeros((len(profiles), len(lengths)))
    for shift in SHIFTS_PX:
        ramps = np.clip((steps - shift) / lengths[:, None] + 0.5, 0, 1)
        ramps -= (ramps @ weights)[:, None]
        ramps /= np.sqrt(ramps**2 @ weights)[:, None]
        found = np.einsum("nsc,ks->nkc", centred, ramps * weights, optimize=True) ** 2
        best = np.maximum(best, found.sum(axis=2))
    return np.where(energy[:, None] > FAINTEST, best / np.maximum(energy, FAINTEST)[:, None], 0)
