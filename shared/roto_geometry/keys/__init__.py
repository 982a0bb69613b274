"""Motion and few keys that hold what was fitted, as a host draws between them."""
