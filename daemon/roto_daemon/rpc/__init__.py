"""Messages in, handlers called, answers out."""
