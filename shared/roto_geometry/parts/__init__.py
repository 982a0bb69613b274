"""A subject that bends as several overlapping shapes, each with a motion of its own."""
