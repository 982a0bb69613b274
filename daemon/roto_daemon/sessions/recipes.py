"""How a session's objects are made of others and finished: kept as ``recipes.json``, so that masks can be made anew."""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from roto_daemon.sessions.masks import Renaming
from roto_daemon.sessions.stored import read_stored
from roto_shared.errors import InputError
from roto_shared.file_names import check_name
from roto_shared.protocol.data import Combination, FinishSettings
from roto_shared.structure import from_plain, to_plain
from roto_shared.version import VERSION
from roto_shared.whole_file import write_json

T = TypeVar("T")

LEAST_OBJECTS = {"union": 2, "intersect": 2, "subtract": 2, "piece": 1}
"""Operations, and of how many objects they are made at least."""


@dataclass(frozen=True)
class _Told:
    """The file as it is stored, after so many ``renamings``."""

    combined: tuple[Combination, ...] = ()
    finish: dict[str, FinishSettings] = field(default_factory=dict)
    renamings: int = 0


class Recipes:
    """Combinations by the name of what they make, in the order they were made, and finishing by object.

    ``renamings`` are all of the session, which keeps them: those that came after the file was written are done again.
    """

    def __init__(self, path: Path, renamings: Sequence[Renaming]) -> None:
        self._path = path
        self._renamings = renamings
        self._changing = threading.Lock()
        told = read_stored(path, partial(from_plain, _Told), _Told())
        self.combined: dict[str, Combination] = {made.name: made for made in told.combined}
        self.finish: dict[str, FinishSettings] = dict(told.finish)
        for renaming in renamings[told.renamings :]:
            self.rename(renaming.renamed, renaming.called)

    def combine(self, combination: Combination, objects: Iterable[str]) -> None:
        """Add an object made of ``objects`` that there are. Raises InputError for what makes no sense, StorageError."""
        with self._changing:
            check_combination(combination, set(objects), self.combined)
            self._keep({**self.combined, combination.name: combination}, self.finish)

    def set_finish(self, name: str, settings: FinishSettings) -> None:
        """Say how an object's masks are finished; with everything off they are left alone. Raises StorageError."""
        with self._changing:
            others = _without(name, self.finish)
            self._keep(self.combined, others if settings == FinishSettings() else {**others, name: settings})

    def forget(self, name: str) -> None:
        """Take an object out. Raises InputError where another one is made of it, and StorageError."""
        with self._changing:
            user = next((made.name for made in self.combined.values() if name in made.objects), None)
            if user is not None:
                raise InputError(f"“{user}” is made of “{name}”.", f"Delete “{user}” first.")
            self._keep(_without(name, self.combined), _without(name, self.finish))

    def rename(self, name: str, new: str) -> None:
        """Call an object otherwise wherever it is spoken of; the file follows when it is written next.

        How one was finished that had the new name before goes.
        """

        def now(called: str) -> str:
            return new if called == name else called

        with self._changing:
            self.combined = {
                now(made.name): replace(made, name=now(made.name), objects=tuple(map(now, made.objects)))
                for made in self.combined.values()
            }
            self.finish = {now(of): settings for of, settings in _without(new, self.finish).items()}

    @property
    def sources(self) -> set[str]:
        """Objects that others are made of, also such as are gone."""
        return {name for made in self.combined.values() for name in made.objects}

    @property
    def taken_in(self) -> set[str]:
        """Objects that went into others and are no longer their own."""
        return {name for made in self.combined.values() if not made.keep for name in made.objects}

    def _keep(self, combined: dict[str, Combination], finish: dict[str, FinishSettings]) -> None:
        """Go on with these; with those before where the disk refuses."""
        told = _Told(tuple(combined.values()), finish, len(self._renamings))
        write_json(self._path, to_plain(told, _Told))
        self.combined, self.finish = combined, finish


def _without(name: str, by_name: Mapping[str, T]) -> dict[str, T]:
    return {other: value for other, value in by_name.items() if other != name}


def check_combination(combination: Combination, objects: set[str], combined: Mapping[str, Combination]) -> None:
    """Raise InputError for what cannot be made of ``objects``, of which some are ``combined`` of others."""
    least = LEAST_OBJECTS.get(combination.operation)
    if least is None:
        raise InputError(f"There is no operation “{combination.operation}”.", f"Use {', '.join(LEAST_OBJECTS)}.")
    if not combination.name.strip() or combination.name in objects - set(combined):
        raise InputError(f"“{combination.name}” cannot be the name.", "Choose one that no object has.")
    check_name(combination.name)
    if len(set(combination.objects)) < least:
        raise InputError(f"A {combination.operation} needs {least} objects.", "Name them.")
    unknown = [n for n in combination.objects if n not in objects or _leads_to(n, combination, combined)]
    if unknown:
        raise InputError(f"“{combination.name}” cannot be made of “{unknown[0]}”.", "Name objects that there are.")
    is_placed = combination.frame is not None and combination.point and all(map(math.isfinite, combination.point))
    if combination.operation == "piece" and not is_placed:
        raise InputError("A piece needs a frame and a point.", "Say where the piece is.")


def _leads_to(name: str, combination: Combination, combined: Mapping[str, Combination]) -> bool:
    """Whether an object is, at last, made of what is being made."""
    made = combined.get(name)
    return name == combination.name or (
        made is not None and any(_leads_to(n, combination, combined) for n in made.objects)
    )


def digest_of(*parts: object) -> str:
    """A short digest of what something was computed from, this version of the program included."""
    return hashlib.sha256("|".join(map(repr, (VERSION, *parts))).encode()).hexdigest()[:12]
