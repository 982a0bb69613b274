"""Where files go: a name with tokens, such as ``{shot}_{object}_v{version:03}.{frame:04}``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from roto_shared.errors import InputError

TOKENS = ("object", "frame", "shot", "version")
NUMBERS = {"frame", "version"}
_WIDTH = re.compile(r"0?\d{0,2}d?")


@dataclass(frozen=True)
class FileName:
    """A file's place under a folder, without its ending. Raises InputError for a template that makes no sense."""

    template: str
    shot: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        if not self.template or self.template.startswith(("/", "\\")) or ":" in self._plain_text():
            raise _misnamed(self.template, "it must be a name below the folder")
        if any(part in ("", ".", "..") for part in re.split(r"[/\\]", self._plain_text("x"))):
            raise _misnamed(self.template, "it must stay below the folder")
        if "shot" in self.tokens and not self.shot:
            raise InputError(f"The file name “{self.template}” wants a shot.", "Say which: --shot NAME.")
        if self.shot in (".", "..") or any(letter in self.shot for letter in "/\\:"):
            raise InputError(f"The shot “{self.shot}” is no name of a file.", "Leave out / \\ and :.")

    @property
    def tokens(self) -> set[str]:
        """The tokens that it holds."""
        return {name for _, name, _, _ in self._parse() if name}

    def path(self, folder: Path, frame: int, name: str, ending: str) -> Path:
        """The file of ``frame`` and of the object ``name``, which a file system must take; ``ending`` has its dot."""
        values = {"object": name, "frame": frame, "shot": self.shot, "version": self.version}
        return folder / f"{self.template.format(**values)}{ending}"

    def _plain_text(self, stand_in: str = "") -> str:
        return "".join(text + (stand_in if name else "") for text, name, _, _ in self._parse())

    def _parse(self) -> list[tuple[str, str | None, str, str | None]]:
        try:
            parts = [(text, name, form or "", way) for text, name, form, way in Formatter().parse(self.template)]
        except ValueError as error:
            raise _misnamed(self.template, str(error)) from error
        for _, name, form, way in parts:
            if name is not None and name not in TOKENS:
                raise _misnamed(self.template, f"there is no token {{{name}}}")
            if way or (form and (name not in NUMBERS or not _WIDTH.fullmatch(form))):
                raise _misnamed(self.template, f"{{{name}:{form}}} is no number with a width")
        return parts


def _misnamed(template: str, why: str) -> InputError:
    tokens = ", ".join(f"{{{name}}}" for name in TOKENS)
    return InputError(f"The file name “{template}” cannot be used: {why}.", f"Use text, {tokens}, and {{frame:04}}.")
