"""What a shot and its results look like: frames, masks, and versions compared."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, Response

from roto_hub.api.schemas.base import Frame
from roto_hub.api.schemas.reviews import VersionOut
from roto_hub.api.schemas.shots import MasksOut
from roto_hub.auth.guards import HubDep, SessionDep, ShotGuard, VersionGuard
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Shot, Version
from roto_hub.hub import Hub
from roto_hub.pictures import LOOKS, Look, Side, draw
from roto_hub.problems import NotFoundError, RefusedError
from roto_hub.services.masks import mask_file, masks_folder
from roto_hub.services.shots import version_of

router = APIRouter(tags=["pictures"])
Seen = Annotated[Shot, Depends(ShotGuard(Permission.SEE))]
SeenVersion = Annotated[Version, Depends(VersionGuard(Permission.SEE))]
Number = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="A version's number; else the newest.")]
KEPT_BY_BROWSERS = {"Cache-Control": "private, max-age=86400"}
"""What a job wrote is never written again."""


@router.get("/shots/{shot_id}/thumbnail", response_class=FileResponse)
def read_thumbnail(shot: Seen, hub: HubDep) -> FileResponse:
    """A small picture of the shot's middle."""
    return FileResponse(hub.storage.existing("shots", shot.id, "check", "thumbnail"), media_type="image/jpeg")


@router.get("/shots/{shot_id}/frames/{frame}", response_class=FileResponse)
def read_frame(shot: Seen, hub: HubDep, frame: Frame) -> FileResponse:
    """A frame of the plate as a JPEG, at most 1920 px wide; there once the shot's job “proxy” is done."""
    return FileResponse(_frame(hub, shot, frame), headers=KEPT_BY_BROWSERS, media_type="image/jpeg")


@router.get("/shots/{shot_id}/masks")
def list_masks(shot: Seen, session: SessionDep, hub: HubDep, version: Number = None) -> MasksOut:
    """Which masks the newest version has, or another one."""
    found = version_of(session, shot, version)
    names = {name: hub.storage.names(*masks_folder(found, name)) for name in found.objects}
    frames = {
        name: sorted(int(file.removesuffix(".png")) for file in files if file.endswith(".png"))
        for name, files in names.items()
    }
    return MasksOut(version=VersionOut.model_validate(found), frames=frames)


@router.get("/shots/{shot_id}/masks/{object:path}/{frame}", response_class=FileResponse)
def read_mask(
    shot: Seen, session: SessionDep, hub: HubDep, object: str, frame: Frame, version: Number = None
) -> FileResponse:
    """A mask as a grey PNG of the plate's size."""
    found = version_of(session, shot, version)
    if object not in found.objects:
        raise NotFoundError(f"The version has no object “{object}”.")
    file = hub.storage.existing(*mask_file(found, object, frame))
    return FileResponse(file, headers=KEPT_BY_BROWSERS if version else None, media_type="image/png")


@router.get("/versions/{version_id}/pictures/{frame}", response_class=Response)
def read_picture(
    version: SeenVersion,
    session: SessionDep,
    hub: HubDep,
    frame: Frame,
    look: Annotated[
        Look, Query(description="; ".join(f"{name}: {about}" for name, about in LOOKS.items()))
    ] = "overlay",
    other: Annotated[str, Query(max_length=32, description="The version to compare with.")] = "",
    at: Annotated[float, Query(ge=0, le=1, description="Where a wipe stands.")] = 0.5,
) -> Response:
    """A version as a picture to judge it by, beside another one where that is asked for."""
    shot = session.get(Shot, version.shot_id)
    assert shot is not None
    compared = _other(session, shot, other) if other else None
    plate = _frame(hub, shot, frame).read_bytes()
    before = frame - 1 if shot.first_frame is not None and frame > shot.first_frame else frame
    sides = [_masks(hub, version, frame)]
    if look == "change":
        sides = [_masks(hub, version, before), *sides]
    elif compared is not None:
        sides.append(_masks(hub, compared, frame))
    return Response(draw(look, plate, sides, at), headers=KEPT_BY_BROWSERS, media_type="image/jpeg")


def _frame(hub: Hub, shot: Shot, frame: int) -> Path:
    if not shot.proxy:
        raise NotFoundError("The shot's pictures are not made yet.", "They are once its job “proxy” is done.")
    return hub.storage.existing(shot.proxy, f"{frame:04}.jpg")


def _masks(hub: Hub, version: Version, frame: int) -> Side:
    """An object that has no mask on the frame is not there."""
    files = {name: hub.storage.found(*mask_file(version, name, frame)) for name in version.objects}
    return {name: file.read_bytes() for name, file in files.items() if file is not None}


def _other(session: SessionDep, shot: Shot, version_id: str) -> Version:
    found = session.get(Version, version_id)
    if found is None or found.shot_id != shot.id or found.deleted_at is not None:
        raise RefusedError("The shot has no such version to compare with.", "Name another version of the same shot.")
    return found
