"""What goes in and out over HTTP, with examples for the interface's own page."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Point = tuple[float, float]


def _no_control(text: str) -> str:
    if any(ord(letter) < 32 for letter in text) or not text.strip():
        raise ValueError("it is empty, or holds letters that cannot be shown")
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_no_control)]
Email = Annotated[str, Field(max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
Password = Annotated[str, Field(max_length=1000)]
Frame = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(lambda text: text.replace("\x00", ""))]
Role = Literal["viewer", "artist", "supervisor"]


class In(BaseModel):
    """What comes in: no fields that are not known, no numbers that are none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Out(BaseModel):
    """What goes out, read off a row."""

    model_config = ConfigDict(from_attributes=True)


class SetUpIn(In):
    """The first administrator."""

    email: Email = Field(examples=["ada@studio.example"])
    name: Name = Field(examples=["Ada"])
    password: Password = Field(examples=["four words in a row"])


class SetUpOut(Out):
    """Whether the hub has an administrator."""

    is_set_up: bool


class LogInIn(In):
    """An address and a password."""

    email: Email = Field(examples=["ada@studio.example"])
    password: Password


class RefreshIn(In):
    """A refresh token, which is good once."""

    refresh: str = Field(max_length=200)


class TokensOut(Out):
    """``access`` goes into every request; ``refresh`` gets the next pair."""

    access: str
    refresh: str
    expires_s: int


class UserIn(SetUpIn):
    """A new user."""

    is_admin: bool = False


class UserChange(In):
    """What of a user is to change."""

    name: Name | None = None
    is_admin: bool | None = None
    is_active: bool | None = None


class UserOut(Out):
    """A user."""

    id: str
    email: str
    name: str
    is_admin: bool
    is_active: bool
    revision: int


class KeyIn(In):
    """A new API key; without ``days`` it does not expire."""

    name: Name = Field(examples=["render farm"])
    scopes: list[Literal["read", "write"]] = Field(examples=[["read"]], min_length=1)
    days: int | None = Field(default=None, ge=1, le=3650)


class KeyOut(Out):
    """An API key; its text is shown only when it is made."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class NewKeyOut(KeyOut):
    """A new API key with its text, which is not kept."""

    key: str


class ProjectIn(In):
    """A new project."""

    name: Name = Field(examples=["The Long Night"])


class ProjectChange(In):
    """What of a project is to change."""

    name: Name | None = None
    is_archived: bool | None = None


class ProjectOut(Out):
    """A project."""

    id: str
    name: str
    is_archived: bool
    created_at: datetime
    revision: int


class MemberIn(In):
    """What somebody is in a project; None takes them out."""

    role: Role | None = Field(examples=["artist"])


class MemberOut(Out):
    """A member of a project."""

    user_id: str
    role: str


class InvitationIn(In):
    """Whom to ask in, and as what."""

    email: Email = Field(examples=["bob@studio.example"])
    role: Role = Field(examples=["artist"])


class InvitationOut(Out):
    """An invitation."""

    id: str
    email: str
    role: str
    expires_at: datetime


class NewInvitationOut(InvitationOut):
    """A new invitation with its token, which is not kept."""

    token: str


class AcceptIn(In):
    """An invitation's token, and who accepts it."""

    token: str = Field(max_length=200)
    name: Name
    password: Password


class ShotChange(In):
    """What of a shot is to change."""

    name: Name | None = None
    assignee_id: str | None = Field(default=None, max_length=32)


class ShotOut(Out):
    """A shot; its numbers are there once a worker opened the plate."""

    id: str
    project_id: str
    name: str
    state: str
    first_frame: int | None
    last_frame: int | None
    width: int | None
    height: int | None
    fps: float | None
    fault: str
    assignee_id: str | None
    created_at: datetime
    revision: int


class ShotPage(Out):
    """A page of shots; ``next`` is what to send as ``after`` for the following one."""

    shots: list[ShotOut]
    total: int
    next: str | None


class UploadOut(Out):
    """A file on its way in: ``received`` of ``size`` bytes are here."""

    id: str
    shot_id: str
    file_name: str
    size: int
    received: int


class NewShotOut(Out):
    """A new shot, and the upload that brings its plate, if one is to come."""

    shot: ShotOut
    upload: UploadOut | None


class PromptIn(In):
    """What is said of an object on a frame, in plate pixels from the top left."""

    frame: Frame = Field(examples=[1001])
    object: Name = Field(examples=["hero"])
    positive: list[Point] = Field(default_factory=list, examples=[[[960, 540]]], max_length=1000)
    negative: list[Point] = Field(default_factory=list, max_length=1000)
    box: tuple[float, float, float, float] | None = None


