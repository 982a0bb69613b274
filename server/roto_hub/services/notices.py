"""Notices that users have, and webhooks that a studio set."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from roto_hub.auth.tokens import random_token
from roto_hub.db.models import Delivery, Notice, Project, User, Webhook, now
from roto_hub.problems import NotFoundError, RefusedError
from roto_hub.services.audit import note_action

SHOWN = 100


def notices_of(session: Session, user: User, unread_only: bool) -> list[Notice]:
    """A user's latest notices, newest first."""
    wanted = select(Notice).where(Notice.user_id == user.id)
    if unread_only:
        wanted = wanted.where(Notice.read_at.is_(None))
    return list(session.scalars(wanted.order_by(Notice.id.desc()).limit(SHOWN)))


def mark_read(session: Session, user: User, up_to: int) -> None:
    """A user has read their notices up to a number."""
    theirs = update(Notice).where(Notice.user_id == user.id, Notice.id <= up_to, Notice.read_at.is_(None))
    session.execute(theirs.values(read_at=now()))


def create_webhook(
    session: Session, by: User, project_id: str | None, url: str, format: str, kinds: list[str]
) -> Webhook:
    """An address to be told what happens, in a project or in all. Raises RefusedError for an unknown project."""
    if project_id is not None and session.get(Project, project_id) is None:
        raise RefusedError("There is no such project.", "Name one that there is, or none for all.")
    hook = Webhook(project_id=project_id, url=url, format=format, kinds=kinds, secret=random_token())
    session.add(hook)
    session.flush()
    note_action(session, by.id, "webhook.create", hook.id, project_id, url=url, kinds=kinds)
    return hook


def list_webhooks(session: Session) -> list[Webhook]:
    """All webhooks, oldest first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.created_at)))


def webhook_of(session: Session, hook_id: str) -> Webhook:
    """A webhook. Raises NotFoundError."""
    hook = session.get(Webhook, hook_id)
    if hook is None:
        raise NotFoundError("There is no such webhook.")
    return hook


def delete_webhook(session: Session, by: User, hook: Webhook) -> None:
    """Tell an address nothing any more."""
    note_action(session, by.id, "webhook.delete", hook.id, hook.project_id, url=hook.url)
    session.delete(hook)


def deliveries_to(session: Session, hook: Webhook) -> list[Delivery]:
    """What went out to a webhook lately, newest first."""
    wanted = select(Delivery).where(Delivery.webhook_id == hook.id)
    return list(session.scalars(wanted.order_by(Delivery.id.desc()).limit(SHOWN)))


def try_webhook(session: Session, hook: Webhook, url: str) -> Delivery:
    """Send something to a webhook, to see whether it arrives."""
    content = {"id": 0, "at": now().isoformat(), "kind": "test", "text": "This is a test.", "project": None}
    more = {"project_name": "Roto hub", "shot": None, "subject": hook.id, "url": url}
    delivery = Delivery(webhook_id=hook.id, address=hook.url, content={**content, **more})
    session.add(delivery)
    session.flush()
    return delivery
