"""Silhouette's ``.fxs`` shape files. Marks say how surely a fact is known; nobody here has run Silhouette."""
