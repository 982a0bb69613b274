"""What every side speaks: shapes, frames, pixels, the protocol and its client. Standard library and msgpack."""
