"""All sessions of a user: opened by key, found again after a restart, cleared when nobody touched them for long.

What hosts were given is kept beside them, once for all sessions of a key, as long as there is one.
"""

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from roto_daemon.plates import Plate
from roto_daemon.sessions.given import Given
from roto_daemon.sessions.session import Session, SessionHead
from roto_daemon.sessions.stored import read_stored
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef
from roto_shared.structure import from_plain, to_plain
from roto_shared.whole_file import write_json

OpenPlate = Callable[[PlateRef], Plate]


class SessionShelf:
    """Sessions under ``folder``, and what hosts were given in ``given`` beside it; ``open_plate`` opens plates."""

    def __init__(self, folder: Path, open_plate: OpenPlate) -> None:
        self._folder = folder
        self._given_folder = folder.with_name("given")
        self._given: WeakValueDictionary[Path, Given] = WeakValueDictionary()
        self._open_plate = open_plate
        self._open: dict[str, Session] = {}
        self._lock = threading.Lock()  # never held while a plate is opened, which may take minutes
        self._doors: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

    def open(self, head: SessionHead) -> Session:
        """The session of a plate, engine and key, new or as it was left. Raises PlateError or StorageError."""
        name = session_name(head)
        return self._opened(name, lambda: self._load(name, head))

    def get(self, name: str) -> Session:
        """A session by name; one that is only on disk is opened. Raises InputError, or PlateError as :meth:`open`."""
        return self._opened(name, lambda: self._reload(name))

    def names(self) -> tuple[str, ...]:
        """Open sessions."""
        with self._lock:
            return tuple(self._open)

    def close(self, name: str, forget: bool = False) -> None:
        """Let go of a session; ``forget`` deletes what it stored."""
        with self._door(name):
            with self._lock:
                session = self._open.pop(name, None)
            if session is not None:
                session.close()
            if forget and _is_name(name):
                shutil.rmtree(self._folder / name, ignore_errors=True)
                self._drop_given_of_nobody()

    def close_all(self) -> None:
        """Let go of every session."""
        for name in self.names():
            self.close(name)

    def drop_embeddings(self) -> None:
        """Give back the memory of prepared frames."""
        with self._lock:
            for session in self._open.values():
                session.drop_embeddings()

    def prune(self, keep_days: float) -> None:
        """Delete sessions that nobody touched for ``keep_days``, damaged ones too; 0 keeps all."""
        if not keep_days:
            return
        limit = time.time() - keep_days * 86400
        for folder in self._folder.glob("*"):
            if folder.name not in self._open and _is_name(folder.name) and self._touched(folder) < limit:
                shutil.rmtree(folder, ignore_errors=True)
        self._drop_given_of_nobody()

    def _touched(self, folder: Path) -> float:
        """When a session was worked on last; shapes that were given count for all sessions of their key."""
        head = _read_head(folder)
        files = [folder, *folder.glob("*.json*"), *([self._given_path(folder, head)] if head else [])]
        return max(path.stat().st_mtime for path in files if path.exists())

    def _drop_given_of_nobody(self) -> None:
        """Delete what hosts were given in work of which no session is left.

        Nothing is deleted while there is a session that a crash took the head of, for its key may be any.
        """
        heads = [(folder, _read_head(folder)) for folder in self._folder.glob("*") if _is_name(folder.name)]
        if any(head is None for _, head in heads):
            return
        wanted = {self._given_path(folder, head) for folder, head in heads if head is not None}
        for path in self._given_folder.glob("*.json"):
            if path not in wanted:
                Given(path).discard()
                with self._lock:
                    self._given.pop(path, None)

    def _given_path(self, folder: Path, head: SessionHead) -> Path:
        return self._given_folder / f"{_digest(head.key)}.json" if head.key else folder / "given.json"

    def _opened(self, name: str, load: Callable[[], Session]) -> Session:
        with self._door(name):
            with self._lock:
                session = self._open.get(name)
            if session is None:
                session = load()
                with self._lock:
                    self._open[name] = session
            return session

    def _door(self, name: str) -> threading.Lock:
        """The lock of one session, through which one thread at a time opens or closes it."""
        with self._lock:
            return self._doors.setdefault(name, threading.Lock())

    def _load(self, name: str, head: SessionHead) -> Session:
        folder = self._folder / name
        plate = self._open_plate(head.plate)
        write_json(folder / "session.json", to_plain(head, SessionHead))
        path = self._given_path(folder, head)
        with self._lock:
            given = self._given.setdefault(path, Given(path))
        return Session(name, folder, head, plate, partial(self._open_plate, head.plate), given)

    def _reload(self, name: str) -> Session:
        head = _read_head(self._folder / name) if _is_name(name) else None
        if head is None:
            raise InputError(f"There is no session “{name}”.", "Open one on a plate first.")
        return self._load(name, head)


def session_name(head: SessionHead) -> str:
    """A session's name: digest of what identifies it."""
    return _digest(json.dumps(to_plain(head, SessionHead), sort_keys=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read_head(folder: Path) -> SessionHead | None:
    return read_stored(folder / "session.json", partial(from_plain, SessionHead), None)


def _is_name(name: str) -> bool:
    return len(name) == 16 and all(letter in "0123456789abcdef" for letter in name)
