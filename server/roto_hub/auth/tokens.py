"""Tokens: short-lived signed ones for access, and random ones that are stored as digests alone."""

import hashlib
import secrets
from datetime import timedelta

import jwt

from roto_hub.db.models import now
from roto_hub.problems import UnknownUserError

ALGORITHM = "HS256"
KEY_PREFIX = "rk_"
"""API keys begin so, which tells them from access tokens, and secret scanners what they are."""


def access_token(user_id: str, secret: str, lifetime_s: int) -> str:
    """A token that says who somebody is, for a while."""
    issued = now()
    claims = {"sub": user_id, "iat": issued, "exp": issued + timedelta(seconds=lifetime_s), "typ": "access"}
    return jwt.encode(claims, secret, ALGORITHM)


def user_of(token: str, secret: str) -> str:
    """The user that an access token names. Raises UnknownUserError for one that is forged, expired or no such token."""
    try:
        claims = jwt.decode(token, secret, [ALGORITHM], options={"require": ["exp", "sub", "typ"]})
    except jwt.ExpiredSignatureError:
        raise UnknownUserError("The log-in has expired.", "Refresh it, or log in again.") from None
    except jwt.InvalidTokenError:
        raise UnknownUserError("The token is not valid.", "Log in again.") from None
    if claims["typ"] != "access":
        raise UnknownUserError("The token is not valid.", "Log in again.")
    return str(claims["sub"])


def random_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()
