"""Invitations: somebody is asked in, and chooses a password of their own."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.auth.addresses import plain_address
from roto_hub.auth.permissions import ROLES
from roto_hub.auth.tokens import digest, random_token
from roto_hub.db.models import Invitation, Membership, Project, User, now
from roto_hub.problems import ForbiddenError, NotFoundError, RefusedError
from roto_hub.services.audit import note_action
from roto_hub.services.logins import check_attempts, find_user
from roto_hub.services.users import create_user

LASTS = timedelta(days=7)


def invite(session: Session, by: User, email: str, project: Project, role: str) -> tuple[Invitation, str]:
    """Ask somebody into a project; answers the text of the invitation, which is not kept. Raises RefusedError."""
    address = plain_address(email)
    if session.scalar(select(User).where(User.email == address)) is not None:
        raise RefusedError(f"{address} has an account already.", "Make them a member instead.")
    if role not in ROLES:
        raise RefusedError(f"“{role}” is no role.", f"Use one of {', '.join(ROLES)}.")
    text = random_token()
    invitation = Invitation(
        email=address, digest=digest(text), project_id=project.id, role=role, by_id=by.id, expires_at=now() + LASTS
    )
    session.add(invitation)
    session.flush()
    note_action(session, by.id, "invitation.create", invitation.id, project.id, email=address, role=role)
    return invitation, text


def open_invitations(session: Session, project: Project) -> list[Invitation]:
    """Invitations to a project that can still be accepted."""
    wanted = select(Invitation).where(Invitation.project_id == project.id, Invitation.used_at.is_(None))
    return list(session.scalars(wanted.where(Invitation.expires_at > now()).order_by(Invitation.created_at)))


def withdraw(session: Session, by: User, project: Project, invitation_id: str) -> None:
    """Take an invitation back. Raises NotFoundError."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.project_id != project.id:
        raise NotFoundError("There is no such invitation.")
    session.delete(invitation)
    note_action(session, by.id, "invitation.withdraw", invitation_id, project.id)


def invitation_of(session: Session, text: str) -> Invitation:
    """The invitation of a text. Raises NotFoundError for one that is unknown, over or used."""
    found = session.scalar(select(Invitation).where(Invitation.digest == digest(text)).with_for_update())
    if found is None or found.used_at is not None or found.expires_at < now():
        raise NotFoundError("The invitation is not valid any more.", "Ask for a new one.")
    return found


def accept(session: Session, invitation: Invitation, name: str, password: str) -> User:
    """Become a user and member; who has an account by now, by its password. Raises ForbiddenError for a wrong one,
    TooManyError."""
    if session.scalar(select(User.id).where(User.email == invitation.email)) is None:
        user = create_user(session, None, invitation.email, name, password)
    else:
        user = _known(session, invitation.email, password)
    _use(session, invitation, user)
    return user


def accept_by_address(session: Session, user: User) -> bool:
    """Make somebody new, whose address was checked, a member wherever they were asked in; whether they were."""
    asked = select(Invitation).where(Invitation.email == user.email, Invitation.used_at.is_(None))
    found = list(session.scalars(asked.where(Invitation.expires_at > now()).with_for_update()))
    if found:
        session.add(user)
        session.flush()
    for invitation in found:
        _use(session, invitation, user)
    return bool(found)


def _known(session: Session, address: str, password: str) -> User:
    check_attempts(session, address)
    user = find_user(session, address, password)
    if user is None:
        remedy = "Give its password, or ask a supervisor to make you a member."
        raise ForbiddenError(f"{address} has an account already, with another password.", remedy)
    return user


def _use(session: Session, invitation: Invitation, user: User) -> None:
    """Make somebody what they were asked in as, unless they are more by now."""
    known = session.get(Membership, (invitation.project_id, user.id))
    if known is None or ROLES.index(known.role) < ROLES.index(invitation.role):
        session.merge(Membership(project_id=invitation.project_id, user_id=user.id, role=invitation.role))
    invitation.used_at = now()
    note_action(session, user.id, "invitation.accept", invitation.id, invitation.project_id)
