"""Logging in, staying logged in, and keys for programs."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from roto_hub.auth.addresses import plain_address
from roto_hub.auth.passwords import is_password
from roto_hub.auth.tokens import KEY_PREFIX, access_token, digest, random_token, user_of
from roto_hub.db.connect import Database
from roto_hub.db.models import ApiKey, LogInAttempt, RefreshToken, User, new_id, now
from roto_hub.problems import NotFoundError, RefusedError, TooManyError, UnknownUserError
from roto_hub.services.audit import SUBJECT, note_action
from roto_hub.settings import HubSettings

SCOPES = ("read", "write")
FAILURES, WITHIN = 10, timedelta(minutes=15)
"""So many failed log-ins for one address within so long, and it has to wait."""
LATE = timedelta(minutes=1)
"""So long a used refresh token is good still: the answer to its first use may never have come, as the page was left or
the connection broke, or another tab of the browser sent the same. Whoever stole one is found out after that."""

LOG_IN_LOCK = 0x6C6F67
"""Log-ins for one address are tried one after the other: those at once would not see each other fail."""

USE_NOTED = timedelta(minutes=1)
"""How exactly it is kept when a key was used last."""


@dataclass(frozen=True)
class Tokens:
    """What a client keeps: one to show with every request, one to get the next pair with, and whose they are."""

    access: str
    refresh: str
    expires_s: int
    user_id: str


@dataclass(frozen=True)
class Caller:
    """Who sent a request, and with which API key; ``scopes`` are all of them without one."""

    user: User
    scopes: tuple[str, ...] = SCOPES
    key: ApiKey | None = None


def check_attempts(session: Session, email: str) -> None:
    """Raises TooManyError where too many log-ins for an address failed lately; others for it wait meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:address))")
        session.execute(lock, {"lock": LOG_IN_LOCK, "address": plain_address(email)})
    recent = select(func.count()).select_from(LogInAttempt)
    recent = recent.where(LogInAttempt.email == plain_address(email), LogInAttempt.at > now() - WITHIN)
    if (session.scalar(recent) or 0) >= FAILURES:
        raise TooManyError("Too many log-ins failed.", "Wait a quarter of an hour.")


def find_user(session: Session, email: str, password: str) -> User | None:
    """The active user of an address and password; None for any other."""
    user = session.scalar(select(User).where(User.email == plain_address(email)))
    is_right = is_password(password, user.password if user else "")
    return user if user is not None and is_right and user.is_active else None


def note_failure(session: Session, email: str) -> None:
    """Count a log-in that failed."""
    session.execute(delete(LogInAttempt).where(LogInAttempt.at < now() - WITHIN))
    session.add(LogInAttempt(email=plain_address(email)))
    note_action(session, None, "login.fail", plain_address(email)[:SUBJECT])


def log_in(session: Session, user: User, settings: HubSettings) -> Tokens:
    """The first pair of tokens of a log-in."""
    note_action(session, user.id, "login", user.id)
    return _new_pair(session, user, new_id(), settings)


def refresh(session: Session, token: str, settings: HubSettings) -> Tokens | None:
    """The next pair for a refresh token; None for one that was used longer ago than ``LATE``: then the log-in is over.

    Raises UnknownUserError for one that is unknown, over, or of a user that is not active.
    """
    found = session.scalar(select(RefreshToken).where(RefreshToken.digest == digest(token)).with_for_update())
    if found is None or found.revoked_at is not None or found.expires_at < now() or not found.user.is_active:
        raise UnknownUserError("The log-in is over.", "Log in again.")
    if found.used_at is not None and found.used_at < now() - LATE:
        end_family(session, found.family)
        note_action(session, found.user_id, "login.reused", found.family)
        return None
    found.used_at = found.used_at or now()
    return _new_pair(session, found.user, found.family, settings)


def log_out(session: Session, token: str) -> None:
    """End the log-in that a refresh token belongs to; an unknown one is ended already."""
    found = session.scalar(select(RefreshToken).where(RefreshToken.digest == digest(token)))
    if found is not None:
        end_family(session, found.family)
        note_action(session, found.user_id, "logout", found.user_id)


def end_family(session: Session, family: str) -> None:
    """End a log-in with all its tokens."""
    session.execute(update(RefreshToken).where(RefreshToken.family == family).values(revoked_at=now()))


def caller_of(session: Session, token: str, secret: str) -> Caller:
    """Who a bearer token or API key stands for. Raises UnknownUserError."""
    if token.startswith(KEY_PREFIX):
        return _caller_of_key(session, token)
    user = session.get(User, user_of(token, secret))
    if user is None or not user.is_active:
        raise UnknownUserError("The account is not active.", "Ask an administrator.")
    return Caller(user)


def create_key(session: Session, user: User, name: str, scopes: list[str], days: int | None) -> tuple[ApiKey, str]:
    """A key for programs, and its text, which is never shown again. Raises RefusedError for unknown scopes."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise RefusedError("A key needs scopes.", f"Use some of {', '.join(SCOPES)}.")
    shown = KEY_PREFIX + random_token()
    expires = None if days is None else now() + timedelta(days=days)
    key = ApiKey(user_id=user.id, name=name, digest=digest(shown), scopes=sorted(set(scopes)), expires_at=expires)
    session.add(key)
    session.flush()
    note_action(session, user.id, "key.create", key.id, name=name, scopes=key.scopes)
    return key, shown


def is_use_noted(key: ApiKey) -> bool:
    """Whether it is known well enough when a key was used last."""
    return key.used_at is not None and key.used_at > now() - USE_NOTED


def note_use(database: Database, key_id: str) -> None:
    """A key was used; not in a request's own transaction, which may only read, or take long."""
    with database.begin() as session:
        session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=now()))


def keys_of(session: Session, user: User) -> list[ApiKey]:
    """A user's keys that were not revoked."""
    wanted = select(ApiKey).where(ApiKey.user_id == user.id, ApiKey.revoked_at.is_(None))
    return list(session.scalars(wanted.order_by(ApiKey.created_at)))


def revoke_key(session: Session, user: User, key_id: str) -> None:
    """Make a key useless. Raises NotFoundError for one that is not the user's."""
    key = session.get(ApiKey, key_id)
    if key is None or key.user_id != user.id:
        raise NotFoundError("There is no such key.")
    key.revoked_at = key.revoked_at or now()
    note_action(session, user.id, "key.revoke", key.id)


def _caller_of_key(session: Session, token: str) -> Caller:
    key = session.scalar(select(ApiKey).where(ApiKey.digest == digest(token)))
    is_over = key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at < now())
    if key is None or is_over or not key.user.is_active:
        raise UnknownUserError("The key is not valid.", "Make a new one.")
    return Caller(key.user, tuple(key.scopes), key)


def _new_pair(session: Session, user: User, family: str, settings: HubSettings) -> Tokens:
    shown = random_token()
    expires = now() + timedelta(seconds=settings.refresh_s)
    session.add(RefreshToken(family=family, user_id=user.id, digest=digest(shown), expires_at=expires))
    access = access_token(user.id, settings.signing_secret(), settings.access_s)
    return Tokens(access, shown, settings.access_s, user.id)
