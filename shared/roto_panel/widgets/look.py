"""Colours and sizes: neutral, so that nothing beside the picture tints how it is seen; dark or light as the host is."""

from dataclasses import dataclass

from roto_panel.qt import QColor, QPalette, QtGui
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
KEY = (0.45, 0.75, 1.0)
CANDIDATE = (1.0, 0.85, 0.3)

OVERLAY_ALPHA = 110
"""Of 255: what is under an overlay must still be judged."""


@dataclass(frozen=True)
class Theme:
    """Greys of a style sheet, from the ground up, and an accent."""

    ground: str
    field: str
    button: str
    hover: str
    border: str
    text: str
    faint: str
    accent: str
    accent_text: str
    chosen: str


DARK = Theme(
    "#323232", "#2a2a2a", "#464646", "#525252", "#242424", "#d2d2d2", "#7d7d7d", "#7a5a22", "#f2f2f2", "#5a4a2c"
)
LIGHT = Theme(
    "#e4e4e4", "#f6f6f6", "#d2d2d2", "#c6c6c6", "#a8a8a8", "#1f1f1f", "#8a8a8a", "#b9842c", "#ffffff", "#f0d9ae"
)

_STYLE = """
QWidget {{ background: {ground}; color: {text}; }}
QWidget:disabled {{ color: {faint}; }}
QPushButton, QToolButton {{ background: {button}; border: 1px solid {border}; border-radius: 3px; padding: 4px 8px; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {field}; }}
QPushButton:checked {{ background: {chosen}; }}
QPushButton:focus, QListWidget:focus, QLineEdit:focus, QComboBox:focus {{ border: 1px solid #d7a24a; }}
QPushButton#main {{ background: {accent}; color: {accent_text}; }}
QPushButton#main:disabled {{ background: {button}; color: {faint}; }}
QListWidget, QLineEdit {{ background: {field}; border: 1px solid {border}; padding: 2px; }}
QComboBox, QDoubleSpinBox {{ background: {field}; }}
QListWidget::item {{ padding: 3px; }}
QListWidget::item:selected {{ background: {chosen}; color: {text}; }}
QTabWidget::pane {{ border: 1px solid {border}; }}
QTabBar::tab {{ background: {button}; padding: 9px 4px; border: 1px solid {border}; }}
QTabBar::tab:selected {{ background: {chosen}; }}
QProgressBar {{ background: {field}; border: 1px solid {border}; text-align: center; }}
QProgressBar::chunk {{ background: {accent}; }}
QLabel#trouble {{ background: #5b2a26; color: #ffe9e6; padding: 6px; border-radius: 3px; }}
QToolTip {{ background: #1e1e1e; color: #e0e0e0; border: 1px solid #555555; }}
"""


def style(theme: Theme) -> str:
    """The style sheet of a theme."""
    return _STYLE.format(**vars(theme))


def theme_of(palette: QPalette) -> Theme:
    """The theme that goes with a host's palette."""
    return LIGHT if palette.color(QtGui.QPalette.Window).lightnessF() > 0.5 else DARK


def colour_of(colour: Colour, alpha: int = 255) -> QColor:
    """A colour of 0..1 as Qt has it."""
    red, green, blue = (round(max(0.0, min(1.0, part)) * 255) for part in colour)
    return QtGui.QColor(red, green, blue, alpha)
