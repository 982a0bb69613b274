"""A host's plugin put in place from its zip, and taken out again, without touching what is somebody else's."""

import re
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from roto_shared.errors import InputError, StorageError

TOP = "roto"
"""The one folder in a plugin's zip."""

MARK = "VERSION"
"""The file that every plugin folder of ours has: its version and platform."""

DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
"""What reading a damaged zip raises, by what the damage hit."""

INIT = "init.py"
INIT_TEXT = """# Written by `roto install nuke`, and removed by `roto install nuke --undo` as long as it is unchanged.
import nuke
nuke.pluginAddPath("./{folder}")
"""


@dataclass(frozen=True)
class HostPlugin:
    """A host's plugin: the package in it that is the host's own, and where it goes below the user's home."""

    title: str
    package: str
    home: tuple[str, ...]

    @property
    def usual_folder(self) -> Path:
        """Where it goes unless told otherwise."""
        return Path.home().joinpath(*self.home)


PLUGINS = {
    "nuke": HostPlugin("Nuke", "roto_nuke", (".nuke", "roto")),
    "silhouette": HostPlugin("Silhouette", "roto_silhouette", (".roto", "silhouette")),
}


@dataclass(frozen=True)
class Installed:
    """Where the plugin is, what it is, and what is left to do by hand (empty: nothing)."""

    folder: Path
    version: str
    left_to_do: str = ""


def install_plugin(plugin: HostPlugin, packed: Path, folder: Path) -> Installed:
    """Put the plugin of a zip at ``folder``, in place of an older one.

    Nuke finds it by an ``init.py`` beside the folder where that is the user's ``.nuke`` and has none; one that is there
    is never touched. Raises InputError for a zip that is none of ours, a folder that holds something else, or a link.
    """
    if folder.is_symlink():
        raise InputError(
            f"{folder} is a link to {folder.readlink()}.",
            "Name that folder with --folder, or take the link out first, to have a plugin of your own here.",
        )
    _check_ours(folder, plugin)
    with _opened(packed, plugin) as content:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".roto-") as beside:
            _unpack(content, packed, Path(beside))
            _swap(Path(beside) / TOP, folder)
    return Installed(folder, _version(folder), _announce(folder, plugin))


def remove_plugin(plugin: HostPlugin, folder: Path) -> Installed:
    """Take the plugin out, and the ``init.py`` that was written for it; of a link, the link alone.

    Raises InputError where there is none.
    """
    if not folder.is_dir():
        raise InputError(f"There is no plugin at {folder}.", "Name the folder where it is with --folder.")
    _check_ours(folder, plugin)
    version, init = _version(folder), folder.parent / INIT
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder)
    if _is_our_init(init, folder):
        init.unlink()
    return Installed(folder, version, f"{init} still names it; take the line out." if _names(init, folder) else "")


def _opened(packed: Path, plugin: HostPlugin) -> zipfile.ZipFile:
    try:
        content = zipfile.ZipFile(packed)
    except (OSError, *DAMAGES) as error:
        raise _unreadable(packed, error) from error
    names = content.namelist()
    is_inside = all(name.startswith(f"{TOP}/") and ".." not in PurePosixPath(name).parts for name in names)
    if not is_inside or f"{TOP}/{MARK}" not in names or f"{TOP}/{plugin.package}/__init__.py" not in names:
        content.close()
        wanted = f"roto-{plugin.title.lower()}-<version>-<platform>.zip"
        raise InputError(f"{packed} is not the plugin for {plugin.title}.", f"Take {wanted}.")
    return content


def _unpack(content: zipfile.ZipFile, packed: Path, target: Path) -> None:
    try:
        content.extractall(target)
    except DAMAGES as error:
        raise _unreadable(packed, error) from error


def _unreadable(packed: Path, error: Exception) -> InputError:
    return InputError(f"{packed} is no zip that can be read: {error}.", "Fetch it again.")


def _check_ours(folder: Path, plugin: HostPlugin) -> None:
    is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_free and not ((folder / MARK).is_file() and (folder / plugin.package).is_dir()):
        raise InputError(f"{folder} holds something else.", "Name another folder with --folder.")


def _swap(new: Path, folder: Path) -> None:
    """Put ``new`` where ``folder`` is; the old one goes last, so that a failure leaves one of the two."""
    old = new.with_name("old")
    try:
        if folder.exists():
            folder.replace(old)
        new.replace(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.replace(folder)
        raise StorageError(
            f"{folder} cannot be replaced: {error.strerror}.", "Close the host and try again."
        ) from error


def _announce(folder: Path, plugin: HostPlugin) -> str:
    """Let the host know of the folder, or say in words what does."""
    if plugin is not PLUGINS["nuke"]:
        return f"Add {folder / 'roto_startup'} to SFX_SCRIPT_IMPORTS before Silhouette starts."
    init = folder.parent / INIT
    if folder.parent == Path.home() / ".nuke" and (not init.exists() or _is_our_init(init, folder)):
        init.write_text(INIT_TEXT.format(folder=folder.name), encoding="utf-8")
        return ""
    if _names(init, folder):
        return ""
    return f'Add {folder} to NUKE_PATH, or nuke.pluginAddPath("{folder.as_posix()}") to an init.py that Nuke reads.'


def _is_our_init(init: Path, folder: Path) -> bool:
    return init.is_file() and init.read_text(encoding="utf-8", errors="replace") == INIT_TEXT.format(folder=folder.name)


def _names(init: Path, folder: Path) -> bool:
    """Whether a line of ``init.py`` has the folder at the end of a path, not in a comment nor as part of a word."""
    line = rf"""^[^#\n]*["'/\\]{re.escape(folder.name)}["'/\\]"""
    return init.is_file() and re.search(line, init.read_text(encoding="utf-8", errors="replace"), re.M) is not None


def _version(folder: Path) -> str:
    return (folder / MARK).read_text(encoding="utf-8").strip()
