"""Asking people into projects."""

from typing import Annotated

from fastapi import APIRouter, Depends

from roto_hub.api.schemas.accounts import UserOut
from roto_hub.api.schemas.projects import AcceptIn, InvitationIn, InvitationOut, NewInvitationOut
from roto_hub.auth.guards import HubDep, ProjectGuard, SessionDep, UserDep
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Project
from roto_hub.notify.outbox import queue_letter
from roto_hub.problems import ForbiddenError
from roto_hub.services import invitations, logins

router = APIRouter(tags=["invitations"])
Managed = Annotated[Project, Depends(ProjectGuard(Permission.MANAGE_PROJECT))]


@router.post("/projects/{project_id}/invitations", status_code=201)
def invite(body: InvitationIn, project: Managed, session: SessionDep, user: UserDep, hub: HubDep) -> NewInvitationOut:
    """Ask somebody into a project; the token is shown now and never again. They are sent a letter where the hub sends
    mail."""
    invitation, text = invitations.invite(session, user, body.email, project, body.role)
    if hub.settings.smtp_host:
        link = f"{hub.settings.page_url}/invitation#{text}"
        letter = f"{user.name} asks you into “{project.name}”. Choose a password within a week:\n\n{link}\n"
        queue_letter(session, invitation.email, f"You are asked into “{project.name}”", letter)
    return NewInvitationOut(**InvitationOut.model_validate(invitation).model_dump(), token=text)


@router.get("/projects/{project_id}/invitations")
def list_invitations(project: Managed, session: SessionDep) -> list[InvitationOut]:
    """Invitations that can still be accepted."""
    return [InvitationOut.model_validate(one) for one in invitations.open_invitations(session, project)]


@router.delete("/projects/{project_id}/invitations/{invitation_id}", status_code=204)
def withdraw(invitation_id: str, project: Managed, session: SessionDep, user: UserDep) -> None:
    """Take an invitation back."""
    invitations.withdraw(session, user, project, invitation_id)


@router.post("/invitations/accept", status_code=201)
def accept(body: AcceptIn, session: SessionDep) -> UserOut:
    """Become a user, with a password of one's own; who has an account by now says its password. Wrong ones count as
    log-ins that failed."""
    invitation = invitations.invitation_of(session, body.token)
    try:
        return UserOut.model_validate(invitations.accept(session, invitation, body.name, body.password))
    except ForbiddenError:
        logins.note_failure(session, invitation.email)
        session.commit()  # kept, although the request fails
        raise
