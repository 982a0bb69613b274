"""Frames of plates, masks and shapes meet by number: what is numbered apart is refused, what is alone is told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from roto_seg.output import note
from roto_shared.errors import InputError
from roto_shared.timeline import FrameRange

if TYPE_CHECKING:
    from roto_shared.shapes import ShapeDocument


def check_range(frames: FrameRange | None, there: Sequence[int], what: str, path: object) -> None:
    """Raise InputError where a range has none of the frames that are ``there``, in ``path``, which is ``what``."""
    if frames is not None and not any(frame in frames for frame in there):
        raise InputError(
            f"The range {frames} lies outside the {what}.", f"{path} has frames {there[0]} to {there[-1]}."
        )


def check_alike(one: str, frames: Sequence[int], other: str, others: Sequence[int], remedy: str) -> None:
    """Raise InputError, naming both ranges, where ``one`` and ``other`` have no frame in common."""
    if set(frames).isdisjoint(others):
        raise _numbered_apart(one, frames, other, others, remedy)


def drawn_frames(document: "ShapeDocument", what: str, frames: Sequence[int], remedy: str) -> set[int]:
    """Those of ``frames`` on which any shape lives. Raises InputError, naming both ranges, where there are none."""
    from roto_geometry.edits.sites import lived

    lives = {shape.lifetime for shape in document.shapes()}
    drawn = {frame for frame in frames if any(life.covers(frame) for life in lives)}
    if lives and not drawn:
        raise _numbered_apart("shapes", lived(document), what, frames, remedy)
    return drawn


def tell_alone(told: str, frames: Sequence[int]) -> None:
    """Say what becomes of ``frames`` that the other side lacks, where there are any."""
    if frames:
        note(f"{told}: {len(frames)}, from {frames[0]} to {frames[-1]}.")


def _numbered_apart(one: str, frames: Sequence[int], other: str, others: Sequence[int], remedy: str) -> InputError:
    return InputError(
        f"The {one} run from {frames[0]} to {frames[-1]}, the {other} from {others[0]} to {others[-1]}.",
        f"Number them alike: {remedy}",
    )
