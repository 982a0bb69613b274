"""The commands, one module a group. Each reads its options, does one thing, and tells the result."""
