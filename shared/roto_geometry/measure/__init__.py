"""What a host would draw, and how it agrees with masks."""
