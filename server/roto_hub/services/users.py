"""Users: the first administrator, others, and what they are in projects."""

from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from roto_hub.auth.addresses import plain_address
from roto_hub.auth.passwords import hash_password, is_password
from roto_hub.auth.permissions import ROLES
from roto_hub.db.models import Membership, Project, RefreshToken, TeamMember, TeamRole, User, now
from roto_hub.problems import ConflictError, ForbiddenError, NotFoundError, RefusedError
from roto_hub.services.audit import note_action
from roto_hub.services.revisions import change_row


def is_set_up(session: Session) -> bool:
    """Whether there is an administrator."""
    return bool(session.scalar(select(func.count()).select_from(User).where(User.is_admin)))


def create_first_admin(session: Session, email: str, name: str, password: str) -> User:
    """The first administrator. Raises ConflictError where there is one."""
    if is_set_up(session):
        raise ConflictError("The hub has an administrator already.", "Ask them for an account.")
    return create_user(session, None, email, name, password, is_admin=True)


def create_user(
    session: Session, by: User | None, email: str, name: str, password: str, is_admin: bool = False
) -> User:
    """One more user. Raises ConflictError for an address that is taken, RefusedError for a weak password."""
    address = plain_address(email)
    if session.scalar(select(User).where(User.email == address)) is not None:
        raise ConflictError(f"{address} has an account already.", "Use another address.")
    user = User(email=address, name=name.strip(), password=hash_password(password), is_admin=is_admin)
    session.add(user)
    session.flush()
    note_action(session, by.id if by else None, "user.create", user.id, email=address, is_admin=is_admin)
    return user


def list_users(session: Session) -> list[User]:
    """All users, by name."""
    return list(session.scalars(select(User).order_by(User.name, User.id)))


def change_user(session: Session, by: User, user_id: str, revision: int, **fields: Any) -> User:
    """Change a user. Raises NotFoundError, ChangedError for an old copy, RefusedError for the last administrator."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("There is no such user.")
    loses_admin = fields.get("is_admin") is False or fields.get("is_active") is False
    if user.is_admin and user.is_active and loses_admin and _active_admins(session) == 1:
        raise RefusedError("This is the last administrator.", "Make somebody else one first.")
    change_row(session, user, revision, fields)
    if not user.is_active:
        _end_log_ins(session, user)
    note_action(session, by.id, "user.change", user.id, None, **fields)
    return user


def change_own(session: Session, user: User, **fields: Any) -> User:
    """Change one's own account, which nobody else changes but an administrator."""
    for name, value in fields.items():
        setattr(user, name, value)
    user.revision += 1
    note_action(session, user.id, "user.change", user.id, None, **fields)
    return user


def change_password(session: Session, user: User, old: str, new: str) -> None:
    """Choose another password. Raises ForbiddenError for a wrong old one, RefusedError for a short new one."""
    if user.password and not is_password(old, user.password):
        raise ForbiddenError("The old password is wrong.", "Try again.")
    _set_password(session, user, user, new)


def reset_password(session: Session, by: User, user_id: str, new: str) -> None:
    """An administrator gives somebody another password. Raises NotFoundError, RefusedError for a short one."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("There is no such user.")
    _set_password(session, by, user, new)


def _set_password(session: Session, by: User, user: User, new: str) -> None:
    """Whoever was logged in by the old one is not any more."""
    user.password = hash_password(new)
    _end_log_ins(session, user)
    note_action(session, by.id, "user.password", user.id)


def _end_log_ins(session: Session, user: User) -> None:
    session.execute(update(RefreshToken).where(RefreshToken.user_id == user.id).values(revoked_at=now()))


def role_in(session: Session, user: User, project_id: str) -> str | None:
    """What a user is in a project, by themselves or by a team, whichever is more; None for no member. An administrator
    counts as a supervisor everywhere."""
    if user.is_admin:
        return ROLES[-1] if session.get(Project, project_id) is not None else None
    own = select(Membership.role).where(Membership.project_id == project_id, Membership.user_id == user.id)
    teams = _by_team(user).with_only_columns(TeamRole.role).where(TeamRole.project_id == project_id)
    return max(session.scalars(own.union_all(teams)), key=ROLES.index, default=None)


def projects_of(session: Session, user: User) -> list[str] | None:
    """Ids of the projects that a user may see; None for all."""
    if user.is_admin:
        return None
    own = select(Membership.project_id).where(Membership.user_id == user.id)
    return list(session.scalars(own.union(_by_team(user).with_only_columns(TeamRole.project_id))))


def set_role(session: Session, by: User, project: Project, user_id: str, role: str | None) -> None:
    """Make somebody a member, another one, or none. Raises NotFoundError, RefusedError."""
    if role is not None and role not in ROLES:
        raise RefusedError(f"“{role}” is no role.", f"Use one of {', '.join(ROLES)}.")
    if session.get(User, user_id) is None:
        raise NotFoundError("There is no such user.")
    membership = session.get(Membership, (project.id, user_id))
    if role is None:
        if membership is not None:
            session.delete(membership)
    elif membership is None:
        session.add(Membership(project_id=project.id, user_id=user_id, role=role))
    else:
        membership.role = role
    note_action(session, by.id, "member.set", user_id, project.id, role=role)


def _by_team(user: User) -> Select[Any]:
    return (
        select(TeamRole).join(TeamMember, TeamMember.team_id == TeamRole.team_id).where(TeamMember.user_id == user.id)
    )


def _active_admins(session: Session) -> int:
    """How many there are, until the transaction ends: of two who take one another's rights at once, one waits."""
    found = select(User.id).where(User.is_admin, User.is_active).order_by(User.id).with_for_update()
    return len(session.scalars(found).all())
