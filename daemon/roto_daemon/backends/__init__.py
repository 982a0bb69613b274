"""Engines: one module or package each, listed in ``table.py``."""
