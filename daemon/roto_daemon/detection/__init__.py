"""What was found by a text, refined by what the artist says of it."""
