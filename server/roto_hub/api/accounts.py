"""First-run set-up, logging in, one's own account and keys, and users."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from roto_hub.api.schemas.accounts import (
    KeyIn,
    KeyOut,
    LogInIn,
    MeChange,
    NewKeyOut,
    NewPassword,
    PasswordChange,
    RefreshIn,
    SetUpIn,
    SetUpOut,
    TokensOut,
    UserChange,
    UserIn,
    UserOut,
)
from roto_hub.auth.guards import CallerDep, HubDep, PersonDep, RevisionDep, SessionDep, StudioGuard, UserDep, person
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import User
from roto_hub.problems import ForbiddenError, UnknownUserError
from roto_hub.services import logins, users

router = APIRouter(tags=["accounts"])
Admin = Annotated[User, Depends(StudioGuard(Permission.MANAGE_STUDIO))]


@router.get("/setup")
def read_setup(session: SessionDep) -> SetUpOut:
    """Whether the hub has its first administrator."""
    return SetUpOut(is_set_up=users.is_set_up(session))


@router.post("/setup", status_code=201)
def set_up(body: SetUpIn, session: SessionDep) -> UserOut:
    """Make the first administrator; refused once there is one."""
    return UserOut.model_validate(users.create_first_admin(session, body.email, body.name, body.password))


@router.post("/login")
def log_in(body: LogInIn, hub: HubDep) -> TokensOut:
    """Log in with address and password."""
    with hub.database.begin() as session:
        logins.check_attempts(session, body.email)
        user = logins.find_user(session, body.email, body.password)
        if user is not None:
            return TokensOut.model_validate(logins.log_in(session, user, hub.settings))
        logins.note_failure(session, body.email)  # kept, although the request fails
    raise UnknownUserError("Address or password is wrong.", "Try again.")


@router.post("/refresh")
def refresh(body: RefreshIn, hub: HubDep) -> TokensOut:
    """The next pair of tokens; a refresh token that comes again after a minute ends the whole log-in."""
    with hub.database.begin() as session:
        tokens = logins.refresh(session, body.refresh, hub.settings)
    if tokens is None:
        raise UnknownUserError("This token was used before; the log-in is over.", "Log in again.")
    return TokensOut.model_validate(tokens)


@router.post("/logout", status_code=204)
def log_out(body: RefreshIn, session: SessionDep) -> None:
    """End a log-in."""
    logins.log_out(session, body.refresh)


@router.get("/me")
def read_me(user: UserDep) -> UserOut:
    """Who is logged in."""
    return UserOut.model_validate(user)


@router.patch("/me")
def change_me(body: MeChange, session: SessionDep, user: UserDep) -> UserOut:
    """Change one's own name, or whether one is sent mail."""
    return UserOut.model_validate(users.change_own(session, user, **body.model_dump(exclude_none=True)))


@router.post("/me/password", status_code=204)
def change_password(body: PasswordChange, session: SessionDep, user: PersonDep) -> None:
    """Choose another password; every log-in ends, this one when its access token does. Wrong old ones count as log-ins
    that failed."""
    logins.check_attempts(session, user.email)
    try:
        users.change_password(session, user, body.old, body.new)
    except ForbiddenError:
        logins.note_failure(session, user.email)
        session.commit()  # kept, although the request fails
        raise


@router.get("/me/keys")
def list_keys(session: SessionDep, user: UserDep) -> list[KeyOut]:
    """One's own API keys."""
    return [KeyOut.model_validate(key) for key in logins.keys_of(session, user)]


@router.post("/me/keys", status_code=201)
def create_key(body: KeyIn, session: SessionDep, user: PersonDep) -> NewKeyOut:
    """A new API key; its text is shown now and never again."""
    key, text = logins.create_key(session, user, body.name, list(body.scopes), body.days)
    return NewKeyOut(**KeyOut.model_validate(key).model_dump(), key=text)


@router.delete("/me/keys/{key_id}", status_code=204)
def revoke_key(key_id: str, session: SessionDep, user: PersonDep) -> None:
    """Revoke an API key."""
    logins.revoke_key(session, user, key_id)


@router.get("/users")
def list_users(session: SessionDep, _admin: Admin) -> list[UserOut]:
    """All users."""
    return [UserOut.model_validate(user) for user in users.list_users(session)]


@router.post("/users", status_code=201)
def create_user(body: UserIn, session: SessionDep, admin: Admin, found: CallerDep) -> UserOut:
    """A new user. An API key makes no administrators."""
    if body.is_admin:
        person(found)
    user = users.create_user(session, admin, body.email, body.name, body.password, body.is_admin)
    return UserOut.model_validate(user)


@router.patch("/users/{user_id}")
def change_user(
    user_id: str,
    body: UserChange,
    session: SessionDep,
    admin: Admin,
    found: CallerDep,
    revision: RevisionDep,
    response: Response,
) -> UserOut:
    """Change a user. Every log-in of an account that is closed ends. An API key makes no administrators."""
    if body.is_admin:
        person(found)
    fields = body.model_dump(exclude_none=True)
    user = users.change_user(session, admin, user_id, revision, **fields)
    response.headers["ETag"] = f'"{user.revision}"'
    return UserOut.model_validate(user)


@router.post("/users/{user_id}/password", status_code=204)
def reset_password(user_id: str, body: NewPassword, session: SessionDep, admin: Admin, _person: PersonDep) -> None:
    """Give somebody another password who lost theirs; every log-in of theirs ends."""
    users.reset_password(session, admin, user_id, body.new)
