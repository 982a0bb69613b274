"""Object storage behind the folders: S3 and whatever else speaks it, or any other that fsspec knows."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from uuid import uuid4

from roto_hub.problems import UnavailableError
from roto_shared.errors import InputError

T = TypeVar("T")


class Bucket:
    """Files by their paths below an address such as ``s3://bucket/folder``. ``options`` are fsspec's for its kind.

    Making one raises InputError for an address that cannot be used; every method raises UnavailableError where the
    bucket does not answer, or does not let us in.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        import fsspec  # only here: who has no bucket needs no library for one

        try:
            self._files, self._root = fsspec.core.url_to_fs(url, use_listings_cache=False, **options)
        except (ImportError, ValueError) as error:
            raise InputError(
                f"ROTO_HUB_MEDIA_URL cannot be used: {error}.",
                "Write it as s3://bucket/folder, and install its library.",
            ) from error

    def put(self, path: Path, name: str) -> None:
        """Put a file, or a folder with everything in it."""
        files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
        for file in files:
            within = file.relative_to(path).as_posix() if path.is_dir() else ""
            self._ask(lambda file=file, within=within: self._files.put_file(str(file), self._at(name, within)))

    def get(self, name: str, path: Path) -> bool:
        """Fetch a file, or of a folder all that is not at ``path`` yet; whether there is one."""
        for found in self._below(name):
            within = PurePosixPath(found).relative_to(self._at(name))
            target = path / within if str(within) != "." else path
            if target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f".{uuid4().hex}.unfinished")  # another may fetch the same at the moment
            try:
                self._ask(lambda found=found, unfinished=unfinished: self._files.get_file(found, str(unfinished)))
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
        return path.exists()

    def names(self, folder: str) -> list[str]:
        """The names of what lies directly in a folder."""
        whole = PurePosixPath(self._at(folder))
        return sorted({PurePosixPath(one).relative_to(whole).parts[0] for one in self._below(folder)})

    def move(self, name: str, to: str) -> int:
        """Put a folder somewhere else, as if it were written now; answers its bytes."""
        files = self._ask(lambda: self._files.find(self._at(name), detail=True))
        for found in files:
            target = self._at(to, str(PurePosixPath(found).relative_to(self._at(name))))
            self._ask(lambda found=found, target=target: self._files.copy(found, target))
            self._ask(lambda found=found: self._files.rm_file(found))
        return sum(int(about["size"]) for about in files.values())

    def untouched(self, folder: str, since: datetime) -> list[str]:
        """The names of what lies directly in a folder and was not put there since; a folder counts by a file of it."""
        whole, files = PurePosixPath(self._at(folder)), self._below(folder)
        one_each = {PurePosixPath(found).relative_to(whole).parts[0]: found for found in files}
        written = {name: self._ask(lambda found=found: self._files.modified(found)) for name, found in one_each.items()}
        return [name for name, moment in written.items() if moment < since]

    def delete(self, name: str) -> None:
        """Delete a folder for good."""
        found = self._below(name)
        if found:
            self._ask(lambda: self._files.rm(found))

    def sizes(self) -> dict[str, int]:
        """Bytes of each thing in each of its folders, by name, as “shots/…”."""
        found: Counter[str] = Counter()
        for path, size in self._ask(lambda: self._files.du(self._root, total=False)).items():
            found["/".join(PurePosixPath(path).relative_to(self._at()).parts[:2])] += int(size)
        return dict(found)

    def _below(self, name: str) -> list[str]:
        return list(self._ask(lambda: self._files.find(self._at(name))))

    def _at(self, *parts: str) -> str:
        return str(PurePosixPath(self._root, *parts))

    def _ask(self, do: Callable[[], T]) -> T:
        try:
            return do()
        except Exception as error:  # each kind of storage has faults of its own
            raise UnavailableError(
                f"The storage does not answer: {type(error).__name__}: {error}", "Ask an administrator."
            ) from error
