"""A session on a plate of files, for programs that run in a host's own Python; their first arguments are the plugin and
the folder of the plate maker.
"""

import sys

PLUGIN, PLATE_MAKER = sys.argv[1:3]
sys.path.insert(0, PLATE_MAKER)

import fx  # noqa: E402
from plate_files import FIRST, HEIGHT, LAST, WIDTH, centre, make_plate  # noqa: E402

__all__ = ["FIRST", "LAST", "PLUGIN", "centre", "session"]

session = fx.Session(WIDTH, HEIGHT, FIRST, LAST - FIRST + 1)
_source = fx.Node("SourceNode")
_source.properties["stream.primary"] = fx.Property(fx.Source(make_plate(), FIRST))
session.nodes.append(_source)
fx._state.session = session
