"""Qt by whichever binding the host has, through Qt.py: PySide2 up to Nuke 15, PySide6 from Nuke 16 on.

The two spell enumerations alike at run time and differently in their stubs, so for type checkers everything is Any; the
names of classes are for signatures.
"""

from typing import Any

import Qt

QtCore: Any = Qt.QtCore
QtGui: Any = Qt.QtGui
QtWidgets: Any = Qt.QtWidgets

QColor = Any
QDockWidget = Any
QDoubleSpinBox = Any
QHBoxLayout = Any
QImage = Any
QKeyEvent = Any
QListWidgetItem = Any
QMenu = Any
QMouseEvent = Any
QPaintEvent = Any
QPainter = Any
QPainterPath = Any
QPalette = Any
QPoint = Any
QPointF = Any
QPushButton = Any
QRectF = Any
QTransform = Any
QWheelEvent = Any
QWidget = Any


def position_of(event: Any) -> Any:
    """Where a mouse or wheel event is in its widget, a QPointF: Qt 6 has one way, Qt 5 another for each."""
    if hasattr(event, "position"):
        return QtCore.QPointF(event.position())
    return QtCore.QPointF(event.localPos() if hasattr(event, "localPos") else event.pos())
