"""What goes in and out over HTTP, with examples for the interface's own page."""
