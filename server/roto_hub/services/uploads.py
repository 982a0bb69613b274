"""Files on their way in, in pieces, which can go on after a lost connection."""

import os
import re
from datetime import timedelta
from pathlib import Path, PurePath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import LONGEST_NAME, REFUSED, UPLOADING, Project, Shot, Upload, User, now
from roto_hub.problems import ConflictError, RefusedError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event
from roto_hub.services.shots import give_plate
from roto_hub.settings import HubSettings
from roto_hub.storage import Storage

VIDEOS = (".mov", ".mp4", ".mxf", ".mkv", ".avi", ".webm")
STILLS = (".exr", ".dpx", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
FRAMES = ".zip"
"""The frames of a sequence, in one file."""

FOLDER = "uploads"
"""Where files grow in the storage, under their uploads' ids."""

_UNSAFE = re.compile(r"[^\w.-]+")

_IS_OPEN = (Shot.state == UPLOADING, Shot.deleted_at.is_(None))


def create_upload(
    session: Session, by: User, shot: Shot, file_name: str, size: int, settings: HubSettings, storage: Storage
) -> Upload:
    """Begin to take a file in. Raises RefusedError for what is no plate or too large, FullError."""
    name = _UNSAFE.sub("_", PurePath(file_name.replace("\\", "/")).name).lstrip(".")
    if not name.lower().endswith((*VIDEOS, *STILLS, FRAMES)):
        kinds = " ".join((*VIDEOS, *STILLS, FRAMES))
        raise RefusedError(f"“{file_name}” is no plate.", f"Give one of: {kinds}.")
    if not 0 < size <= settings.largest_upload:
        raise RefusedError("The file is empty or too large.", f"At most {settings.largest_upload} bytes are taken.")
    storage.check_room(size + _announced(session))
    upload = Upload(shot_id=shot.id, file_name=_short(name), size=size)
    session.add(upload)
    session.flush()
    note_action(session, by.id, "upload.begin", upload.id, shot.project_id, name=name, size=size)
    return upload


def open_uploads(session: Session, project: Project) -> list[tuple[Upload, str]]:
    """A project's uploads that have not ended, each with its shot's name, the latest first."""
    wanted = select(Upload, Shot.name).join(Shot, Shot.id == Upload.shot_id)
    wanted = wanted.where(Shot.project_id == project.id, *_IS_OPEN)
    found = session.execute(wanted.order_by(Upload.created_at.desc()))
    return [(upload, name) for upload, name in found]


def take_piece(session: Session, storage: Storage, upload: Upload, offset: int, piece: bytes) -> None:
    """Take the next piece in. Raises ConflictError for one that does not go on where the last ended, or where what came
    before is lost, RefusedError for more than the file was said to hold, FullError."""
    session.refresh(upload, with_for_update=True)
    if upload.received == upload.size:
        raise ConflictError("The file is all here already.")
    if session.scalar(select(Shot.state).where(Shot.id == upload.shot_id)) != UPLOADING:
        raise ConflictError("The upload was given up.", "Delete the shot, and begin again.")
    if offset != upload.received:
        raise ConflictError(f"{upload.received} bytes are here, not {offset}.", "Go on from there.")
    if offset + len(piece) > upload.size:
        raise RefusedError("That is more than the file was said to hold.", "Begin again with its true size.")
    storage.check_disk(len(piece))
    _write(storage, upload, offset, piece)
    upload.received = offset + len(piece)
    session.flush()  # the next piece, which may come in the same request, reads it again


def give_up_uploads(session: Session, storage: Storage, untouched: timedelta) -> list[str]:
    """Give up uploads that nobody went on with for so long: what they were to bring is room for others again. Answers
    the names of what came of them, and of what others left that failed, which can be deleted."""
    before = now() - untouched
    old = {*storage.untouched(FOLDER, before)}
    begun = select(Upload, Shot).join(Shot, Shot.id == Upload.shot_id).where(*_IS_OPEN, Upload.created_at < before)
    for upload, shot in session.execute(begun.with_for_update(skip_locked=True)):
        if upload.id in old or not storage.place(FOLDER, upload.id).exists():
            shot.state = REFUSED
            shot.fault = f"Nothing of its plate came for {untouched.days} days. Delete it, and begin again."
            note_action(session, None, "upload.give_up", upload.id, shot.project_id, name=upload.file_name)
            append_event(session, "shot.changed", shot.id, shot.project_id)
    awaited = session.scalars(select(Upload.id).join(Shot, Shot.id == Upload.shot_id).where(*_IS_OPEN))
    return [f"{FOLDER}/{name}" for name in sorted(old.difference(awaited))]


def _announced(session: Session) -> int:
    """Bytes that uploads which were begun are still to bring."""
    left = select(func.sum(Upload.size - Upload.received)).join(Shot, Shot.id == Upload.shot_id)
    return int(session.scalar(left.where(*_IS_OPEN)) or 0)


def _short(name: str) -> str:
    """A file's name that any disk takes, with its suffix. Disks count bytes; what is made of it has a longer one."""
    path = PurePath(name)
    stem = path.stem.encode()[: LONGEST_NAME - len(path.suffix)]
    return stem.decode(errors="ignore") + path.suffix


def _write(storage: Storage, upload: Upload, offset: int, piece: bytes) -> None:
    """Write a piece where it belongs, and make sure that it is on the disk."""
    path, plate = storage.place(FOLDER, upload.id), _plate(storage, upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() and plate.exists():
        plate.replace(path)  # it was complete once, but the bucket or the database was away before that was kept
    with path.open("r+b" if path.exists() else "w+b") as file:
        if file.seek(0, os.SEEK_END) < offset:
            raise ConflictError(
                "What came before is not on this hub's disk.",
                "Delete the shot, and begin again. Hubs that share uploads need the same ROTO_HUB_DATA_DIR.",
            )
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def finish_upload(session: Session, by: User, upload: Upload, shot: Shot, storage: Storage) -> None:
    """All of it is here: it becomes the shot's plate, which a worker checks."""
    target = _plate(storage, upload)
    target.parent.mkdir(parents=True, exist_ok=True)
    storage.place(FOLDER, upload.id).replace(target)
    give_plate(session, shot, storage.plate_name(str(target)), by)
    note_action(session, by.id, "upload.done", upload.id, shot.project_id)


def _plate(storage: Storage, upload: Upload) -> Path:
    """Where the file is the shot's plate."""
    return storage.place("shots", upload.shot_id, "plate", upload.file_name)
