"""What a Silhouette is like where the plugin had to assume: ``from roto_silhouette.seat import report; report()``."""

import sys
from typing import Any, Callable, List, Tuple

import fx

from roto_silhouette.plate import SOURCE, active_session
from roto_silhouette.point_order import probed_order
from roto_silhouette.render import node_to_render
from roto_silhouette.space import is_file_space


def report() -> None:
    """Print a line for each question of the first licensed seat; what cannot be answered says why. Changes nothing."""
    for question, answer in QUESTIONS:
        try:
            print("Roto: {}: {}".format(question, answer()))
        except Exception as error:  # noqa: BLE001 - that something raises here is the answer
            print("Roto: {}: {}: {}".format(question, type(error).__name__, error))


def _qt() -> str:
    from Qt import QtCore, __binding__

    return "{} {}".format(__binding__, QtCore.qVersion())


def _file_order() -> str:
    """A selected Bézier's first point, to be compared with a shape file of it."""
    (shape,) = fx.selection()
    return str([_plain(part) for part in shape.evalPath(fx.player.frame).points[0]])


def _interpolation() -> str:
    (shape,) = fx.selection()
    path = shape.property("path")
    return str([(key, path.interpolation(index)) for index, key in enumerate(path.keys)])


def _sources() -> str:
    nodes: List[Any] = [node for node in active_session().nodes if node.type == SOURCE]
    return str([(node.label, sorted(node.properties)) for node in nodes])


def _frames() -> Tuple[Any, ...]:
    session = active_session()
    return (session.startFrame, session.duration, session.workRange)


def _plain(part: Any) -> Any:
    return (part.x, part.y) if hasattr(part, "x") else part


QUESTIONS: Tuple[Tuple[str, Callable[[], Any]], ...] = (
    ("Python", lambda: sys.version.split()[0]),
    ("Qt", _qt),
    ("shape modules", lambda: sorted(map(str, fx.io_modules))),
    ("order of a Bézier point (incoming, centre, outgoing)", probed_order),
    ("objects and files share their units", lambda: is_file_space(active_session())),
    ("first point of the selected shape", _file_order),
    ("keys of the selected shape and how they run on", _interpolation),
    ("start frame, duration, work range", _frames),
    ("frame of the player", lambda: fx.player.frame),
    ("sources and their streams", _sources),
    ("what would be rendered", lambda: getattr(node_to_render(), "label", None)),
)
