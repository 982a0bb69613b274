"""The command line: ``roto …`` and ``python -m roto_seg …``. Its modules import heavy libraries only when they work."""
