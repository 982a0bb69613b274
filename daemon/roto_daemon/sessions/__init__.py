"""Sessions: an artist's work on one plate, on disk as it grows."""
