"""The picture with overlays and clicks: zoom, pan, click, box.

Left is a click on the object, right or Ctrl a click on what is not; dragging with left draws a box, or moves the click
of the selected object that it began on; Alt and a click take that one out. Wheel zooms at the pointer, the middle
button pans, F fits; with the wipe on, dragging its line moves it. Plate pixels have y down; a plate's pixel aspect
widens the picture.
"""

from typing import Dict, Iterator, NamedTuple, Optional, Tuple

from roto_panel.qt import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPointF,
    QRectF,
    QtCore,
    QtGui,
    QTransform,
    QtWidgets,
    QWheelEvent,
    QWidget,
    position_of,
)
from roto_panel.state import PanelState
from roto_panel.widgets.look import CANDIDATE, GROUND, MARK, OVERLAY_ALPHA, colour_of
from roto_shared.protocol.data import Picture
from roto_shared.shapes import Colour, KeyedShape, Layer, Point

DRAG_PX = 5
"""Less is the tremble of a click."""

ZOOM_STEP = 1.2
ZOOMS = (0.05, 64.0)
MARK_PX = 6
GRASP_PX = 9
"""How near a press must be to a click or to the wipe's line to take hold of it."""

KNOT_PX = 2.5


class Hold(NamedTuple):
    """A click of the selected object that the pointer is on: its place, and whether it is a plus."""

    place: int
    positive: bool


