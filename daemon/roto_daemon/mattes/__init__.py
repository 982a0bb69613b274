"""Soft edges from masks: where an edge is not known, what it is there, and its steadiness over time."""
