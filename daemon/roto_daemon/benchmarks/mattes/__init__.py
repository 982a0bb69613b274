"""Mattes against composites whose alpha is known exactly."""
