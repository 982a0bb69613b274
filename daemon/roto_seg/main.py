"""Entry point of the ``roto`` program. It loads nothing before it heeds Ctrl-C."""

import os
import sys

from roto_seg.interrupts import INTERRUPTED, heed_interrupts


def run() -> None:
    """Run the command that the arguments name. An error that nobody foresaw is told in one sentence, too."""
    heed_interrupts()
    try:
        _run()
    except KeyboardInterrupt:  # before or after the command itself
        print("roto: Interrupted.", file=sys.stderr)
        sys.exit(INTERRUPTED)


def _run() -> None:
    from roto_daemon.threads import keep_algebra_single
    from roto_seg.exits import exit_code
    from roto_seg.output import fail
    from roto_seg.program import app
    from roto_shared.errors import RotoError, storage_error

    keep_algebra_single()
    try:
        app()
    except Exception as error:
        if os.environ.get("ROTO_TRACEBACK"):
            raise
        told = RotoError(
            f"An error that was not foreseen: {type(error).__name__}: {error}.",
            "Please report it, with what ROTO_TRACEBACK=1 prints.",
        )
        if isinstance(error, OSError):  # of the help or of an answer that cannot be written
            told = storage_error(error)
        fail(told, "--json" in sys.argv)  # the command's context is gone
        sys.exit(exit_code(told))
