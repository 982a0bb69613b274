"""Accounts and keys, in and out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from roto_hub.api.schemas.base import Email, In, Name, Out, Password


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


class ProviderOut(Out):
    """A provider by which one can log in, at ``/sso/{id}``."""

    id: str
    name: str


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
    wants_mail: bool
    revision: int


class MeChange(In):
    """What of one's own account is to change."""

    name: Name | None = None
    wants_mail: bool | None = None


class NewPassword(In):
    """A password for somebody who lost theirs."""

    new: Password = Field(examples=["four other words together"])


class PasswordChange(NewPassword):
    """Another password for oneself; ``old`` is empty for who never had one."""

    old: Password = ""


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
