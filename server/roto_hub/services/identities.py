"""Who somebody is that a provider vouches for: a user who is known, who was asked in, or who may come by themselves."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.auth.oidc import Claims
from roto_hub.db.models import Identity, User
from roto_hub.problems import ForbiddenError
from roto_hub.services.audit import note_action
from roto_hub.services.invitations import accept_by_address


def user_of_claims(session: Session, claims: Claims, domains: Iterable[str]) -> User:
    """The user whom a provider's claims name; an address counts only where the provider checked it.

    Raises ForbiddenError for somebody who has no account and may not make one, or whose account is not active.
    """
    known = session.get(Identity, (claims.issuer, claims.subject))
    user = known.user if known is not None else _user_by_address(session, claims, domains)
    if user is None:
        whose = f"{claims.email} has" if claims.email else "You have"
        raise ForbiddenError(f"{whose} no account here.", "Ask a supervisor for an invitation.")
    if not user.is_active:
        raise ForbiddenError("The account is not active.", "Ask an administrator.")
    if known is None:
        session.add(Identity(issuer=claims.issuer, subject=claims.subject, user_id=user.id))
        note_action(session, user.id, "identity.link", user.id, issuer=claims.issuer)
    return user


def _user_by_address(session: Session, claims: Claims, domains: Iterable[str]) -> User | None:
    if not claims.is_verified:
        return None
    user = session.scalar(select(User).where(User.email == claims.email))
    if user is not None:
        return user
    new = User(email=claims.email, name=claims.name or claims.email)
    if not accept_by_address(session, new) and claims.email.rpartition("@")[2] not in {one.lower() for one in domains}:
        return None
    session.add(new)
    session.flush()
    note_action(session, new.id, "user.create", new.id, email=new.email, issuer=claims.issuer)
    return new
