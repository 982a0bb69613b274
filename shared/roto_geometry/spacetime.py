"""Key values that err least over all frames at once, across the outline, as a host draws them between keys.

One sparse linear least-squares problem for all keys of a shape (Agarwala et al. 2004 solve the like for roto curves).
Distances count fully across the wanted outline and little along it, so control points may slide where that saves error;
a weak pull towards given values keeps them in place where nothing is gained. Units: px.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import spsolve

from .bezier import Array, bernstein
from .guards import is_sound, mend_between
from .wanted import SAMPLES, Wanted

ALONG = 0.02
PULLS = (0.1, 0.4)


def refine_values(values: Array, hats: Array, wanted: Wanted, placement: Array, pinned: NDArray[np.bool_]) -> Array:
    """Better key values (keys, n, 6) than ``values``, apart from the ``pinned`` ones (keys,), which stay to the bit.

    ``hats`` (frames, keys) are the weights of the keys on every frame, ``placement`` (frames, 2, 3) what is applied
    after interpolation.
    """
    if pinned.all():
        return values
    keys, n = values.shape[:2]
    control = values.reshape(keys, n, 3, 2).copy()
    control[:, :, 1:] += control[:, :, :1]
    normal, right = _segments(wanted, placement)
    together = np.einsum("tk,tl,tiab->kliab", hats, hats, normal)
    side = np.einsum("tk,tia->kia", hats, right)
    life = (hats * hats).sum(axis=0)
    refined = values
    for pull in PULLS:
        solved = _solved(together, side, pull * life, control, pinned)
        refined = mend_between(np.where(pinned[:, None, None], values, solved), hats, pinned)
        if all(map(is_sound, np.einsum("tk,knc->tnc", hats, refined))):
            break
    return refined


def _segments(wanted: Wanted, placement: Array) -> tuple[Array, Array]:
    """Normal equations of every frame and segment in its four control points: (frames, n, 8, 8) and (frames, n, 8)."""
    frames, n = wanted.segment_weight.shape
    basis = bernstein(np.arange(SAMPLES) / SAMPLES)
    goal = (wanted.curve - placement[:, None, :, 2]).reshape(frames, n, SAMPLES, 2)
    axes = wanted.across.reshape(goal.shape)
    normal, right = np.zeros((frames, n, 8, 8)), np.zeros((frames, n, 8))
    for axis, factor in ((axes, 1.0), (np.stack([-axes[..., 1], axes[..., 0]], axis=-1), ALONG)):
        pulled = np.einsum("tij,tnsi->tnsj", placement[:, :, :2], axis)
        row = (basis[:, :, None] * pulled[..., None, :]).reshape(frames, n, SAMPLES, 8)
        normal += factor * (row.swapaxes(2, 3) @ row)
        right += factor * np.einsum("tnsa,tns->tna", row, np.einsum("tnsi,tnsi->tns", axis, goal))
    weight = wanted.segment_weight
    return normal * weight[..., None, None], right * weight[..., None]


def _solved(together: Array, side: Array, pulls: Array, control: Array, pinned: NDArray[np.bool_]) -> Array:
    """Values (keys, n, 6) from segment blocks (keys, keys, n, 8, 8); ``pulls`` (keys,) draw them to ``control``.

    The ``pinned`` ones are taken to be ``control``.
    """
    keys, n = control.shape[:2]
    place = np.arange(n * 6).reshape(n, 3, 2)
    after = np.roll(place, -1, axis=0)
    own = np.stack([place[:, 0], place[:, 2], after[:, 1], after[:, 0]], axis=1).reshape(n, 8)
    number = np.arange(keys)[:, None, None] * (6 * n) + own
    size = keys * n * 6
    blocks = [(k, other) for k in range(keys) for other in range(max(0, k - 1), min(keys, k + 2))]
    first, second = np.array(blocks).T
    rows, columns = np.broadcast_arrays(number[first][..., :, None], number[second][..., None, :])
    entries = (together[first, second].ravel(), (rows.ravel(), columns.ravel()))
    matrix = sparse.coo_matrix(entries, shape=(size, size))
    pull = np.repeat(pulls, n * 6)
    vector = np.bincount(number.ravel(), side.ravel(), size) + pull * control.ravel()
    matrix = (matrix + sparse.diags(pull)).tocsc()
    held = np.repeat(pinned, n * 6)
    solved = control.ravel().copy()
    known = matrix[~held][:, held] @ solved[held]
    solved[~held] = np.asarray(spsolve(matrix[~held][:, ~held], vector[~held] - known))
    solved = solved.reshape(keys, n, 3, 2)
    solved[:, :, 1:] -= solved[:, :, :1]
    return solved.reshape(keys, n, 6)
