"""Passwords, kept as argon2 hashes."""

from pwdlib import PasswordHash

from roto_hub.problems import RefusedError

SHORTEST = 12
"""NIST SP 800-63B asks for at least 8, and 15 where nothing else is asked; length is all that is asked here."""

_hasher = PasswordHash.recommended()
_nobody = _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """The hash to be stored. Raises RefusedError for a short password."""
    if len(password) < SHORTEST:
        raise RefusedError(f"A password has at least {SHORTEST} characters.", "Choose a longer one.")
    return _hasher.hash(password)


def is_password(password: str, stored: str) -> bool:
    """Whether it is the one; takes as long where nothing is stored, so that nobody learns which users there are."""
    return _hasher.verify(password, stored or _nobody) and bool(stored)
