"""A broken rule, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What is wrong on a line, counted from 1. ``mark`` says how surely the rule is known: seen, code, doc, ?."""

    line: int
    what: str
    mark: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what} [{self.mark}]"
