"""Panels of Qt widgets."""

from __future__ import annotations

from typing import Any

from nuke._studio import on_main_thread

registered: dict[str, str] = {}
opened: list[Any] = []


class PythonPanel:
    """A panel that holds a widget, made when it is put into a pane: by Python text, where nothing is imported."""

    def __init__(self, widget: str) -> None:
        self._widget = widget

    def addToPane(self) -> PythonPanel:
        on_main_thread("PythonPanel.addToPane")
        opened.append(eval(self._widget, {})())
        return self


def registerWidgetAsPanel(widget: str, name: str, id: str, create: bool = False) -> PythonPanel | None:
    on_main_thread("registerWidgetAsPanel")
    registered[id] = widget
    return PythonPanel(widget) if create else None
