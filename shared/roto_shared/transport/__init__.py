"""The seam between a client and the wire."""
