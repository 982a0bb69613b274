"""Motion blur on composites whose shutter is known."""
