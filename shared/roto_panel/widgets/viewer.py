"""The picture with overlays and clicks: zoom, pan, click, box.

Left is a click on the object, right or Ctrl a click on what is not; dragging with left draws a box. Wheel zooms at the
pointer, the middle button pans, F fits. Plate pixels have y down; a plate's pixel aspect widens the picture.
"""

from typing import Dict, Optional, Tuple

from roto_panel.qt import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointF,
    QtCore,
    QtGui,
    QTransform,
    QtWidgets,
    QWheelEvent,
    QWidget,
    position_of,
)
from roto_panel.state import PanelState
from roto_panel.widgets.look import GROUND, MARK, OVERLAY_ALPHA, colour_of
from roto_shared.protocol.data import Picture
from roto_shared.shapes import Point

DRAG_PX = 5
"""Less is the tremble of a click."""

ZOOM_STEP = 1.2
ZOOMS = (0.05, 64.0)
MARK_PX = 6


class Viewer(QtWidgets.QWidget):
    """Shows a state's frame. Points and boxes are told in plate pixels."""

    clicked = QtCore.Signal(float, float, bool)
    boxed = QtCore.Signal(float, float, float, float)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(320, 200)
        self.setFocusPolicy(QtCore.Qt.StrongFocus)
        self.setToolTip("Click: object. Right or Ctrl: not the object. Drag: box. Wheel: zoom. Middle: pan. F: fit.")
        self._state = PanelState()
        self._picture: Optional[QImage] = None
        self._shown: Optional[Picture] = None
        self._tints: Dict[str, Tuple[Picture, QImage]] = {}
        self._zoom = 0.0
        self._middle: Point = (0.0, 0.0)
        self._pressed: Optional[QPointF] = None
        self._dragged: Optional[QPointF] = None
        self._panned: Optional[QPointF] = None

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
            self._draw_prompts(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        position = position_of(event)
        if event.button() == QtCore.Qt.MiddleButton:
            self._panned = position
        else:
            self._pressed = position
        self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        position = position_of(event)
        if self._panned is not None:
            self._pan(position - self._panned)
            self._panned = position
        elif self._pressed is not None and event.buttons() & QtCore.Qt.LeftButton:
            is_far = (position - self._pressed).manhattanLength() >= DRAG_PX
            self._dragged = position if is_far or self._dragged is not None else None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        pressed, dragged = self._pressed, self._dragged
        self._pressed = self._dragged = self._panned = None
        if pressed is None or self._state.session is None:
            return
        if dragged is not None:
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
        for one in reversed(self._state.book.objects):
            mask = self._state.masks.get(one.name)
            if one.visible and mask is not None:
                painter.drawImage(whole, self._tint(one.name, mask))

    def _tint(self, name: str, mask: Picture) -> QImage:
        """An object's colour where its mask is, made once for every mask."""
        known = self._tints.get(name)
        if known is None or known[0] is not mask:
            coverage = QtGui.QImage.fromData(mask.data).convertToFormat(QtGui.QImage.Format_Grayscale8)
            tint = QtGui.QImage(coverage.size(), QtGui.QImage.Format_ARGB32)
            tint.fill(colour_of(self._state.book.object(name).colour))
            tint.setAlphaChannel(coverage)
            known = (mask, tint)
            self._tints[name] = known
        return _faded(known[1])

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
            self._draw_box(painter, self._pressed, self._dragged, colour_of(MARK))

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
