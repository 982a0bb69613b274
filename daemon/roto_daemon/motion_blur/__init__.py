"""Edges that the shutter smeared: how the object moves, how long it was open, what that makes of a mask."""
