"""The protocol's version, apart from the release, and the one rule of compatibility."""

from typing import Sequence, Tuple

Version = Tuple[int, int]

PROTOCOL: Version = (1, 0)


def is_compatible(theirs: Sequence[int], ours: Version = PROTOCOL) -> bool:
    """Two sides understand each other when their major versions are the same.

    A newer minor version may add messages and fields: unknown fields are ignored, unknown messages refused by name.
    """
    return len(theirs) == 2 and theirs[0] == ours[0]
