"""What a writer had to change because the format has no words for it."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of something the format cannot say."""

    BAKED = "baked"
    LOST = "lost"


@dataclass(frozen=True)
class Note:
    """One line of a writer's report: ``element`` is the name of the layer or shape, ``reason`` a sentence."""

    element: str
    fate: Fate
    reason: str

    def __str__(self) -> str:
        return f"{self.element}: {self.fate.value}: {self.reason}"
