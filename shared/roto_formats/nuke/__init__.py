"""Nuke's native Roto data: the ``curves`` knob, and scripts that hold it."""
