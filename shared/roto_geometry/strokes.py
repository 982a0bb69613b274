"""Strands followed over the frames and drawn as open splines: the same knots on every frame, few keys, one width.

A strand continues the one of the frame before that lies along it (optimal assignment on mean distance); a few frames on
which it was too thick or broken are bridged. Its line is a cubic spline with evenly spread knots (least squares), as
few as keep every frame within ``FIT_PX``. Limit: places along a strand are shares of its length, so that knots slide
where it leaves the picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.interpolate import make_lsq_spline
from scipy.optimize import linear_sum_assignment

from .arclength import open_length
from .bezier import Array
from .fitted import FittedShape
from .keys.motion import cheapest_keys
from .keys.wanted import Wanted
from .settings import FitSettings
from .trace.strands import Strand
from .trackfit import LEAST_CLOSENESS

NEAR_SHARE = 0.08
"""How far, in shares of its length, a strand may move aside in a frame: lines of a fan stay apart."""
LONGEST_GAP = 3
PATH_SAMPLES = 48
FIT_PX = 0.75
BAND_PX = 6.0
END_WEIGHT = 0.1
"""Where a line ends is known to a pixel or two; how it runs, to a tenth of one."""
TURNED = [0, 1, 4, 5, 2, 3]
"""A knot's six numbers when its curve is run through the other way."""
MOST_KNOTS = 9


@dataclass
class StrandTrack:
    """One strand over consecutive frames: paths (``PATH_SAMPLES``, 2) that run the same way, and widths, px."""

    frames: list[int] = field(default_factory=list)
    paths: list[Array] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)

    @property
    def areas_px2(self) -> list[float]:
        """Area on every frame."""
        return [open_length(path) * width for path, width in zip(self.paths, self.widths, strict=True)]

    def worth(self, matter_px2: Mapping[int, float]) -> float:
        """Its share of each frame's matter, summed over its life; frames without matter count nothing."""
        return sum(a / matter_px2[f] for f, a in zip(self.frames, self.areas_px2, strict=True) if f in matter_px2)

    def add(self, frame: int, strand: Strand) -> None:
        """Go on with ``strand``, turned to run as before; frames between are filled evenly."""
        path = _resampled(strand.path)
        if self.paths and _apart(path[::-1], self.paths[-1]) < _apart(path, self.paths[-1]):
            path = path[::-1]
        for share, between in self._gap(frame):
            self.frames.append(between)
            self.paths.append((1 - share) * self.paths[-1] + share * path)
            self.widths.append(strand.width_px)
        self.frames.append(frame)
        self.paths.append(path)
        self.widths.append(strand.width_px)

    def _gap(self, frame: int) -> list[tuple[float, int]]:
        """Frames between the last one and ``frame``, with the share of the way left that each of them goes."""
        missing = range(self.frames[-1] + 1, frame) if self.frames else range(0)
        return [(1 / (frame - between + 1), between) for between in missing]


def follow_strands(found: Mapping[int, Sequence[Strand]]) -> list[StrandTrack]:
    """Strands of all frames, given in ascending order, linked over time."""
    tracks: list[StrandTrack] = []
    for frame, strands in found.items():
        alive = [track for track in tracks if frame - track.frames[-1] <= LONGEST_GAP + 1]
        partners = _partners(alive, strands)
        for index, strand in enumerate(strands):
            if index not in partners:
                tracks.append(StrandTrack())
            (alive[partners[index]] if index in partners else tracks[-1]).add(frame, strand)
    return tracks


