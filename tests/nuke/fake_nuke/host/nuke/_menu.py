"""Menus and the script editor's lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nuke._studio import on_main_thread, windows


class MenuItem:
    """A command in a menu."""

    def __init__(self, name: str, command: Callable[[], Any] | None = None, shortcut: str = "") -> None:
        self._name, self._command, self._shortcut, self.is_enabled = name, command, shortcut, True

    def name(self) -> str:
        return self._name

    def shortcut(self) -> str:
        return self._shortcut

    def setEnabled(self, enabled: bool, recursive: bool) -> None:
        on_main_thread("MenuItem.setEnabled")
        self.is_enabled = enabled

    def invoke(self) -> None:
        on_main_thread("MenuItem.invoke")
        if self.is_enabled and self._command is not None:
            self._command()


class Menu(MenuItem):
    """A menu with commands and further menus."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._items: dict[str, MenuItem] = {}

    def addMenu(self, name: str, icon: str = "") -> Menu:
        """An icon is a file on the plugin path; Nuke shows nothing where it finds none, which is an error here."""
        on_main_thread("Menu.addMenu")
        if icon and not any((Path(folder) / icon).is_file() for folder in windows.plugin_path):
            raise RuntimeError(f"no icon {icon} on the plugin path")
        found = self._items.setdefault(name, Menu(name))
        assert isinstance(found, Menu)
        return found

    def addCommand(self, name: str, command: Callable[[], Any] | None = None, shortcut: str = "") -> MenuItem:
        on_main_thread("Menu.addCommand")
        self._items[name] = MenuItem(name, command, shortcut)
        return self._items[name]

    def findItem(self, name: str) -> MenuItem | None:
        on_main_thread("Menu.findItem")
        return self._items.get(name)


def menu(name: str) -> Menu:
    on_main_thread("menu")
    return windows.menus.setdefault(name, Menu(name))


def pluginAddPath(args: str, addToSysPath: bool = True) -> None:
    on_main_thread("pluginAddPath")
    windows.plugin_path.append(args)


def tprint(*args: Any, sep: str = " ", end: str = "\n") -> None:
    on_main_thread("tprint")
    windows.lines.append(sep.join(map(str, args)))
