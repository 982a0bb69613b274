"""Candidates refined by what an artist accepted and rejected before, on this plate or on others.

Two things are learnt from it. For every class a threshold, between the surest candidate that was rejected and the least
sure one that was accepted; and, on the same frame, places: what overlaps a rejected box goes, what overlaps an accepted
one stays whatever its confidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from roto_daemon.backends.base import Box, Candidate

SAME = 0.5
"""Boxes with this intersection over union show the same thing."""


@dataclass(frozen=True)
class Feedback:
    """Candidates that the artist said yes and no to."""

    accepted: tuple[Candidate, ...] = ()
    rejected: tuple[Candidate, ...] = ()


def apply_feedback(candidates: Iterable[Candidate], feedback: Feedback) -> tuple[Candidate, ...]:
    """The candidates that remain, surest first. An accepted one always does; a rejected one never."""
    remaining = [one for one in candidates if _remains(one, feedback)]
    return tuple(sorted(remaining, key=lambda one: -one.confidence))


def threshold_of(label: str, feedback: Feedback) -> float:
    """The confidence below which candidates of a class go; 0 where nothing of it was rejected.

    Halfway between the two where they can be told apart by it; where the accepted are less sure than the rejected,
    confidence says nothing, and only the least sure accepted one bounds it.
    """
    yes = [one.confidence for one in feedback.accepted if one.label == label]
    no = [one.confidence for one in feedback.rejected if one.label == label]
    if not no:
        return 0.0
    if not yes:
        return math.nextafter(max(no), math.inf)
    return (max(no) + min(yes)) / 2 if max(no) < min(yes) else min(yes)


def overlap_of(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0.0) * max(height, 0.0)
    union = _area(one) + _area(other) - shared
    return shared / union if union > 0 else float(one == other)


def _remains(candidate: Candidate, feedback: Feedback) -> bool:
    if _is_among(candidate, feedback.accepted):
        return True
    if _is_among(candidate, feedback.rejected):
        return False
    return candidate.confidence >= threshold_of(candidate.label, feedback)


def _is_among(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    return any(one.label == candidate.label and overlap_of(one.box, candidate.box) >= SAME for one in others)


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
