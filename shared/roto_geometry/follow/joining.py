"""When pieces that something thin parts are drawn as one, and when as pieces.

On its own frame either way is right; what no artist would do is to change from one to the other and back. Of all
choices over the frames that one is taken in which the fewest outlines begin or end (Viterbi). Joined where both ways
are as good: a dog behind a pole is one dog.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.trace.bridges import Ways

from .continuing import continued, of_kind
from .outlines import matter_px2

HOLE_SHARE = 0.5
"""What a hole that begins or ends counts beside an outline of matter. It is the simpler shape of the two."""


def choose_ways(ways: Mapping[int, Ways], speck_px2: float, price: float) -> dict[int, list[Array]]:
    """The outlines to draw on each frame, of the ways in which its mask can be drawn.

    Frames ascend. ``speck_px2`` and ``price`` as for :func:`roto_geometry.follow.outlines.follow_outlines`: outlines
    below the one do not count, and those that cover less of their frame's matter than the other count for that share.
    """
    if all(len(each) == 1 for each in ways.values()):
        return {frame: outlines for frame, (outlines,) in ways.items()}
    drawn = [[_Drawn.of(outlines, speck_px2, price) for outlines in each] for each in ways.values()]
    breaks = np.zeros(len(drawn[0]))
    came: list[list[int]] = []
    for before, after in pairwise(drawn):
        if len(before) == len(after) == 1:
            came.append([0])
            continue
        each = breaks + np.array([[way.breaks(following) for way in before] for following in after])
        came.append(each.argmin(axis=1).tolist())
        breaks = each.min(axis=1)
    chosen = _path(breaks, came)
    return {frame: each[way] for (frame, each), way in zip(ways.items(), chosen, strict=True)}


def _path(breaks: Array, came: Sequence[Sequence[int]]) -> list[int]:
    """Which way is taken on each frame, by the ``breaks`` up to the last one and where each way ``came`` from."""
    path = [int(breaks.argmin())]
    for sources in reversed(came):
        path.append(sources[path[-1]])
    return path[::-1]


@dataclass(frozen=True, eq=False)
class _Outlines:
    """Clockwise contours of one kind, and what it counts where one begins or ends."""

    contours: list[Contour]
    counts: list[float]

    @classmethod
    def of(cls, contours: Sequence[Contour], hole: bool, whole_px2: float) -> "_Outlines":
        """The holes among traced contours, or the others; what covers ``whole_px2`` counts 1, less its share."""
        ours = of_kind(contours, hole)
        return cls(ours, [min(1.0, contour.area / max(whole_px2, 1e-9)) for contour in ours])

    def breaks(self, following: "_Outlines") -> float:
        """What ends here and begins there."""
        pairs = continued(self.contours, following.contours)
        ended = [count for index, count in enumerate(self.counts) if index not in pairs.values()]
        begun = [count for index, count in enumerate(following.counts) if index not in pairs]
        return sum(ended) + sum(begun)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """One way to draw a frame."""

    matter: _Outlines
    holes: _Outlines

    @classmethod
    def of(cls, outlines: Sequence[Array], speck_px2: float, price: float) -> "_Drawn":
        whole_px2 = price * matter_px2(outlines)
        kept = [contour for contour in map(Contour, outlines) if abs(contour.area) >= speck_px2]
        return cls(_Outlines.of(kept, False, whole_px2), _Outlines.of(kept, True, whole_px2))

    def breaks(self, following: "_Drawn") -> float:
        """How many outlines end between this frame and the following one, or begin."""
        return self.matter.breaks(following.matter) + HOLE_SHARE * self.holes.breaks(following.holes)
