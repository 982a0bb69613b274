"""The HTTP interface: thin, one module a subject."""
