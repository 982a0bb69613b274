"""Stands for Nuke where there is none: put this folder's ``host`` on the path, and ``import nuke`` finds it."""
