"""What ``roto bench`` measures."""
