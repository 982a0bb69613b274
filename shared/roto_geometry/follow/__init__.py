"""Contours become outlines over frames, and places on one continue on the next."""
