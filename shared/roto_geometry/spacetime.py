"""Key values that err least over all frames at once, across the outline, as a host draws them between keys.

One sparse linear least-squares problem for all keys of a shape (Agarwala et al. 2004 solve the like for roto curves).
Distances count fully across the wanted outline and little along it, so control points may slide where that saves error;
a weak pull towards given values keeps them in place where nothing is gained. Units: px.
"""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from .bezier import Array, bernstein
from .guards import is_sound, mend_between

ALONG = 0.02
PULLS = (0.1, 0.4)


def refine_values(values: Array, hats: Array, curve: Array, across: Array, placement: Array) -> Array:
    """Better key values (keys, n, 6) than ``values`` for the wanted points ``curve`` (frames, n · samples, 2).

    ``hats`` (frames, keys) are the weights of the keys on every frame, ``across`` unit vectors across the curve,
    ``placement`` (frames, 2, 3) what is applied after interpolation.
    """
    keys, n = values.shape[:2]
    control = values.reshape(keys, n, 3, 2).copy()
    control[:, :, 1:] += control[:, :, :1]
    normal, right = _segments(n, curve, across, placement)
    together = np.einsum("tk,tl,tiab->kliab", hats, hats, normal)
    side = np.einsum("tk,tia->kia", hats, right)
    life = (hats * hats).sum(axis=0)
    refined = values
    for pull in PULLS:
        refined = mend_between(_solved(together, side, pull * life, control), hats)
        if all(map(is_sound, np.einsum("tk,knc->tnc", hats, refined))):
            break
    return refined


def _segments(n: int, curve: Array, across: Array, placement: Array) -> tuple[Array, Array]:
    """Normal equations of every frame and segment in its four control points: (frames, n, 8, 8) and (frames, n, 8)."""
    samples = curve.shape[1] // n
    basis = bernstein(np.arange(samples) / samples)
    wanted = (curve - placement[:, None, :, 2]).reshape(len(curve), n, samples, 2)
    axes = across.reshape(wanted.shape)
    normal, right = np.zeros((len(curve), n, 8, 8)), np.zeros((len(curve), n, 8))
    for axis, factor in ((axes, 1.0), (np.stack([-axes[..., 1], axes[..., 0]], axis=-1), ALONG)):
        pulled = np.einsum("tij,tnsi->tnsj", placement[:, :, :2], axis)
        row = (basis[:, :, None] * pulled[..., None, :]).reshape(len(curve), n, samples, 8)
        normal += factor * (row.swapaxes(2, 3) @ row)
        right += factor * np.einsum("tnsa,tns->tna", row, np.einsum("tnsi,tnsi->tns", axis, wanted))
    return normal, right


def _solved(together: Array, side: Array, pulls: Array, control: Array) -> Array:
    """Values (keys, n, 6) from segment blocks (keys, keys, n, 8, 8); ``pulls`` (keys,) draw them to ``control``."""
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
    solved = np.asarray(spsolve((matrix + sparse.diags(pull)).tocsc(), vector)).reshape(keys, n, 3, 2)
    solved[:, :, 1:] -= solved[:, :, :1]
    return solved.reshape(keys, n, 6)
