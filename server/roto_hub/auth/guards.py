"""Who sent a request, and whether they may: dependencies of every endpoint. What a user may not see does not exist."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import BackgroundTasks, Depends, Header, Request
from sqlalchemy.orm import Session

from roto_hub.auth.permissions import Permission, may
from roto_hub.db.models import Job, Project, Shot, Upload, User, Version
from roto_hub.hub import Hub
from roto_hub.problems import ForbiddenError, NotFoundError, RefusedError, UnknownUserError
from roto_hub.services.logins import Caller, caller_of, is_use_noted, note_use
from roto_hub.services.users import role_in

READS = ("GET", "HEAD")


def hub_of(request: Request) -> Hub:
    """The hub that a request came to."""
    hub: Hub = request.app.state.hub
    return hub


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait for one's turn at the database, in the event loop: threads that waited for connections would be missing to
    those who have one and cannot go on without a thread."""
    async with hub_of(request).turns:
        yield


def db_session(request: Request, _turn: Annotated[None, Depends(turn, scope="function")]) -> Iterator[Session]:
    """A database session: one that only reads for GET, else a transaction that ends before the answer is sent."""
    database = hub_of(request).database
    with database.read() if request.method in READS else database.begin() as session:
        yield session


HubDep = Annotated[Hub, Depends(hub_of)]
SessionDep = Annotated[Session, Depends(db_session, scope="function")]


def bearer(authorization: Annotated[str, Header()] = "") -> str:
    """The token or key that a request shows. Raises UnknownUserError for none."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnknownUserError("Nobody is logged in.", "Send “Authorization: Bearer …”.")
    return token.strip()


BearerDep = Annotated[str, Depends(bearer)]


def caller(request: Request, session: SessionDep, token: BearerDep, background: BackgroundTasks) -> Caller:
    """Who sent the request. Raises UnknownUserError, or ForbiddenError for an API key without the scope."""
    found = caller_of(session, token, hub_of(request).settings.signing_secret())
    needed = "read" if request.method in READS else "write"
    if needed not in found.scopes:
        raise ForbiddenError(f"The key has no scope “{needed}”.", "Use another key.")
    if found.key is not None and not is_use_noted(found.key):
        background.add_task(note_use, hub_of(request).database, found.key.id)
    return found


CallerDep = Annotated[Caller, Depends(caller)]


def current_user(found: CallerDep) -> User:
    """The user who sent the request."""
    return found.user


UserDep = Annotated[User, Depends(current_user)]


def person(found: CallerDep) -> User:
    """The user who logged in. Raises ForbiddenError for an API key, which could make one that may more, for longer."""
    if found.key is not None:
        raise ForbiddenError("An API key may not do this.", "Log in.")
    return found.user


PersonDep = Annotated[User, Depends(person)]


def revision(if_match: Annotated[str, Header()] = "") -> int:
    """The revision that a client's copy has, also where a proxy that compresses made its ETag a weak one. Raises
    RefusedError where it does not say one."""
    try:
        return int(if_match.strip().removeprefix("W/").strip('"'))
    except ValueError:
        raise RefusedError("Say which revision you change.", "Send its ETag as If-Match.") from None


RevisionDep = Annotated[int, Depends(revision)]


@dataclass(frozen=True)
class Guard:
    """Lets through who has a permission. The table of permissions is made from these, see ``permission_table``."""

    permission: Permission


class StudioGuard(Guard):
    """For what concerns no project."""

    def __call__(self, user: UserDep) -> User:
        """The user, if an administrator."""
        if not user.is_admin:
            raise ForbiddenError("Only administrators may do this.")
        return user


class _MemberGuard(Guard):
    """For something that belongs to a project."""

    def _allowed(self, session: Session, user: User, found: Any, project_id: str) -> Any:
        role = role_in(session, user, project_id) if found is not None else None
        if role is None:
            raise NotFoundError("There is nothing of that name.")
        is_studio = self.permission.least_role is None
        if (is_studio and not user.is_admin) or (not is_studio and not may(role, self.permission)):
            raise ForbiddenError(f"A {role} may not do this.", "Ask a supervisor of the project.")
        return found


class ProjectGuard(_MemberGuard):
    """For a project named in the address."""

    def __call__(self, project_id: str, session: SessionDep, user: UserDep) -> Project:
        """The project."""
        return self._allowed(session, user, session.get(Project, project_id), project_id)


class ShotGuard(_MemberGuard):
    """For a shot named in the address."""

    def __call__(self, shot_id: str, session: SessionDep, user: UserDep) -> Shot:
        """The shot."""
        shot = _living(session.get(Shot, shot_id))
        return self._allowed(session, user, shot, shot.project_id if shot else "")


class AnyShotGuard(_MemberGuard):
    """For a shot named in the address, also one that was deleted."""

    def __call__(self, shot_id: str, session: SessionDep, user: UserDep) -> Shot:
        """The shot."""
        shot = session.get(Shot, shot_id)
        return self._allowed(session, user, shot, shot.project_id if shot else "")


class JobGuard(_MemberGuard):
    """For a job named in the address."""

    def __call__(self, job_id: str, session: SessionDep, user: UserDep) -> Job:
        """The job."""
        job = session.get(Job, job_id)
        return self._allowed(session, user, job, job.project_id if job else "")


class UploadGuard(_MemberGuard):
    """For an upload named in the address."""

    def __call__(self, upload_id: str, session: SessionDep, user: UserDep) -> Upload:
        """The upload."""
        upload = session.get(Upload, upload_id)
        shot = _living(session.get(Shot, upload.shot_id)) if upload else None
        return self._allowed(session, user, upload, shot.project_id if shot else "")


class VersionGuard(_MemberGuard):
    """For a version named in the address."""

    def __call__(self, version_id: str, session: SessionDep, user: UserDep) -> Version:
        """The version."""
        version = _living(session.get(Version, version_id))
        shot = _living(session.get(Shot, version.shot_id)) if version else None
        return self._allowed(session, user, version, shot.project_id if shot else "")


class AnyVersionGuard(_MemberGuard):
    """For a version named in the address, also one that was deleted; its shot was not."""

    def __call__(self, version_id: str, session: SessionDep, user: UserDep) -> Version:
        """The version."""
        version = session.get(Version, version_id)
        shot = _living(session.get(Shot, version.shot_id)) if version else None
        return self._allowed(session, user, version, shot.project_id if shot else "")


Deletable = TypeVar("Deletable", Shot, Version)


def _living(row: Deletable | None) -> Deletable | None:
    """What was deleted does not exist any more, but for the audit log."""
    return row if row is not None and row.deleted_at is None else None
