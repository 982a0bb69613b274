"""The panel inside Nuke; the folder above is a ``NUKE_PATH`` entry."""
