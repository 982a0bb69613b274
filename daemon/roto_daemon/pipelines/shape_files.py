"""Shapes from other programs' files into a host, and a host's shapes into files for others."""

from pathlib import Path

from roto_daemon.pipelines.host_shapes import host_settings
from roto_daemon.sessions.session import Session
from roto_formats.registry import document_of_text, document_text, read_document, write_document
from roto_formats.settings import DEFAULT_SETTINGS, FormatSettings
from roto_shared.protocol import messages
from roto_shared.protocol.messages import Exported
from roto_shared.shapes import ShapeDocument


def read_shapes(session: Session, message: messages.ReadShapes) -> Exported:
    """A file's shapes as a host's text. Raises FormatError, StorageError.

    Size and frames of the file are those that it says itself, but for a bare curves text, which says no size.
    """
    settings = host_settings(session, message.clock)
    own = FormatSettings(settings.size) if Path(message.path).suffix == ".curves" else DEFAULT_SETTINGS
    document = read_document(message.path, own)
    text, notes = document_text(document, f".{message.format}", settings)
    return Exported((), {message.format: text}, (*_other_size(session, document), *map(str, notes)))


def write_shapes(session: Session, message: messages.WriteShapes) -> Exported:
    """A host's shapes as a file. Raises FormatError, StorageError."""
    settings = host_settings(session, message.clock)
    document = document_of_text(message.text, f".{message.format}", settings)
    notes = write_document(document, Path(message.path), settings)
    return Exported((message.path,), {}, tuple(map(str, notes)))


def _other_size(session: Session, document: ShapeDocument) -> tuple[str, ...]:
    plate = session.plate
    if (document.width, document.height) == (plate.width, plate.height):
        return ()
    drawn, shown = f"{document.width}×{document.height}", f"{plate.width}×{plate.height}"
    return (f"The shapes were drawn for {drawn}, this plate is {shown}: they keep their pixels.",)