class CurvesIn(In):
    """How masks become shapes."""

    preset: Literal["tight", "balanced", "loose"] = "balanced"
    tolerance_px: float | None = Field(default=None, gt=0, le=100)
    key_density: float | None = Field(default=None, gt=0, le=100)
    detail: float | None = Field(default=None, gt=0, le=100)
    track: bool | None = None


class SegmentSettings(In):
    """How to segment and follow."""

    engine: str = Field(default="", max_length=100)
    first: Frame | None = None
    last: Frame | None = None
    direction: Literal["both", "forward", "backward"] = "both"
    curves: CurvesIn = CurvesIn()
    priority: int = Field(default=50, ge=0, le=100)
    depends_on: list[str] = Field(default_factory=list, max_length=100)
    vram_mb: int = Field(default=0, ge=0, le=10_000_000)


class SegmentIn(SegmentSettings):
    """Segment and follow; answered by a job whose result is the shot's next version."""

    prompts: list[PromptIn] = Field(min_length=1, max_length=10_000)


class PromptedShot(In):
    """A shot, and what is said of it."""

    shot_id: str = Field(max_length=32)
    prompts: list[PromptIn] = Field(min_length=1, max_length=10_000)


class SegmentManyIn(SegmentSettings):
    """The same settings for many shots, each with prompts of its own."""

    shots: list[PromptedShot] = Field(min_length=1, max_length=500)


class PlateIn(In):
    """A shot's name, and its plate on shared storage."""

    name: Name = Field(examples=["sh010"])
    path: str = Field(min_length=1, max_length=4000, examples=["/show/sh010/plate.####.exr"])


class PlatesIn(In):
    """Many shots."""

    plates: list[PlateIn] = Field(min_length=1, max_length=1000)


class ExportIn(In):
    """Write a shot's results in other formats; answered by a job."""

    formats: list[Literal["nk", "fxs", "json", "svg", "png", "exr", "cryptomatte", "prores", "report"]] = Field(
        min_length=1, examples=[["nk", "exr"]]
    )
    curves: CurvesIn = CurvesIn()
    priority: int = Field(default=50, ge=0, le=100)


class JobOut(Out):
    """A job; ``remaining_s`` comes from its measured speed."""

    id: str
    project_id: str
    shot_id: str
    kind: str
    state: str
    priority: int
    worker: str | None
    done_frames: int
    total_frames: int
    remaining_s: float | None = None
    error: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class JobChange(In):
    """How urgent a job is, from 0 to 100."""

    priority: int = Field(ge=0, le=100)


class LineOut(Out):
    """A line of a job's log."""

    at: datetime
    text: str


class WorkerOut(Out):
    """A worker; ``busy`` of its ``slots`` are taken."""

    name: str
    slots: int
    busy: int = 0
    is_alive: bool = True
    engines: list[str]
    gpu: str
    vram_mb: int
    seen_at: datetime


class VersionOut(Out):
    """A result of a shot."""

    id: str
    shot_id: str
    job_id: str
    number: int
    status: str
    objects: list[str]
    created_at: datetime
    revision: int


class StatusOut(Out):
    """How a shot fares: itself, its jobs that have not ended, its newest version."""

    shot: ShotOut
    jobs: list[JobOut]
    version: VersionOut | None


class MasksOut(Out):
    """The masks of a version: for each object the frames that have one."""

    version: VersionOut
    frames: dict[str, list[int]]


class JudgementIn(In):
    """Approve a version, or ask for a retake with a reason."""

    status: Literal["approved", "retake"]
    text: Text = ""


class NoteIn(In):
    """A note on a version; ``drawing`` holds strokes of points in plate pixels."""

    text: Text = Field(min_length=1)
    frame: Frame | None = None
    region: tuple[float, float, float, float] | None = None
    drawing: list[list[Point]] | None = Field(default=None, max_length=1000)
    answers: str | None = Field(default=None, max_length=32)


class NoteOut(Out):
    """A note."""

    id: str
    version_id: str
    user_id: str | None
    text: str
    frame: int | None
    region: dict[str, Any] | None
    drawing: dict[str, Any] | None
    answers: str | None
    status: str
    created_at: datetime


class ProblemOut(BaseModel):
    """RFC 9457: what went wrong, for programs (``code``) and people (``title``, ``detail``)."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
