"""Masks and shapes changed by hand: clicks that are answered at once, painted masks, outlines and their edits."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from roto_hub.api.jobs import job_out
from roto_hub.api.schemas.base import Frame
from roto_hub.api.schemas.jobs import JobOut
from roto_hub.api.schemas.refine import ClickIn, OutlineOut, OutlinesOut, PaintedOut, ReshapeIn
from roto_hub.auth.guards import HubDep, SessionDep, ShotGuard, UserDep, VersionGuard
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Shot, Version
from roto_hub.problems import RefusedError
from roto_hub.services.clicks import click
from roto_hub.services.masks import LARGEST, keep_painted
from roto_hub.services.orders import order_reshape
from roto_hub.shapes.outlines import SHAPES, document_of
from roto_hub.storage import Storage
from roto_shared.sites import Site, sites

router = APIRouter(tags=["refine"])
Worked = Annotated[Shot, Depends(ShotGuard(Permission.WORK))]
SeenVersion = Annotated[Version, Depends(VersionGuard(Permission.SEE))]
WorkedVersion = Annotated[Version, Depends(VersionGuard(Permission.WORK))]

MOST_FRAMES = 200


@router.post("/shots/{shot_id}/click", status_code=202)
def ask_click(body: ClickIn, shot: Worked, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """What prompts give on one frame, at once and not to be kept; the masks are the job's files."""
    job = click(session, user, shot, body.model_dump(exclude_none=True), hub.storage)
    hub.wake_dispatcher()
    return job_out(job)


@router.post("/shots/{shot_id}/painted", status_code=201)
def paint(
    shot: Worked,
    hub: HubDep,
    mask: Annotated[bytes, Body(media_type="image/png", max_length=LARGEST)],
) -> PaintedOut:
    """Keep a painted mask, an 8-bit grey PNG of the plate's size, so that prompts can name it."""
    return PaintedOut(id=keep_painted(hub.storage, shot, mask))


@router.get("/versions/{version_id}/outlines")
def read_outlines(
    version: SeenVersion,
    hub: HubDep,
    first: Annotated[Frame, Query()],
    last: Annotated[Frame, Query(description="At most 200 frames are answered.")],
) -> OutlinesOut:
    """A version's shapes as they are on frames, for drawing them."""
    if not 0 <= last - first < MOST_FRAMES:
        raise RefusedError(f"{first} to {last} is no range of up to {MOST_FRAMES} frames.", "Ask for fewer.")
    shapes = list(sites(document_of(_shapes(hub.storage, version))))
    frames = {
        frame: [_outline(one, frame) for one in shapes if one.is_drawn(frame)] for frame in range(first, last + 1)
    }
    return OutlinesOut(frames=frames, keys={one.name: [key.frame for key in one.shape.keys] for one in shapes})


@router.post("/versions/{version_id}/reshape", status_code=202)
def reshape(body: ReshapeIn, version: WorkedVersion, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """Change a version's shapes; what was moved is held, and the frames around follow."""
    shapes = hub.storage.name(_shapes(hub.storage, version))
    job = order_reshape(session, user, version, shapes, body.model_dump(exclude_none=True))
    hub.wake_dispatcher()
    return job_out(job)


def _shapes(storage: Storage, version: Version) -> Path:
    return storage.existing(version.folder, SHAPES)


def _outline(site: Site, frame: int) -> OutlineOut:
    return OutlineOut(
        shape=site.name,
        object=site.object,
        closed=site.shape.closed,
        is_locked=site.is_locked,
        is_key=any(key.frame == frame for key in site.shape.keys),
        knots=list(site.knots(frame)),
    )
