"""All frames of the plate as a strip: how each fares, where something was said, which is shown. A click goes there."""

from typing import Optional

from roto_panel.qt import QMouseEvent, QPainter, QPaintEvent, QtCore, QtGui, QtWidgets, QWidget, position_of
from roto_panel.state import PanelState
from roto_panel.widgets.look import EMPTY, GROUND, KEY, MARK, STATES, colour_of

HEIGHT_PX = 34
WORST_FIRST = ("needs_click", "uncertain", "tracked", "prompted")


class Timeline(QtWidgets.QWidget):
    """Shows the plate's frames; ``chosen`` tells the one that was clicked or dragged to."""

    chosen = QtCore.Signal(int)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self.setMouseTracking(True)
        self.setFocusPolicy(QtCore.Qt.StrongFocus)
        self.setToolTip("Green: tracked.  Yellow: look here.  Red: needs a click.  White mark: prompted.  Blue: a key.")
        self._state = PanelState()

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        self._state = state
        self.update()

    def frame_at(self, x: float) -> Optional[int]:
        """The frame under a position; None without a plate."""
        session = self._state.session
        if session is None:
            return None
        place = int(x * len(session.frames) / max(self.width(), 1))
        return session.frames[max(0, min(place, len(session.frames) - 1))]

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        frame = self.frame_at(position_of(event).x())
        if frame is not None:
            self.chosen.emit(frame)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        frame = self.frame_at(position_of(event).x())
        if frame is not None and event.buttons() & QtCore.Qt.LeftButton and frame != self._state.frame:
            self.chosen.emit(frame)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), colour_of(GROUND))
        session = self._state.session
        if session is not None:
            width = self.width() / len(session.frames)
            said = {frame for frame, _ in self._state.book.said}
            keys = self._state.keys.get(self._state.selected, ())
            for place, frame in enumerate(session.frames):
                cell = QtCore.QRectF(place * width, 4, max(width - (1 if width > 4 else 0), 1), HEIGHT_PX - 18)
                painter.fillRect(cell, colour_of(STATES.get(self._worst(frame), EMPTY)))
                if frame in said:
                    painter.fillRect(QtCore.QRectF(cell.center().x() - 1.5, 1, 3, 6), colour_of(MARK))
                if frame in keys:
                    painter.fillRect(QtCore.QRectF(cell.center().x() - 1.5, cell.bottom() - 3, 3, 5), colour_of(KEY))
            self._draw_range(painter, width)
            self._draw_shown(painter, width)
        painter.end()

    def _draw_range(self, painter: QPainter, width: float) -> None:
        """Darken what lies outside the chosen range."""
        session, choices = self._state.session, self._state.choices
        assert session is not None
        for place, frame in enumerate(session.frames):
            is_before = choices.first is not None and frame < choices.first
            if is_before or (choices.last is not None and frame > choices.last):
                cell = QtCore.QRectF(place * width, 0, width, HEIGHT_PX - 14)
                painter.fillRect(cell, QtGui.QColor(0, 0, 0, 140))

    def _draw_shown(self, painter: QPainter, width: float) -> None:
        session, frame = self._state.session, self._state.frame
        if session is None or frame not in session.frames:
            return
        x = (session.frames.index(frame) + 0.5) * width
        painter.setPen(QtGui.QPen(colour_of(MARK), 1))
        painter.drawLine(QtCore.QPointF(x, 0), QtCore.QPointF(x, HEIGHT_PX - 13))
        text = str(frame)
        room = painter.fontMetrics().boundingRect(text).width() / 2 + 2
        painter.drawText(QtCore.QPointF(max(2.0, min(x - room, self.width() - 2 * room)), HEIGHT_PX - 2), text)

    def _worst(self, frame: int) -> str:
        states = {frames[frame].state for frames in self._state.timeline.values() if frame in frames}
        return next((state for state in WORST_FIRST if state in states), "")
