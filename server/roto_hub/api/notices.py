"""One's notices, and the studio's webhooks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from roto_hub.api.schemas.notices import DeliveryOut, NewWebhookOut, NoticeOut, ReadIn, WebhookIn, WebhookOut
from roto_hub.auth.guards import HubDep, SessionDep, StudioGuard, UserDep
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import User
from roto_hub.services import notices

router = APIRouter(tags=["notices"])
Admin = Annotated[User, Depends(StudioGuard(Permission.MANAGE_STUDIO))]


@router.get("/notices")
def list_notices(session: SessionDep, user: UserDep, unread: Annotated[bool, Query()] = False) -> list[NoticeOut]:
    """One's latest notices, newest first."""
    return [NoticeOut.model_validate(one) for one in notices.notices_of(session, user, unread)]


@router.post("/notices/read", status_code=204)
def mark_read(body: ReadIn, session: SessionDep, user: UserDep) -> None:
    """One has read one's notices, up to a number."""
    notices.mark_read(session, user, body.up_to)


@router.get("/webhooks")
def list_webhooks(session: SessionDep, _admin: Admin) -> list[WebhookOut]:
    """All webhooks."""
    return [WebhookOut.model_validate(hook) for hook in notices.list_webhooks(session)]


@router.post("/webhooks", status_code=201)
def create_webhook(body: WebhookIn, session: SessionDep, admin: Admin) -> NewWebhookOut:
    """Tell an address what happens; the secret that signs is shown now and never again."""
    kinds = sorted(set(body.kinds))
    hook = notices.create_webhook(session, admin, body.project_id, body.url, body.format, list(kinds))
    return NewWebhookOut.model_validate(hook)


@router.delete("/webhooks/{webhook_id}", status_code=204)
def delete_webhook(webhook_id: str, session: SessionDep, admin: Admin) -> None:
    """Tell an address nothing any more."""
    notices.delete_webhook(session, admin, notices.webhook_of(session, webhook_id))


@router.get("/webhooks/{webhook_id}/deliveries")
def list_deliveries(webhook_id: str, session: SessionDep, _admin: Admin) -> list[DeliveryOut]:
    """What went out to a webhook lately, and what went wrong."""
    hook = notices.webhook_of(session, webhook_id)
    return [DeliveryOut.model_validate(one) for one in notices.deliveries_to(session, hook)]


@router.post("/webhooks/{webhook_id}/test", status_code=202)
def try_webhook(webhook_id: str, session: SessionDep, _admin: Admin, hub: HubDep) -> DeliveryOut:
    """Send a test to a webhook; how it fared is among its deliveries."""
    hook = notices.webhook_of(session, webhook_id)
    return DeliveryOut.model_validate(notices.try_webhook(session, hook, hub.settings.page_url))
