"""What clients and daemon say to each other; written down in ``docs/protocol.md``."""
