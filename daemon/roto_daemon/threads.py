"""How many threads numpy's linear algebra takes."""

import os


def keep_algebra_single() -> None:
    """One thread for OpenBLAS, unless the environment says otherwise. Call it before numpy is loaded, which asks once.

    Fits solve thousands of small systems, for which threads wait longer than they work: on two cores a fit took 1.7
    times the CPU seconds with two threads, and no less time on the clock. The networks have threads of their own.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
