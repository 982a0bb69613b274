"""Every format by the ending of its files: the one door through which documents come from and go to disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from roto_shared.errors import FormatError, InputError
from roto_shared.shapes import ShapeDocument
from roto_shared.whole_file import write_whole

from .notes import Fate, Note
from .nuke.handed_down import handed_down
from .nuke.interpret import HOST as NUKE
from .nuke.script import nuke_curves, nuke_script, read_nuke
from .nuke.unsaid import nuke_unsaid
from .settings import DEFAULT_SETTINGS, FormatSettings
from .silhouette.read import read_silhouette
from .silhouette.session import HOST as SILHOUETTE
from .silhouette.session import LARGEST_SIDE_PX
from .silhouette.unsaid import silhouette_unsaid
from .silhouette.write import write_silhouette
from .stored_file import read_text
from .stored_json import read_json, write_json
from .svg import write_svg

Reader = Callable[[str, FormatSettings], ShapeDocument]
Writer = Callable[[ShapeDocument, FormatSettings], tuple[str, list[Note]]]


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, and how its text becomes a document and comes from one; None where it cannot.

    ``keeps`` names the hosts whose shapes go on in their own words.
    """

    title: str
    read: Reader | None = None
    write: Writer | None = None
    keeps: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    ".nk": Format("Nuke script", read_nuke, nuke_script, (NUKE,)),
    ".curves": Format("text of a Nuke curves knob", read_nuke, nuke_curves, (NUKE,)),
    ".fxs": Format("Silhouette shapes", read_silhouette, write_silhouette, (SILHOUETTE,)),
    ".json": Format("roto shapes", read_json, write_json, (NUKE, SILHOUETTE)),
    ".svg": Format("animated picture", write=write_svg),
}


def readable_endings() -> list[str]:
    """Endings of files that can be read."""
    return [ending for ending, kind in FORMATS.items() if kind.read]


def writable_endings() -> list[str]:
    """Endings of files that can be written."""
    return [ending for ending, kind in FORMATS.items() if kind.write]


def read_document(path: Path | str, settings: FormatSettings = DEFAULT_SETTINGS) -> ShapeDocument:
    """Read the shapes of a file. Raises FormatError, naming the file, the line or field, and what to do."""
    path = Path(path)
    _format(path, readable_endings())
    text = read_text(path)
    try:
        return document_of_text(text, path.suffix, settings)
    except FormatError as error:
        raise FormatError(f"{path}: {error.message}", error.remedy) from error


def document_of_text(text: str, ending: str, settings: FormatSettings = DEFAULT_SETTINGS) -> ShapeDocument:
    """The shapes of a text in the format whose files end so. Raises FormatError."""
    read = _format(Path(f"shapes{ending}"), readable_endings()).read
    assert read is not None
    try:
        document = read(text, settings)
    except FormatError:
        raise
    except InputError as error:
        raise FormatError(error.message, error.remedy) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check_possible(document)
    return document


def _check_possible(document: ShapeDocument) -> None:
    width, height, aspect, fps = document.width, document.height, document.pixel_aspect, document.fps
    if not (1 <= width <= LARGEST_SIDE_PX and 1 <= height <= LARGEST_SIDE_PX) or aspect <= 0 or fps <= 0:
        raise FormatError(
            f"A picture of {width:g} × {height:g} px, pixel aspect {aspect:g}, {fps:g} frames a second, cannot be.",
            "Correct it in the file.",
        )
    if document.last_frame < document.first_frame:
        raise FormatError(f"Its range ends on {document.last_frame}, before it begins.", "Correct it in the file.")


def _too_deep() -> FormatError:
    return FormatError("Its layers are nested too deep.", "Export it again with fewer levels.")


def document_as_drawn(document: ShapeDocument) -> tuple[ShapeDocument, list[str]]:
    """The document with all in its shapes that a host's layers lay on them, for who draws it, and what that could not.

    Layers of a Nuke script fade and end what they hold, for which the model's layers have no words.
    """
    drawn, notes = handed_down(document)
    return drawn, [str(note) for note in notes if note.fate is Fate.LOST]


def document_text(
    document: ShapeDocument, ending: str, settings: FormatSettings = DEFAULT_SETTINGS
) -> tuple[str, list[Note]]:
    """A document as the text of a format, and what that could not hold. Raises FormatError.

    ``ending`` is that of its files (``.nk``, …); ``.curves`` gives what Nuke's ``fromScript`` takes.
    """
    return _written(document, Path(f"shapes{ending}"), settings)


def write_document(
    document: ShapeDocument, path: Path | str, settings: FormatSettings = DEFAULT_SETTINGS
) -> Sequence[Note]:
    """Write a file whole or not at all, and say what its format could not hold. Raises FormatError or StorageError."""
    path = Path(path)
    text, notes = _written(document, path, settings)
    write_whole(path, text.encode())
    return notes


def _written(document: ShapeDocument, path: Path, settings: FormatSettings) -> tuple[str, list[Note]]:
    kind = _format(path, writable_endings())
    try:
        return _text_of(document, kind, settings)
    except RecursionError as error:
        raise _too_deep() from error
    except ZeroDivisionError as error:
        raise FormatError(
            "The pins, scale or matrix of a layer draw its picture flat, or through the horizon.",
            "Correct its transform.",
        ) from error


def _text_of(document: ShapeDocument, kind: Format, settings: FormatSettings) -> tuple[str, list[Note]]:
    assert kind.write is not None
    told: list[Note] = []
    if NUKE not in kind.keeps:
        document, told = handed_down(document)
        told = [*told, *nuke_unsaid(document)]
    if SILHOUETTE not in kind.keeps:
        told = [*told, *silhouette_unsaid(document)]
    text, notes = kind.write(document, settings)
    return text, [*told, *notes]


def _format(path: Path, endings: Sequence[str]) -> Format:
    ending = path.suffix.lower()
    if ending not in endings:
        known = ", ".join(endings)
        raise FormatError(
            f"{path.name}: “{ending or 'no ending'}” is not a format that is known here.", f"Use {known}."
        )
    return FORMATS[ending]
