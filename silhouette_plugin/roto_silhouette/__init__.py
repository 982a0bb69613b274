"""The panel inside Silhouette; ``roto_startup`` beside it is what Silhouette imports."""
