"""How pictures move: what finishing, mattes and motion blur read of it."""
