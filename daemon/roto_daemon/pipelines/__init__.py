"""The work itself, one verb a module; each is a generator that yields between frames."""