def fit_stroke(track: StrandTrack, settings: FitSettings) -> FittedShape:
    """The strand as a stroke with keys that hold on every frame.

    Keys are chosen for a band around it, so that its ends count, too; the stroke is the band's middle. Where the strand
    folds back on itself the band crosses itself, which is no fault of the stroke.
    """
    outlines = _fewest_knots(np.array(track.paths), FIT_PX / settings.detail)
    knots = outlines.shape[1]
    weight = np.ones((len(outlines), 2 * knots))
    weight[:, [knots - 1, -1]] = END_WEIGHT
    tolerance = settings.key_tolerance_px * LEAST_CLOSENESS
    band = Wanted(_band(outlines), track.frames, tolerance, weight=weight, may_cross=True)
    keys = cheapest_keys(band, settings.track)
    keys = replace(keys, values=_middle(keys.values))
    return FittedShape(False, track.frames, keys.drawn(band.times), keys, float(np.mean(track.widths)))


def _band(outlines: Array) -> Array:
    """Closed outlines (frames, 2n, 6) ``BAND_PX`` to both sides of open ones (frames, n, 6), clockwise on screen."""
    along = outlines[..., 4:6] - outlines[..., 2:4]
    along = along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    aside = np.stack([along[..., 1], -along[..., 0]], axis=-1) * BAND_PX
    left, right = outlines.copy(), outlines[:, ::-1][..., TURNED]
    left[..., :2] += aside
    right[..., :2] -= aside[:, ::-1]
    return np.concatenate([left, right], axis=1)


def _middle(band: Array) -> Array:
    """The open outlines (…, n, 6) between the sides of bands (…, 2n, 6)."""
    n = band.shape[-2] // 2
    return (band[..., :n, :] + band[..., n:, :][..., ::-1, :][..., TURNED]) / 2


def _partners(tracks: Sequence[StrandTrack], strands: Sequence[Strand]) -> dict[int, int]:
    """For strands that continue a track: its index."""
    if not tracks or not strands:
        return {}
    apart = np.array([[_mean_distance(track.paths[-1], strand.path) for strand in strands] for track in tracks])
    reach = np.array(
        [[NEAR_SHARE * max(open_length(t.paths[-1]), open_length(s.path)) for s in strands] for t in tracks]
    )
    rows, columns = linear_sum_assignment(np.minimum(apart, 2 * reach.max()))
    return {int(b): int(a) for a, b in zip(rows, columns, strict=True) if apart[a, b] <= reach[a, b]}


def _mean_distance(one: Array, other: Array) -> float:
    """How far the shorter line's points lie off the longer one, px."""
    away = np.hypot(*np.moveaxis(one[:, None] - other[None], 2, 0))
    return float(min(away.min(axis=1).mean(), away.min(axis=0).mean()))


def _apart(one: Array, other: Array) -> float:
    return float(np.hypot(*(one - other).T).mean())


def _resampled(path: Array) -> Array:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    places = np.linspace(0, along[-1], PATH_SAMPLES)
    return np.column_stack([np.interp(places, along, path[:, axis]) for axis in (0, 1)])


def _fewest_knots(paths: Array, within_px: float) -> Array:
    """Open outlines (frames, n, 6) for paths (frames, samples, 2), with the fewest knots that keep within."""
    knots = 2
    while knots < MOST_KNOTS and _spline(paths, knots)[1] > within_px:
        knots += 1
    return _spline(paths, knots)[0]


def _spline(paths: Array, knots: int) -> tuple[Array, float]:
    """Cubic splines with evenly spread knots, and the largest root mean square distance on a frame, px."""
    share = np.linspace(0, 1, paths.shape[1])
    columns = paths.transpose(1, 0, 2).reshape(len(share), -1)
    places = np.linspace(0, 1, knots)
    spline = make_lsq_spline(share, columns, np.concatenate([[0.0] * 3, places, [1.0] * 3]), k=3)
    away = np.linalg.norm((spline(share) - columns).reshape(len(share), -1, 2), axis=2)
    centre = spline(places).reshape(knots, -1, 2)
    handle = spline.derivative()(places).reshape(knots, -1, 2) / (3 * (knots - 1))
    outlines = np.concatenate([centre, -handle, handle], axis=2).swapaxes(0, 1)
    outlines[:, 0, 2:4] = outlines[:, -1, 4:6] = 0.0
    return outlines, float(np.sqrt((away**2).mean(axis=0)).max())
