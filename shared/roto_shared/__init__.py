"""What every side speaks: shapes, frames, pixel conventions, the protocol and its client. Standard library and msgpack."""
