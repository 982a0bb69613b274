"""Which place on a frame's contour continues which place on the frame before.

Samples of one contour are bent onto the next one (:mod:`.bending`) and then assigned to it by a cyclic monotone
dynamic programme over distance, direction and stretch; never by nearest point, which folds. Guarantee: positions keep
their cyclic order on every frame. Limit: without pictures (:mod:`.seeing`), places along a plain edge may slide.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array

from .bending import bend_onto
from .outlines import OutlineTrack
from .seeing import PictureMotion, PointMotion

SAMPLE_PX = 5.0
FEWEST_SAMPLES, MOST_SAMPLES = 24, 128
CELL_PX = 1.5
MOST_CELLS = 640
REACH_PX = 5.0
DIRECTION_PRICE = 1.5
STRETCH_PRICE = 0.6
STEPS = 40
SLACK = 0.005
"""The share that places are drawn towards even ones, so that none fall together."""
WIDEST_GAP_PX, FILLED_PX = 24.0, 8.0
FILL_ROUNDS = 4
"""What fills a gap on one frame may lie apart on another."""


@dataclass(frozen=True, eq=False)
class Carrier:
    """Takes positions on one contour to positions on another, in the same cyclic order.

    ``source`` and ``target`` ascend over one turn and end with their first value a turn further.
    """

    source: Array
    target: Array

    def carry(self, positions: Array) -> Array:
        """Where positions (any shape, px) go; a turn further stays a turn further."""
        turn = self.source[-1] - self.source[0]
        turns, rest = np.divmod(positions - self.source[0], turn)
        return np.interp(rest + self.source[0], self.source, self.target) + turns * (self.target[-1] - self.target[0])

    def back(self) -> "Carrier":
        """The way from the target to the source."""
        return Carrier(self.target, self.source)


def link_tracks(
    tracks: Sequence[OutlineTrack], motion: PictureMotion | None
) -> Generator[float, None, list[list[Carrier]]]:
    """For each track the ways from its contours to the next ones; frame by frame, so that pictures are read once.

    Pictures have no say in how an outline comes back from where it was not seen. Yields the share that is done, 0 to 1.
    """
    starts = sorted({(*step, step[1] in track.returns) for track in tracks for step in pairwise(track.frames)})
    links: list[list[Carrier]] = [[] for _ in tracks]
    for done, (frame, following, returns) in enumerate(starts):
        yield done / len(starts)
        seen = motion.between(frame, following) if motion and not returns else None
        for track, carriers in zip(tracks, links, strict=True):
            at = len(carriers)
            if track.frames[at : at + 2] == [frame, following]:
                carriers.append(link_contours(track.contours[at], track.contours[at + 1], seen))
    return links


def link_contours(source: Contour, target: Contour, seen: PointMotion | None = None) -> Carrier:
    """How places on ``source`` go to places on ``target``; ``seen`` is how the pictures move between their frames."""
    positions = _places(source)
    return _assigned(source, target, positions, *bend_onto(source, positions, target, seen))


def link_as_they_lie(source: Contour, target: Contour) -> Carrier:
    """How places on ``source`` go to places on ``target`` where both are of one frame, and nothing has moved."""
    positions = _places(source)
    return _assigned(source, target, positions, source.at(positions), source.directions(positions))


def _places(source: Contour) -> Array:
    return source.spread(SAMPLE_PX, FEWEST_SAMPLES, MOST_SAMPLES)


def _assigned(source: Contour, target: Contour, positions: Array, moved: Array, directions: Array) -> Carrier:
    """The way to ``target`` of places on ``source`` that lie at ``moved`` (n, 2) and run in ``directions`` there."""
    count, cells = len(positions), int(np.clip(target.length / CELL_PX, 48, MOST_CELLS))
    grid = np.arange(cells, dtype=np.float64) * (target.length / cells)
    price = _place_price(moved, directions, target.at(grid), target.directions(grid))
    placed = _refined(_cyclic_path(price) * (target.length / cells), moved, target, target.length / cells)
    closed = np.append(placed, placed[0] + target.length)
    even = closed[0] + np.arange(count + 1) * (target.length / count)
    return Carrier(np.append(positions, source.length), (1 - SLACK) * closed + SLACK * even)


def carry_samples(carriers: Sequence[Carrier], reference: int, places: Array) -> Array:
    """Positions (frames, n) on every contour of samples at ``places`` (n,) of the reference's, ascending over one turn.

    ``carriers[i]`` leads from contour i to i + 1. Positions of one frame ascend over less than one turn.
    """
    onward = accumulate(carriers[reference:], lambda at, carrier: carrier.carry(at), initial=places)
    backward = accumulate(reversed(carriers[:reference]), lambda at, carrier: carrier.back().carry(at), initial=places)
    return np.array([*reversed([*backward][1:]), *onward])


def fill_gaps(positions: Array, contours: Sequence[Contour], carriers: Sequence[Carrier]) -> Array:
    """Carried positions (frames, n) with more between neighbours that lie far apart on some frame: (frames, n or more).

    What comes out, as an arm from before the body, is a point on the reference and has no samples there. It gets them
    where it is longest. The same array where there are no gaps.
    """
    lengths = np.array([contour.length for contour in contours])
    for _ in range(FILL_ROUNDS):
        gaps = np.diff(positions, axis=1, append=positions[:, :1] + lengths[:, None])
        widest = gaps.argmax(axis=0)
        wide = np.flatnonzero(gaps.max(axis=0) > WIDEST_GAP_PX)
        if not len(wide):
            break
        filling = [
            carry_samples(carriers, at, _between(positions[at, gap], gaps[at, gap]))
            for gap, at in zip(wide.tolist(), widest[wide].tolist(), strict=True)
        ]
        positions = np.concatenate([positions, *filling], axis=1)
        positions = positions[:, np.argsort(positions[0])]
    return positions


def _between(start: float, gap: float) -> Array:
    pieces = int(np.ceil(gap / FILLED_PX))
    return start + gap * np.arange(1, pieces) / pieces


def _refined(placed: Array, moved: Array, target: Contour, most: float) -> Array:
    """Places drawn along the target to where their points lie, at most ``most`` px, in their order over one turn."""
    along = np.einsum("ij,ij->i", moved - target.at(placed), target.directions(placed))
    ascending = np.maximum.accumulate(placed + np.clip(along, -most, most))
    return np.minimum(ascending, ascending[0] + target.length)


def _cyclic_path(price: Array) -> Array:
    """Cells (samples,) of the cheapest cyclic path, ascending from the first sample.

    The first pass holds the surest sample at its best cell, the second the sample opposite to it where that pass put
    it: so the start is chosen by the path and not by one sample.
    """
    count, cells = price.shape
    anchor = int(np.argmin(price.min(axis=1)))
    cell = int(np.argmin(price[anchor]))
    placed = np.zeros(count)
    for _ in range(2):
        path = _monotone_path(np.roll(price, (-anchor, -cell), (0, 1))) + cell
        placed[(anchor + np.arange(count)) % count] = path
        anchor = (anchor + count // 2) % count
        cell = int(placed[anchor]) % cells
    steps = np.mod(np.diff(placed), cells)
    return placed[0] % cells + np.concatenate([[0.0], np.cumsum(steps)])


def _place_price(moved: Array, directions: Array, places: Array, ways: Array) -> Array:
    """Price (samples, cells): how far off a cell lies, softened for outliers, and how its direction differs."""
    away = (moved[:, None, 0] - places[None, :, 0]) ** 2 + (moved[:, None, 1] - places[None, :, 1]) ** 2
    along = np.einsum("ik,jk->ij", directions, ways)
    return np.sqrt(1 + away / REACH_PX**2) - 1 + DIRECTION_PRICE * (1 - along)


def _monotone_path(price: Array) -> NDArray[np.int64]:
    """Cells of all samples: the cheapest ascending path from cell 0 once round; sample 0 stays at cell 0.

    Only what the cells cost is kept on the way there; which step was the cheapest is asked on the way back.
    """
    count, cells = price.shape
    steps = min(cells, max(STEPS, 2 * int(np.ceil(cells / count))))
    reach = np.arange(steps - 1, -1, -1)
    stretch = (STRETCH_PRICE * np.abs(np.log((reach + 0.3) / (cells / count + 0.3)))).astype(np.float32)
    cost = np.full((count + 1, cells + steps), np.inf, np.float32)
    cost[0, steps - 1] = 0.0
    arriving = np.lib.stride_tricks.sliding_window_view(cost, cells + 1, axis=1)
    for index in range(count):
        (arriving[index] + stretch[:, None]).min(axis=0, out=cost[index + 1, steps - 1 :])
        if index + 1 < count:
            cost[index + 1, steps - 1 : -1] += price[index + 1]
            cost[index + 1, -1] = np.inf
    path = np.empty(count, dtype=np.int64)
    at = cells
    for index in range(count - 1, -1, -1):
        at -= int(reach[np.argmin(cost[index, at : at + steps] + stretch)])
        path[index] = at
    return path
