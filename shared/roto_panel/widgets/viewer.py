"""The picture with overlays and clicks: zoom, pan, click, box.

Left is a click on the object, right or Ctrl a click on what is not; dragging with left draws a box, or moves the click
of the selected object that it began on; Alt and a click take that one out. Wheel zooms at the pointer, the middle
button pans, F fits; with the wipe on, dragging its line moves it. Plate pixels have y down; a plate's pixel aspect
widens the picture.
"""

from typing import NamedTuple, Optional, Tuple

from roto_panel.qt import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
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
from roto_panel.widgets.look import GROUND, MARK, colour_of
from roto_panel.widgets.overlays import Tints, draw_box, draw_candidates, draw_click, draw_outlines, draw_prompts
from roto_shared.protocol.data import Picture
from roto_shared.shapes import Point

DRAG_PX = 5
"""Less is the tremble of a click."""

ZOOM_STEP = 1.2
ZOOMS = (0.05, 64.0)
GRASP_PX = 9
"""How near a press must be to a click or to the wipe's line to take hold of it."""


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
        self._tints = Tints()
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
            draw_outlines(painter, self._state, self.widget_point)
            painter.setClipping(False)
            draw_candidates(painter, self._state, self.widget_point)
            draw_prompts(painter, self._state, self.widget_point)
            self._draw_drag(painter)
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
        self._middle = self._middle_now()
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
        self._tints.draw(painter, whole, self._state)
        painter.setClipping(False)

    def _draw_drag(self, painter: QPainter) -> None:
        """The box that is being drawn, or the click that is being moved."""
        if self._pressed is None or self._dragged is None:
            return
        if self._held is None:
            draw_box(painter, self._pressed, self._dragged, colour_of(MARK))
        else:
            draw_click(painter, self._dragged, colour_of(MARK, 120), self._held.positive)

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

    def _pan(self, moved: QPointF) -> None:
        across, down = self._scale()
        x, y = self._middle_now()
        self._zoom, self._middle = down, (x - moved.x() / across, y - moved.y() / down)

    def _scale(self) -> Tuple[float, float]:
        """Widget pixels a plate pixel, across and down; a zoom of 0 stands for fitting."""
        session = self._state.session
        if session is None:
            return (1.0, 1.0)
        aspect = session.pixel_aspect or 1.0
        fitting = min(self.width() / (session.width * aspect), self.height() / session.height)
        down = self._zoom or max(fitting, 1e-6)
        return (down * aspect, down)

    def _middle_now(self) -> Point:
        """The plate pixel in the widget's middle: the plate's own while all of it is shown."""
        session = self._state.session
        return self._middle if self._zoom or session is None else (session.width / 2, session.height / 2)

    def _placing(self) -> QTransform:
        """From plate pixels to the widget's."""
        across, down = self._scale()
        placing = QtGui.QTransform()
        placing.translate(self.width() / 2, self.height() / 2)
        placing.scale(across, down)
        x, y = self._middle_now()
        placing.translate(-x, -y)
        return placing
