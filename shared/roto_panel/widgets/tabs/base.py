"""What all tabs have."""

from typing import Any, Callable, Optional

from roto_panel.presenter import Presenter
from roto_panel.qt import QtWidgets, QWidget
from roto_panel.state import PanelState


class Tab(QtWidgets.QWidget):
    """What all tabs have: a presenter once there is one, and a column of widgets."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.presenter: Optional[Presenter] = None
        self.column = QtWidgets.QVBoxLayout(self)
        self.column.setContentsMargins(4, 4, 4, 4)

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        raise NotImplementedError

    def choose(self, **fields: Any) -> None:
        """Tell what was chosen."""
        self.act(lambda presenter: presenter.choose(**fields))

    def act(self, do: Callable[[Presenter], object]) -> None:
        """Do something with the presenter, once there is one."""
        if self.presenter is not None:
            do(self.presenter)
