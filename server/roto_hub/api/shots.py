"""Shots: made by upload or by a path, segmented, looked at, exported."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, File, Form, Query, Response, UploadFile
from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from roto_hub.api.jobs import job_out
from roto_hub.api.schemas.base import Frame, Name
from roto_hub.api.schemas.jobs import JobOut
from roto_hub.api.schemas.reviews import VersionOut
from roto_hub.api.schemas.shots import (
    ExportIn,
    MasksOut,
    NewShotOut,
    PlatesIn,
    PromptIn,
    SegmentIn,
    SegmentManyIn,
    SegmentSettings,
    ShotChange,
    ShotOut,
    ShotPage,
    StatusOut,
    UploadOut,
)
from roto_hub.auth.guards import (
    HubDep,
    ProjectGuard,
    RevisionDep,
    SessionDep,
    ShotGuard,
    UploadGuard,
    UserDep,
)
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Job, Membership, Project, Shot, Upload, User, Version
from roto_hub.hub import Hub
from roto_hub.problems import ConflictError, NotFoundError, RefusedError
from roto_hub.services import jobs, shots, uploads
from roto_hub.services.shots import ShotFilter

router = APIRouter(tags=["shots"])
SeenProject = Annotated[Project, Depends(ProjectGuard(Permission.SEE))]
Seen = Annotated[Shot, Depends(ShotGuard(Permission.SEE))]
Worked = Annotated[Shot, Depends(ShotGuard(Permission.WORK))]
Managed = Annotated[Shot, Depends(ShotGuard(Permission.MANAGE_PROJECT))]
WorkedProject = Annotated[Project, Depends(ProjectGuard(Permission.WORK))]
WorkedUpload = Annotated[Upload, Depends(UploadGuard(Permission.WORK))]

PIECE = 16 * 2**20
"""The most bytes of one piece."""

WHOLE = 512 * 2**20
"""The most bytes of a file that comes in one request."""


@router.get("/projects/{project_id}/shots")
def list_shots(
    project: SeenProject,
    session: SessionDep,
    state: Annotated[str | None, Query(max_length=20)] = None,
    assignee: Annotated[str | None, Query(max_length=32)] = None,
    search: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ShotPage:
    """A page of a project's shots, by name."""
    wanted = ShotFilter(state, assignee, _plain(search), _plain(after))
    found, total = shots.list_shots(session, project, wanted, limit)
    following = found[-1].name if len(found) == limit else None
    return ShotPage(shots=[ShotOut.model_validate(shot) for shot in found], total=total, next=following)


@router.post("/projects/{project_id}/shots", status_code=201)
def create_shot(
    project: WorkedProject,
    session: SessionDep,
    user: UserDep,
    hub: HubDep,
    name: Annotated[Name, Form()],
    file: Annotated[UploadFile | None, File(description="The plate: a video, a still, or a zip of frames.")] = None,
    path: Annotated[str, Form(max_length=4000, description="Or its path on shared storage.")] = "",
    file_name: Annotated[str, Form(max_length=255, description="Or its name and size, to be sent in pieces.")] = "",
    size: Annotated[int, Form(ge=0, lt=2**62)] = 0,
) -> NewShotOut:
    """A new shot, with its plate, with a path to it, or with an upload to be gone on with."""
    if [bool(file), bool(path), bool(file_name)].count(True) != 1:
        raise RefusedError("Say where the plate is, in one way.", "Send file, path, or file_name with size.")
    shot = shots.create_shot(session, user, project, name, hub.storage.check_shared(path) if path else "")
    upload = None
    if not path:
        named = (file_name, size) if file is None else (file.filename or "", file.size or 0)
        upload = uploads.create_upload(session, user, shot, *named, hub.settings, hub.storage)
        if file is not None:
            _take_whole(session, hub, user, shot, upload, file)
    hub.wake_dispatcher()
    upload_out = None if upload is None else UploadOut.model_validate(upload)
    return NewShotOut(shot=ShotOut.model_validate(shot), upload=upload_out)


