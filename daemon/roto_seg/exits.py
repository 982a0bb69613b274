"""Exit codes that scripts may rely on."""

from enum import IntEnum

from roto_seg import interrupts
from roto_shared.errors import (
    BusyError,
    CancelledError,
    DaemonError,
    InputError,
    ProtocolError,
    RotoError,
    StorageError,
    WeightsError,
)


class Exit(IntEnum):
    """How a command ended. ``PARTIAL``: everything possible is done, but some frames or objects could not be."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    INPUT = 3
    WEIGHTS = 4
    DAEMON = 5
    STORAGE = 6
    PARTIAL = 7
    INTERRUPTED = interrupts.INTERRUPTED


_CODES: dict[type[RotoError], Exit] = {
    InputError: Exit.INPUT,
    WeightsError: Exit.WEIGHTS,
    DaemonError: Exit.DAEMON,
    ProtocolError: Exit.DAEMON,
    BusyError: Exit.DAEMON,
    StorageError: Exit.STORAGE,
    CancelledError: Exit.INTERRUPTED,
}


def exit_code(error: RotoError) -> Exit:
    """The exit code of an error; what no family claims is ``INTERNAL``."""
    return next((code for family, code in _CODES.items() if isinstance(error, family)), Exit.INTERNAL)
