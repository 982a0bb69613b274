"""Projects, members and invitations, in and out."""

from datetime import datetime

from pydantic import Field

from roto_hub.api.schemas.base import Email, In, Name, Out, Password, Role, with_example


class ProjectIn(In):
    """A new project."""

    model_config = with_example({"name": "The Long Night"})

    name: Name


class ProjectChange(In):
    """What of a project is to change."""

    model_config = with_example({"is_archived": True})

    name: Name | None = None
    is_archived: bool | None = None


class ProjectOut(Out):
    """A project."""

    id: str
    name: str
    is_archived: bool
    created_at: datetime
    revision: int


class ProjectCardOut(ProjectOut):
    """A project with its numbers; ``cover`` is the id of a shot that has a picture."""

    shots: int
    to_review: int
    approved: int
    cover: str | None


class MemberIn(In):
    """What somebody is in a project; None takes them out."""

    model_config = with_example({"role": "artist"})

    role: Role | None


class MemberOut(Out):
    """A member of a project."""

    user_id: str
    role: str
    name: str
    email: str


class InvitationIn(In):
    """Whom to ask in, and as what."""

    model_config = with_example({"email": "bob@studio.example", "role": "artist"})

    email: Email
    role: Role


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

    model_config = with_example(
        {"token": "the invitation's token", "name": "Bob", "password": "five other words this time"}
    )

    token: str = Field(max_length=200)
    name: Name
    password: Password
