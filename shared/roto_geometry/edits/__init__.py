"""What an artist does to finished shapes, and how the rest follows without being disturbed."""
