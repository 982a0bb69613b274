"""Colours and sizes: dark and neutral, so that nothing beside the picture tints how it is seen."""

from roto_panel.qt import QColor, QtGui
from roto_shared.shapes import Colour

STATES = {
    "prompted": (0.95, 0.95, 0.95),
    "tracked": (0.36, 0.66, 0.42),
    "uncertain": (0.90, 0.70, 0.25),
    "needs_click": (0.88, 0.33, 0.28),
}
"""Of frames in the timeline; they differ in lightness too."""

EMPTY = (0.22, 0.22, 0.22)
GROUND = (0.13, 0.13, 0.13)
MARK = (1.0, 1.0, 1.0)

OVERLAY_ALPHA = 110
"""Of 255: what is under an overlay must still be judged."""

STYLE = """
QWidget { background: #323232; color: #d2d2d2; }
QWidget:disabled { color: #7d7d7d; }
QPushButton { background: #464646; border: 1px solid #2a2a2a; border-radius: 3px; padding: 4px 10px; }
QPushButton:hover { background: #525252; }
QPushButton:pressed { background: #3a3a3a; }
QPushButton:focus, QListWidget:focus { border: 1px solid #d7a24a; }
QPushButton#main { background: #7a5a22; border-color: #94702f; color: #f2f2f2; }
QPushButton#main:disabled { background: #464646; border-color: #2a2a2a; color: #7d7d7d; }
QListWidget { background: #2a2a2a; border: 1px solid #242424; }
QListWidget::item { padding: 4px; }
QListWidget::item:selected { background: #5a4a2c; color: #ffffff; }
QProgressBar { background: #2a2a2a; border: 1px solid #242424; text-align: center; }
QProgressBar::chunk { background: #7a5a22; }
QLabel#trouble { background: #5b2a26; color: #ffe9e6; padding: 6px; border-radius: 3px; }
QToolTip { background: #1e1e1e; color: #e0e0e0; border: 1px solid #555555; }
"""


def colour_of(colour: Colour, alpha: int = 255) -> QColor:
    """A colour of 0..1 as Qt has it."""
    red, green, blue = (round(max(0.0, min(1.0, part)) * 255) for part in colour)
    return QtGui.QColor(red, green, blue, alpha)
