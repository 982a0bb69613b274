"""Accounts and keys, in and out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from roto_hub.api.schemas.base import Email, In, Name, Out, Password, with_example


class SetUpIn(In):
    """The first administrator."""

    model_config = with_example({"email": "ada@studio.example", "name": "Ada", "password": "four words in a row"})

    email: Email
    name: Name
    password: Password


class SetUpOut(Out):
    """Whether the hub has an administrator."""

    is_set_up: bool


class LogInIn(In):
    """An address and a password."""

    model_config = with_example({"email": "ada@studio.example", "password": "four words in a row"})

    email: Email
    password: Password


class RefreshIn(In):
    """A refresh token, which is good once."""

    model_config = with_example({"refresh": "the refresh token that came last"})

    refresh: str = Field(max_length=200)


class TokensOut(Out):
    """``access`` goes into every request; ``refresh`` gets the next pair."""

    access: str
    refresh: str
    expires_s: int
    user_id: str


class ProviderOut(Out):
    """A provider by which one can log in, at ``/sso/{id}``."""

    id: str
    name: str


class UserIn(SetUpIn):
    """A new user."""

    model_config = with_example(
        {"email": "bob@studio.example", "name": "Bob", "password": "five other words this time", "is_admin": False}
    )

    is_admin: bool = False


class UserChange(In):
    """What of a user is to change."""

    model_config = with_example({"is_active": False})

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
    wants_mail: bool
    revision: int


class MeChange(In):
    """What of one's own account is to change."""

    model_config = with_example({"name": "Ada L.", "wants_mail": True})

    name: Name | None = None
    wants_mail: bool | None = None


class NewPassword(In):
    """A password for somebody who lost theirs."""

    model_config = with_example({"new": "four other words together"})

    new: Password


class PasswordChange(NewPassword):
    """Another password for oneself; ``old`` is empty for who never had one."""

    model_config = with_example({"old": "four words in a row", "new": "four other words together"})

    old: Password = ""


class KeyIn(In):
    """A new API key; without ``days`` it does not expire."""

    model_config = with_example({"name": "render farm", "scopes": ["read"], "days": 365})

    name: Name
    scopes: list[Literal["read", "write"]] = Field(min_length=1)
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
