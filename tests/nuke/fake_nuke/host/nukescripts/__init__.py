"""Nuke's own scripts. There are no stubs of them: what is here is as its documentation has it."""

from . import panels

__all__ = ["panels"]