@router.post("/projects/{project_id}/shots/by-path", status_code=201)
def create_shots(
    body: PlatesIn, project: WorkedProject, session: SessionDep, user: UserDep, hub: HubDep
) -> list[ShotOut]:
    """Many shots by their paths on shared storage: all of them, or none where one cannot be."""
    plates = [(one.name, hub.storage.check_shared(one.path)) for one in body.plates]
    made = [shots.create_shot(session, user, project, name, path) for name, path in plates]
    hub.wake_dispatcher()
    return [ShotOut.model_validate(shot) for shot in made]


@router.get("/uploads/{upload_id}")
def read_upload(upload: WorkedUpload) -> UploadOut:
    """How much of a file is here."""
    return UploadOut.model_validate(upload)


@router.patch("/uploads/{upload_id}")
def send_piece(
    upload: WorkedUpload,
    session: SessionDep,
    user: UserDep,
    hub: HubDep,
    piece: Annotated[bytes, Body(media_type="application/octet-stream", max_length=PIECE)],
    offset: Annotated[int, Query(ge=0, lt=2**62)],
) -> UploadOut:
    """The next piece of a file, at most 16 MiB, as the request's body. After a lost connection, ask where to go on."""
    uploads.take_piece(session, hub.storage, upload, offset, piece)
    if upload.received == upload.size:
        shot = session.get(Shot, upload.shot_id)
        assert shot is not None
        uploads.finish_upload(session, user, upload, shot, hub.storage)
        hub.wake_dispatcher()
    return UploadOut.model_validate(upload)


@router.get("/shots/{shot_id}")
def read_shot(shot: Seen, response: Response) -> ShotOut:
    """A shot."""
    response.headers["ETag"] = f'"{shot.revision}"'
    return ShotOut.model_validate(shot)


@router.patch("/shots/{shot_id}")
def change_shot(body: ShotChange, shot: Managed, session: SessionDep, user: UserDep, revision: RevisionDep) -> ShotOut:
    """Change a shot's name, or who works on it (an empty id is nobody)."""
    fields: dict[str, Any] = body.model_dump(exclude_unset=True)
    if fields.get("assignee_id"):
        _check_member(session, shot, fields["assignee_id"])
    elif "assignee_id" in fields:
        fields["assignee_id"] = None
    return ShotOut.model_validate(shots.change_shot(session, user, shot, revision, **fields))


