"""Ctrl-C at any time, also while a command loads what it needs."""

import os
import signal
from types import FrameType

INTERRUPTED = 130
"""The exit code after Ctrl-C."""


def heed_interrupts() -> None:
    """Have Ctrl-C raise KeyboardInterrupt as ever, but end the program at once where something is being imported.

    Nothing is at stake there, while the parser of arguments swallows a KeyboardInterrupt, and extensions that are being
    loaded may make an ImportError of it. Where Ctrl-C is ignored, as in the background, it stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_: int, frame: FrameType | None) -> None:
    if _is_importing(frame):
        os.write(2, b"roto: Interrupted.\n")  # buffers may be half written
        os._exit(INTERRUPTED)
    raise KeyboardInterrupt


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False
