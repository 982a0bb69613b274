"""A version's shapes in the browser: drawn on frames, and changed there."""
