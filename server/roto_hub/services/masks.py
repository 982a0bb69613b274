"""Masks that prompts name: painted in a browser, or a version's own."""

from typing import Any
from uuid import uuid4

import cv2
import numpy as np
from sqlalchemy.orm import Session

from roto_hub.db.models import Shot, Version
from roto_hub.problems import NotFoundError, RefusedError
from roto_hub.services.shots import check_ready, version_of
from roto_hub.storage import Storage
from roto_shared.file_names import folder_name

PAINTED = "painted"
LARGEST = 64 * 2**20
"""Bytes of a painted mask; a grey PNG of 8K is much smaller."""


def keep_painted(storage: Storage, shot: Shot, data: bytes) -> str:
    """Keep a painted mask; answers its name. Raises RefusedError for what is no PNG of the plate's size, ConflictError
    for a shot that is not ready, FullError."""
    check_ready(shot)
    if not data.startswith(b"\x89PNG"):
        raise RefusedError("The mask is no PNG.", "Send an 8-bit grey PNG of the plate's size.")
    size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    is_right = size == (shot.width, shot.height)  # else a small file could be unpacked to a picture of any size
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) if is_right else None
    if pixels is None or pixels.shape != (shot.height, shot.width):
        raise RefusedError(
            f"The mask is not of {shot.width} × {shot.height} px.", "Send an 8-bit grey PNG of the plate's size."
        )
    grey = cv2.imencode(".png", pixels)[1].tobytes()
    storage.check_room(len(grey))
    name = uuid4().hex
    path = storage.place("shots", shot.id, PAINTED, f"{name}.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(grey)
    storage.publish(path)
    return name


def masks_folder(version: Version, name: str) -> tuple[str, ...]:
    """Where the storage has a version's masks of an object, as the daemon that made them names its folder."""
    return (version.folder, "masks", folder_name(name))


def mask_file(version: Version, name: str, frame: int) -> tuple[str, ...]:
    """Where the storage has one of them."""
    return (*masks_folder(version, name), f"{frame:04}.png")


def with_masks(session: Session, storage: Storage, shot: Shot, prompts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Prompts whose masks are named as files in the storage. Raises RefusedError for a mask that is not there."""
    return [_with_mask(session, storage, shot, prompt) for prompt in prompts]


def _with_mask(session: Session, storage: Storage, shot: Shot, prompt: dict[str, Any]) -> dict[str, Any]:
    painted, number = prompt.get("painted"), prompt.get("version")
    if painted is None and number is None:
        return prompt
    parts = ("shots", shot.id, PAINTED, f"{painted}.png")
    if painted is None:
        parts = mask_file(version_of(session, shot, number), prompt["object"], prompt["frame"])
    try:
        path = storage.existing(*parts)
    except NotFoundError:
        raise RefusedError(
            f"There is no such mask of “{prompt['object']}” on frame {prompt['frame']}.", "Paint it, or use points."
        ) from None
    return {**prompt, "mask": storage.name(path)}
