"""Locks on files, which the system lets go of when their process ends, however it ends."""

import sys


def take_lock(file: int) -> None:
    """Lock an open file (a descriptor) until it is closed. Raises OSError where it is locked, or cannot be."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
