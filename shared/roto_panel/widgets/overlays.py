"""What is drawn over the plate: tints of masks, outlines with their knots, candidates of a text, boxes and clicks."""

from typing import Callable, Dict, Iterator, Tuple

from roto_panel.qt import QColor, QImage, QPainter, QPainterPath, QPointF, QRectF, QtCore, QtGui
from roto_panel.state import PanelState
from roto_panel.widgets.look import CANDIDATE, MARK, OVERLAY_ALPHA, colour_of
from roto_shared.protocol.data import Picture
from roto_shared.shapes import Colour, KeyedShape, Layer, Point

ToWidget = Callable[[Point], QPointF]
"""Where a plate pixel is in the widget."""

MARK_PX = 6
KNOT_PX = 2.5


class Tints:
    """Objects' colours where their masks are, each made once for every mask and colour."""

    def __init__(self) -> None:
        self._known: Dict[str, Tuple[Picture, Colour, QImage]] = {}

    def draw(self, painter: QPainter, whole: QRectF, state: PanelState) -> None:
        """Tint what the state shows; ``whole`` is the plate's place."""
        for one in reversed(state.book.objects):
            mask = state.masks.get(one.name)
            if one.visible and state.look.masks and mask is not None:
                painter.drawImage(whole, self._tint(one.name, one.colour, mask))

    def _tint(self, name: str, colour: Colour, mask: Picture) -> QImage:
        known = self._known.get(name)
        if known is None or known[0] is not mask or known[1] != colour:
            coverage = QtGui.QImage.fromData(mask.data).convertToFormat(QtGui.QImage.Format_Grayscale8)
            tint = QtGui.QImage(coverage.size(), QtGui.QImage.Format_ARGB32)
            tint.fill(colour_of(colour))
            tint.setAlphaChannel(coverage)
            known = (mask, colour, _faded(tint))
            self._known[name] = known
        return known[2]


def draw_outlines(painter: QPainter, state: PanelState, to_widget: ToWidget) -> None:
    """Shapes as the host draws them, with their knots."""
    for one in reversed(state.book.objects):
        layer = state.outlines.get(one.name)
        if layer is None or not one.visible or not state.look.outlines:
            continue
        for shape in _shapes_of(layer):
            path = _path_of(shape, to_widget)
            painter.setBrush(QtCore.Qt.NoBrush)
            for pen in (QtGui.QPen(QtGui.QColor(0, 0, 0, 160), 3), QtGui.QPen(colour_of(one.colour), 1.5)):
                painter.setPen(pen)
                painter.drawPath(path)
            _draw_knots(painter, shape, to_widget)


def _draw_knots(painter: QPainter, shape: KeyedShape, to_widget: ToWidget) -> None:
    painter.setPen(QtGui.QPen(QtGui.QColor(0, 0, 0, 200), 1))
    painter.setBrush(colour_of(MARK))
    for knot in shape.keys[0].knots:
        at = to_widget((knot.x, knot.y))
        painter.drawRect(QtCore.QRectF(at.x() - KNOT_PX, at.y() - KNOT_PX, 2 * KNOT_PX, 2 * KNOT_PX))


def _path_of(shape: KeyedShape, to_widget: ToWidget) -> QPainterPath:
    knots = shape.keys[0].knots
    path = QtGui.QPainterPath(to_widget((knots[0].x, knots[0].y)))
    following = (*knots[1:], knots[0]) if shape.closed else knots[1:]
    for knot, after in zip(knots, following):
        path.cubicTo(
            to_widget((knot.x + knot.out_x, knot.y + knot.out_y)),
            to_widget((after.x + after.in_x, after.y + after.in_y)),
            to_widget((after.x, after.y)),
        )
    return path


def draw_candidates(painter: QPainter, state: PanelState, to_widget: ToWidget) -> None:
    """What fits a text on the frame, numbered."""
    finding = state.finding
    if finding.frame != state.frame:
        return
    for number, candidate in enumerate(finding.candidates, 1):
        x0, y0, x1, y1 = candidate.box
        start = to_widget((x0, y0))
        draw_box(painter, start, to_widget((x1, y1)), colour_of(CANDIDATE))
        words = "{} {} {:.0%}".format(number, candidate.label, candidate.confidence)
        painter.drawText(start + QtCore.QPointF(4, painter.fontMetrics().ascent() + 2), words)


def draw_prompts(painter: QPainter, state: PanelState, to_widget: ToWidget) -> None:
    """The frame's boxes and clicks of every object that is shown."""
    shown = {one.name: one for one in state.book.objects if one.visible}
    for frame, prompt in state.book.said:
        if frame != state.frame or prompt.object not in shown:
            continue
        colour = colour_of(shown[prompt.object].colour)
        if prompt.box is not None:
            x0, y0, x1, y1 = prompt.box
            draw_box(painter, to_widget((x0, y0)), to_widget((x1, y1)), colour)
        for points, is_plus in ((prompt.positive, True), (prompt.negative, False)):
            for point in points:
                draw_click(painter, to_widget(point), colour, is_plus)


def draw_box(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    """The outline of a box between two of its corners, widget px."""
    painter.setPen(QtGui.QPen(colour, 1.5))
    painter.setBrush(QtCore.Qt.NoBrush)
    painter.drawRect(QtCore.QRectF(start, end).normalized())


def draw_click(painter: QPainter, at: QPointF, colour: QColor, is_plus: bool) -> None:
    """A disc with a plus or a minus, so that the two are told apart without their colour."""
    painter.setPen(QtGui.QPen(colour_of(MARK), 1.5))
    painter.setBrush(colour if is_plus else QtGui.QColor(30, 30, 30))
    painter.drawEllipse(at, MARK_PX, MARK_PX)
    painter.drawLine(at - QtCore.QPointF(3, 0), at + QtCore.QPointF(3, 0))
    if is_plus:
        painter.drawLine(at - QtCore.QPointF(0, 3), at + QtCore.QPointF(0, 3))


def _faded(tint: QImage) -> QImage:
    faded = QtGui.QImage(tint.size(), QtGui.QImage.Format_ARGB32_Premultiplied)
    faded.fill(QtCore.Qt.transparent)
    painter = QtGui.QPainter(faded)
    painter.setOpacity(OVERLAY_ALPHA / 255)
    painter.drawImage(0, 0, tint)
    painter.end()
    return faded


def _shapes_of(layer: Layer) -> Iterator[KeyedShape]:
    for child in layer.children:
        if isinstance(child, Layer):
            yield from _shapes_of(child)
        elif isinstance(child, KeyedShape):
            yield child
