"""Fields of settings: one widget a value, shown from a state and told when an artist changes it."""

from math import ceil
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from roto_panel.qt import QDoubleSpinBox, QtWidgets, QWidget


class Form(QtWidgets.QWidget):
    """Rows of named fields; ``on_change(name, value)`` is called with what was changed by hand."""

    def __init__(self, on_change: Callable[[str, Any], None], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._on_change = on_change
        self._rows = QtWidgets.QFormLayout(self)
        self._rows.setContentsMargins(4, 4, 4, 4)
        self._set: Dict[str, Callable[[Any], None]] = {}
        self.fields: Dict[str, QWidget] = {}
        self._is_showing = False

    def show_values(self, values: Dict[str, Any]) -> None:
        """Show values by name, without telling of them."""
        self._is_showing = True
        for name, value in values.items():
            self._set[name](value)
        self._is_showing = False

    def number(self, name: str, label: str, tip: str, low: float, high: float, step: float, usual: str = "") -> None:
        """A number; with ``usual`` one step stands for None, which all below ``low`` are, and is shown as that word."""
        field = QtWidgets.QDoubleSpinBox()
        field.setDecimals(0 if step >= 1 else 2)
        lowest = step * (ceil(low / step) - 1) if usual else low
        field.setRange(lowest, high)
        field.setSingleStep(step)
        field.setSpecialValueText(usual)
        field.setKeyboardTracking(False)  # told when it is typed whole

        def changed(value: float) -> None:
            if usual and field.minimum() < value < low:
                field.setValue(field.minimum())  # which is told in its place
            else:
                self._tell(name, None if usual and value < low else value)

        field.valueChanged.connect(changed)
        self._set[name] = lambda value: _show_number(field, lowest if value is None else value)
        self._add(name, label, tip, field)

    def choice(self, name: str, label: str, tip: str, options: Sequence[Tuple[str, Any]]) -> None:
        """One of several values, each with its words."""
        field = QtWidgets.QComboBox()
        values = [value for _, value in options]
        field.addItems([words for words, _ in options])
        field.currentIndexChanged.connect(lambda index: self._tell(name, values[index]))
        self._set[name] = lambda value: field.setCurrentIndex(values.index(value) if value in values else 0)
        self._add(name, label, tip, field)

    def tick(self, name: str, label: str, tip: str) -> None:
        """Yes or no."""
        field = QtWidgets.QCheckBox(label)
        field.toggled.connect(lambda value: self._tell(name, value))
        self._set[name] = lambda value: field.setChecked(bool(value))
        self._add(name, "", tip, field)

    def button(self, name: str, label: str, tip: str, act: Callable[[], None]) -> None:
        """Something to do with the values."""
        field = QtWidgets.QPushButton(label)
        field.clicked.connect(lambda *_: act())
        self._add(name, "", tip, field)

    def _add(self, name: str, label: str, tip: str, field: QWidget) -> None:
        field.setToolTip(tip)
        self.fields[name] = field
        if label:
            words = QtWidgets.QLabel(label)
            words.setToolTip(tip)
            self._rows.addRow(words, field)
        else:
            self._rows.addRow(field)

    def _tell(self, name: str, value: Any) -> None:
        if not self._is_showing:
            self._on_change(name, value)


def _show_number(field: QDoubleSpinBox, value: float) -> None:
    """Show a number, and leave what is being typed alone where it is the same."""
    if field.value() != value:
        field.setValue(value)