class Viewer(QtWidgets.QWidget):
    """Shows a state's frame. Points and boxes are told in plate pixels."""

    clicked = QtCore.Signal(float, float, bool)
    boxed = QtCore.Signal(float, float, float, float)
    click_moved = QtCore.Signal(int, float, float, bool)
    click_removed = QtCore.Signal(int, bool)
    wiped = QtCore.Signal(float)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(320, 200)
        self.setFocusPolicy(QtCore.Qt.StrongFocus)
        self.setToolTip(
            "Click: object. Right or Ctrl: not the object. Drag: box, or a click elsewhere. Alt: take a click out."
            " Wheel: zoom. Middle: pan. F: fit. W: wipe."
        )
        self._state = PanelState()
        self._picture: Optional[QImage] = None
        self._shown: Optional[Picture] = None
        self._tints: Dict[str, Tuple[Picture, Colour, QImage]] = {}
        self._zoom = 0.0
        self._middle: Point = (0.0, 0.0)
        self._pressed: Optional[QPointF] = None
        self._dragged: Optional[QPointF] = None
        self._panned: Optional[QPointF] = None
        self._held: Optional[Hold] = None
        self._is_wiping = False

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        is_other_plate = state.session is not None and state.session != self._state.session
        self._state = state
        if state.picture is not self._shown:
            self._shown = state.picture
            self._picture = None if state.picture is None else QtGui.QImage.fromData(state.picture.data)
        if is_other_plate:
            self.fit()
        self.update()

    def fit(self) -> None:
        """Show all of the plate."""
        self._zoom = 0.0
        self.update()

    def plate_point(self, position: QPointF) -> Point:
        """The plate pixel under a position of the widget."""
        placed, _ = self._placing().inverted()
        point = placed.map(position)
        return (point.x(), point.y())

    def widget_point(self, point: Point) -> QPointF:
        """Where a plate pixel is in the widget."""
        return self._placing().map(QtCore.QPointF(*point))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), colour_of(GROUND))
        if self._state.session is not None:
            painter.setRenderHint(QtGui.QPainter.SmoothPixmapTransform, self._scale()[0] < 2)
            painter.setTransform(self._placing())
            self._draw_plate(painter)
            painter.resetTransform()
            painter.setRenderHint(QtGui.QPainter.Antialiasing)
            painter.setClipRect(self._covered())
            self._draw_outlines(painter)
            painter.setClipping(False)
            self._draw_candidates(painter)
            self._draw_prompts(painter)
            self._draw_wipe(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        position = position_of(event)
        if event.button() == QtCore.Qt.MiddleButton:
            self._panned = position
        elif self._is_on_wipe(position):
            self._is_wiping = True
        else:
            self._pressed, self._held = position, self._click_at(position)
        self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        position = position_of(event)
        if self._panned is not None:
            self._pan(position - self._panned)
            self._panned = position
        elif self._is_wiping:
            self.wiped.emit(max(0.0, min(1.0, position.x() / max(self.width(), 1))))
        elif self._pressed is not None and event.buttons() & QtCore.Qt.LeftButton:
            is_far = (position - self._pressed).manhattanLength() >= DRAG_PX
            self._dragged = position if is_far or self._dragged is not None else None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        pressed, dragged, held = self._pressed, self._dragged, self._held
        self._pressed = self._dragged = self._panned = self._held = None
        self._is_wiping = False
        if pressed is None or self._state.session is None:
            return
        if held is not None and dragged is not None:
            self.click_moved.emit(held.place, *self.plate_point(dragged), held.positive)
        elif held is not None and event.modifiers() & QtCore.Qt.AltModifier:
            self.click_removed.emit(held.place, held.positive)
        elif dragged is not None:
            (x0, y0), (x1, y1) = self.plate_point(pressed), self.plate_point(dragged)
            self.boxed.emit(x0, y0, x1, y1)
        else:
            is_minus = event.button() == QtCore.Qt.RightButton or bool(event.modifiers() & QtCore.Qt.ControlModifier)
            x, y = self.plate_point(pressed)
            self.clicked.emit(x, y, not is_minus)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        under = position_of(event)
        before = self.plate_point(under)
        factor = ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP
        self._zoom = max(ZOOMS[0], min(ZOOMS[1], self._scale()[1] * factor))
        after = self.plate_point(under)
        self._middle = (self._middle[0] + before[0] - after[0], self._middle[1] + before[1] - after[1])
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == QtCore.Qt.Key_F:
            self.fit()
        else:
            event.ignore()

    def _draw_plate(self, painter: QPainter) -> None:
        session = self._state.session
        assert session is not None
        whole = QtCore.QRectF(0, 0, session.width, session.height)
        if self._picture is not None:
            painter.drawImage(whole, self._picture)
        painter.setClipRect(self._placing().inverted()[0].mapRect(self._covered()))
        for one in reversed(self._state.book.objects):
            mask = self._state.masks.get(one.name)
            if one.visible and self._state.look.masks and mask is not None:
                painter.drawImage(whole, self._tint(one.name, mask))
        painter.setClipping(False)

    def _draw_outlines(self, painter: QPainter) -> None:
        """Shapes as the host draws them, with their knots."""
        for one in reversed(self._state.book.objects):
            layer = self._state.outlines.get(one.name)
            if layer is None or not one.visible or not self._state.look.outlines:
                continue
            for shape in _shapes_of(layer):
                path = self._path(shape)
                painter.setBrush(QtCore.Qt.NoBrush)
                for pen in (QtGui.QPen(QtGui.QColor(0, 0, 0, 160), 3), QtGui.QPen(colour_of(one.colour), 1.5)):
                    painter.setPen(pen)
                    painter.drawPath(path)
                painter.setPen(QtGui.QPen(QtGui.QColor(0, 0, 0, 200), 1))
                painter.setBrush(colour_of(MARK))
                for knot in shape.keys[0].knots:
                    at = self.widget_point((knot.x, knot.y))
                    side = 2 * KNOT_PX
                    painter.drawRect(QtCore.QRectF(at.x() - KNOT_PX, at.y() - KNOT_PX, side, side))

    def _path(self, shape: KeyedShape) -> QPainterPath:
        knots = shape.keys[0].knots
        path = QtGui.QPainterPath(self.widget_point((knots[0].x, knots[0].y)))
        following = (*knots[1:], knots[0]) if shape.closed else knots[1:]
        for knot, after in zip(knots, following):
            path.cubicTo(
                self.widget_point((knot.x + knot.out_x, knot.y + knot.out_y)),
                self.widget_point((after.x + after.in_x, after.y + after.in_y)),
                self.widget_point((after.x, after.y)),
            )
        return path

    def _draw_candidates(self, painter: QPainter) -> None:
        finding = self._state.finding
        if finding.frame != self._state.frame:
            return
        for number, candidate in enumerate(finding.candidates, 1):
            x0, y0, x1, y1 = candidate.box
            start = self.widget_point((x0, y0))
            self._draw_box(painter, start, self.widget_point((x1, y1)), colour_of(CANDIDATE))
            words = "{} {} {:.0%}".format(number, candidate.label, candidate.confidence)
            painter.drawText(start + QtCore.QPointF(4, painter.fontMetrics().ascent() + 2), words)

    def _draw_wipe(self, painter: QPainter) -> None:
        wipe = self._state.look.wipe
        if wipe is not None:
            painter.setPen(QtGui.QPen(colour_of(MARK), 1))
            x = wipe * self.width()
            painter.drawLine(QtCore.QPointF(x, 0), QtCore.QPointF(x, self.height()))

    def _covered(self) -> QRectF:
        """The part of the widget over which overlays are drawn."""
        left = (self._state.look.wipe or 0.0) * self.width()
        return QtCore.QRectF(left, 0, self.width() - left, self.height())

    def _is_on_wipe(self, position: QPointF) -> bool:
        wipe = self._state.look.wipe
        return wipe is not None and abs(position.x() - wipe * self.width()) <= GRASP_PX / 2

    def _click_at(self, position: QPointF) -> Optional[Hold]:
        """The selected object's click under a position, the last one first."""
        state = self._state
        if state.session is None or not state.selected:
            return None
        prompt = state.book.prompt(state.frame, state.selected)
        for points, positive in ((prompt.negative, False), (prompt.positive, True)):
            for index in reversed(range(len(points))):
                if (self.widget_point(points[index]) - position).manhattanLength() <= GRASP_PX:
                    return Hold(index, positive)
        return None

    def _tint(self, name: str, mask: Picture) -> QImage:
        """An object's colour where its mask is, made once for every mask and colour."""
        known, colour = self._tints.get(name), self._state.book.object(name).colour
        if known is None or known[0] is not mask or known[1] != colour:
            coverage = QtGui.QImage.fromData(mask.data).convertToFormat(QtGui.QImage.Format_Grayscale8)
            tint = QtGui.QImage(coverage.size(), QtGui.QImage.Format_ARGB32)
            tint.fill(colour_of(colour))
            tint.setAlphaChannel(coverage)
            known = (mask, colour, _faded(tint))
            self._tints[name] = known
        return known[2]

    def _draw_prompts(self, painter: QPainter) -> None:
        state = self._state
        for frame, prompt in state.book.said:
            if frame != state.frame or not state.book.object(prompt.object).visible:
                continue
            colour = colour_of(state.book.object(prompt.object).colour)
            if prompt.box is not None:
                x0, y0, x1, y1 = prompt.box
                self._draw_box(painter, self.widget_point((x0, y0)), self.widget_point((x1, y1)), colour)
            for points, is_plus in ((prompt.positive, True), (prompt.negative, False)):
                for point in points:
                    _draw_click(painter, self.widget_point(point), colour, is_plus)
        if self._pressed is not None and self._dragged is not None:
            if self._held is None:
                self._draw_box(painter, self._pressed, self._dragged, colour_of(MARK))
            else:
                _draw_click(painter, self._dragged, colour_of(MARK, 120), self._held.positive)

    @staticmethod
    def _draw_box(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
        painter.setPen(QtGui.QPen(colour, 1.5))
        painter.setBrush(QtCore.Qt.NoBrush)
        painter.drawRect(QtCore.QRectF(start, end).normalized())

    def _pan(self, moved: QPointF) -> None:
        across, down = self._scale()
        if not self._zoom:
            self._zoom, self._middle = down, self._plate_middle()
        self._middle = (self._middle[0] - moved.x() / across, self._middle[1] - moved.y() / down)

    def _scale(self) -> Tuple[float, float]:
        """Widget pixels a plate pixel, across and down; a zoom of 0 stands for fitting."""
        session = self._state.session
        if session is None:
            return (1.0, 1.0)
        aspect = session.pixel_aspect or 1.0
        fitting = min(self.width() / (session.width * aspect), self.height() / session.height)
        down = self._zoom or max(fitting, 1e-6)
        if not self._zoom:
            self._middle = self._plate_middle()
        return (down * aspect, down)

    def _plate_middle(self) -> Point:
        session = self._state.session
        return (0.0, 0.0) if session is None else (session.width / 2, session.height / 2)

    def _placing(self) -> QTransform:
        """From plate pixels to the widget's."""
        across, down = self._scale()
        placing = QtGui.QTransform()
        placing.translate(self.width() / 2, self.height() / 2)
        placing.scale(across, down)
        placing.translate(-self._middle[0], -self._middle[1])
        return placing


def _draw_click(painter: QPainter, at: QPointF, colour: QColor, is_plus: bool) -> None:
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
