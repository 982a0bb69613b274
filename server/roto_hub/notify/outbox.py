"""The way from events to notices and deliveries: each event once, in its order, whatever happens in between."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Bookmark, Delivery, Event, Notice, User, Webhook, now
from roto_hub.notify.wording import Told, told
from roto_hub.services.events import events_after
from roto_hub.services.users import role_in

READER = "notify"
TRIES, FIRST_PAUSE_S, SENDING_S = 8, 5.0, 120.0
"""A delivery is tried so often, after growing pauses (about ten minutes in all); one that a hub began and never ended
is tried again after ``SENDING_S``."""
LONGEST_SUBJECT = 200


def read_events(session: Session, public_url: str, sends_mail: bool) -> int:
    """Turn the events since the last time into notices and deliveries; how many events there were."""
    mark = session.scalar(select(Bookmark).where(Bookmark.name == READER).with_for_update())
    if mark is None:
        mark = Bookmark(name=READER, event_id=0)
        session.add(mark)
        session.flush()  # another hub that begins at the same moment fails here, and looks again
    events = events_after(session, mark.event_id, None)
    for event in events:
        said = told(session, event)
        if said is not None:
            _tell_users(session, event, said, public_url, sends_mail)
            _tell_webhooks(session, event, said, public_url)
        mark.event_id = event.id
    return len(events)


def queue_letter(session: Session, address: str, subject: str, text: str) -> None:
    """A letter to somebody; of a subject of several lines it has the first."""
    line = subject.splitlines()[0][:LONGEST_SUBJECT]
    session.add(Delivery(address=address, content={"subject": line, "text": text}))


def claim_due(session: Session, most: int) -> list[Delivery]:
    """The next deliveries that are to be tried, held for a while."""
    due = select(Delivery).where(Delivery.due_at <= now()).order_by(Delivery.id).limit(most)
    found = list(session.scalars(due.with_for_update(skip_locked=True)))
    for delivery in found:
        delivery.tries += 1
        delivery.due_at = now() + timedelta(seconds=SENDING_S)
    return found


def note_result(session: Session, delivery_id: int, fault: str) -> None:
    """How a try ended; an empty fault is success, after which the content is not kept."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return
    delivery.fault = fault
    if not fault:
        delivery.arrived_at, delivery.due_at, delivery.content = now(), None, {}
    elif delivery.tries >= TRIES:
        delivery.due_at = None
    else:
        delivery.due_at = now() + timedelta(seconds=FIRST_PAUSE_S * 2 ** (delivery.tries - 1))


def event_content(event: Event, said: Told, public_url: str) -> dict[str, Any]:
    """An event as webhooks get it."""
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "kind": said.kind,
        "text": said.text,
        "project": event.project_id,
        "project_name": said.project_name,
        "shot": said.shot_id,
        "subject": event.subject,
        "url": _link(public_url, event, said),
    }


def _tell_users(session: Session, event: Event, said: Told, public_url: str, sends_mail: bool) -> None:
    """Whoever was taken out of the project meanwhile is not told, whatever they did in it."""
    concerned = session.scalars(select(User).where(User.id.in_(said.users), User.is_active).order_by(User.id)).all()
    for user in concerned:
        if role_in(session, user, event.project_id or "") is None:
            continue
        row = {"event_id": event.id, "kind": said.kind, "project_id": event.project_id, "shot_id": said.shot_id}
        session.add(Notice(user_id=user.id, text=said.text, **row))
        if sends_mail and user.wants_mail:
            text = f"{said.text}\n\n{_link(public_url, event, said)}\n"
            queue_letter(session, user.email, f"{said.project_name}: {said.text}", text)


def _tell_webhooks(session: Session, event: Event, said: Told, public_url: str) -> None:
    its = or_(Webhook.project_id.is_(None), Webhook.project_id == event.project_id)
    for hook in session.scalars(select(Webhook).where(its)):
        if said.kind in hook.kinds:
            content = event_content(event, said, public_url)
            session.add(Delivery(webhook_id=hook.id, address=hook.url, content=content))


def _link(public_url: str, event: Event, said: Told) -> str:
    shot = f"/shots/{said.shot_id}" if said.shot_id else ""
    return f"{public_url}/projects/{event.project_id}{shot}"
