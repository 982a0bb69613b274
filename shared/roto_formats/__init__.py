"""Shape files: Nuke's and Silhouette's native shapes, our own JSON, and SVG; each a source, a sink, or both."""
