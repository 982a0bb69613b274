"""Silhouette's own scripts."""