@router.post("/shots/{shot_id}/segment", status_code=202)
def segment(body: SegmentIn, shot: Worked, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """Segment what is said and follow it; the job's result is the shot's next version."""
    job = _order(session, user, shot, body, body.prompts)
    hub.wake_dispatcher()
    return job_out(job)


@router.post("/projects/{project_id}/segment", status_code=202)
def segment_many(
    body: SegmentManyIn, project: WorkedProject, session: SessionDep, user: UserDep, hub: HubDep
) -> list[JobOut]:
    """The same for many shots with the same settings: all of them, or none where one cannot be."""
    made = []
    for one in body.shots:
        shot = session.get(Shot, one.shot_id)
        if shot is None or shot.project_id != project.id:
            raise RefusedError(f"The project has no shot {one.shot_id}.", "Name its own shots.")
        made.append(_order(session, user, shot, body, one.prompts))
    hub.wake_dispatcher()
    return [job_out(job) for job in made]


@router.get("/shots/{shot_id}/status")
def read_status(shot: Seen, session: SessionDep) -> StatusOut:
    """How a shot fares."""
    newest = next(iter(shots.versions_of(session, shot)), None)
    return StatusOut(
        shot=ShotOut.model_validate(shot),
        jobs=[job_out(job) for job in jobs.open_jobs_of(session, shot)],
        version=None if newest is None else VersionOut.model_validate(newest),
    )


@router.get("/shots/{shot_id}/versions")
def list_versions(shot: Seen, session: SessionDep) -> list[VersionOut]:
    """A shot's results, newest first."""
    return [VersionOut.model_validate(one) for one in shots.versions_of(session, shot)]


@router.get("/shots/{shot_id}/masks")
def list_masks(
    shot: Seen, session: SessionDep, hub: HubDep, version: Annotated[int | None, Query(ge=1, lt=2**31)] = None
) -> MasksOut:
    """Which masks the newest version has, or another one."""
    found = _version(session, shot, version)
    folder = hub.storage.place(found.folder, "masks")
    frames = {name: sorted(int(file.stem) for file in (folder / name).glob("*.png")) for name in found.objects}
    return MasksOut(version=VersionOut.model_validate(found), frames=frames)


@router.get("/shots/{shot_id}/masks/{object}/{frame}", response_class=FileResponse)
def read_mask(
    shot: Seen,
    session: SessionDep,
    hub: HubDep,
    object: str,
    frame: Frame,
    version: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> FileResponse:
    """A mask as a grey PNG of the plate's size."""
    found = _version(session, shot, version)
    if object not in found.objects:
        raise NotFoundError(f"The version has no object “{object}”.")
    return FileResponse(hub.storage.existing(found.folder, "masks", object, f"{frame:04}.png"), media_type="image/png")


@router.get("/shots/{shot_id}/thumbnail", response_class=FileResponse)
def read_thumbnail(shot: Seen, hub: HubDep) -> FileResponse:
    """A small picture of the shot's middle."""
    return FileResponse(hub.storage.existing("shots", shot.id, "check", "thumbnail"), media_type="image/jpeg")


@router.post("/shots/{shot_id}/export", status_code=202)
def export(body: ExportIn, shot: Worked, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """Write the shot's results in other formats; the files are the job's."""
    _version(session, shot, None)
    request = body.model_dump(exclude={"priority"}, exclude_none=True)
    job = jobs.create_job(session, shot, user, "export", request, body.priority)
    hub.wake_dispatcher()
    return job_out(job)


def _take_whole(session: Session, hub: Hub, user: User, shot: Shot, upload: Upload, file: UploadFile) -> None:
    """A small file that came with the request itself."""
    if upload.size > WHOLE:
        raise RefusedError("The file is too large for one request.", "Send file_name and size, then its pieces.")
    while piece := file.file.read(PIECE):
        uploads.take_piece(session, hub.storage, upload, upload.received, piece)
    uploads.finish_upload(session, user, upload, shot, hub.storage)


def _order(session: Session, user: User, shot: Shot, settings: SegmentSettings, prompts: list[PromptIn]) -> Job:
    """Put a segmentation into the queue. Raises ConflictError for a shot that is not ready, RefusedError."""
    if shot.state != shots.READY:
        raise ConflictError(f"“{shot.name}” is {shot.state}.", shot.fault or "Wait until its plate was checked.")
    _check_frames(shot, [prompt.frame for prompt in prompts])
    if not any(prompt.positive or prompt.box for prompt in prompts):
        raise RefusedError("Nothing says where an object is.", "Give a positive point or a box.")
    asked = settings.model_dump(include={"engine", "first", "last", "direction", "curves"}, exclude_none=True)
    asked["prompts"] = [prompt.model_dump(exclude_none=True) for prompt in prompts]
    return jobs.create_job(
        session, shot, user, "segment", asked, settings.priority, settings.depends_on, settings.vram_mb
    )


def _version(session: Session, shot: Shot, number: int | None) -> Version:
    found = [one for one in shots.versions_of(session, shot) if number in (None, one.number)]
    if not found:
        raise NotFoundError("The shot has no such version.", "Segment it first.")
    return found[0]


def _check_member(session: Session, shot: Shot, user_id: str) -> None:
    if session.get(Membership, (shot.project_id, user_id)) is None:
        raise RefusedError("That user is no member of the project.", "Make them one first.")


def _check_frames(shot: Shot, frames: list[int]) -> None:
    assert shot.first_frame is not None
    assert shot.last_frame is not None
    outside = [frame for frame in frames if not shot.first_frame <= frame <= shot.last_frame]
    if outside:
        raise RefusedError(f"The shot has no frame {outside[0]}.", f"It has {shot.first_frame} to {shot.last_frame}.")


def _plain(text: str) -> str:
    """A text that any database takes."""
    return text.replace("\x00", "")
