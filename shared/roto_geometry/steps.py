"""Work that tells how far it is: generators of shares, 0 to 1, that return what comes out."""

from collections.abc import Callable, Generator
from typing import TypeVar

Outcome = TypeVar("Outcome")
Told = TypeVar("Told")


def retold(steps: Generator[float, None, Outcome], tell: Callable[[float], Told]) -> Generator[Told, None, Outcome]:
    """The same steps, each told as ``tell`` makes it of the share that is done."""
    while True:
        try:
            share = next(steps)
        except StopIteration as ending:
            return ending.value
        yield tell(share)


def outcome(steps: Generator[float, None, Outcome]) -> Outcome:
    """What comes out, with nobody told."""
    while True:
        try:
            next(steps)
        except StopIteration as ending:
            return ending.value
