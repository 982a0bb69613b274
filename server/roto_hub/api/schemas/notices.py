"""Notices and webhooks, in and out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from roto_hub.api.schemas.base import In, Out, with_example
from roto_hub.notify.wording import Kind


class NoticeOut(Out):
    """Something to know; ``read_at`` is none until it was read."""

    id: int
    kind: str
    text: str
    project_id: str | None
    shot_id: str | None
    created_at: datetime
    read_at: datetime | None


class ReadIn(In):
    """The number of the newest notice that was read; all before it were too."""

    model_config = with_example({"up_to": 412})

    up_to: int = Field(ge=0, lt=2**31)


class WebhookIn(In):
    """An address to be told what happens: as JSON with a signature, or as Slack, Mattermost and the like want it."""

    model_config = with_example(
        {"url": "https://studio.example/roto", "format": "json", "kinds": ["version.created", "job.failed"]}
    )

    url: str = Field(max_length=2000, pattern=r"^https?://[^\s\x00]+$")
    format: Literal["json", "slack"] = "json"
    kinds: list[Kind] = Field(min_length=1)
    project_id: str | None = Field(default=None, max_length=32, description="None is all projects.")


class WebhookOut(Out):
    """A webhook."""

    id: str
    url: str
    format: str
    kinds: list[str]
    project_id: str | None
    created_at: datetime


class NewWebhookOut(WebhookOut):
    """A new webhook with the secret that signs what it is sent; it is shown now and never again."""

    secret: str


class DeliveryOut(Out):
    """Something that went out, or is to; ``due_at`` is none once it arrived or was given up."""

    id: int
    tries: int
    created_at: datetime
    arrived_at: datetime | None
    due_at: datetime | None
    fault: str
