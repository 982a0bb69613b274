"""Edges that the shutter smeared: how the object moves, how long the shutter was open, and what that makes of a mask."""
