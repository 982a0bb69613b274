"""The audit log, out."""

from datetime import datetime
from typing import Any

from roto_hub.api.schemas.base import Out


class AuditOut(Out):
    """Who did what."""

    id: int
    at: datetime
    user_id: str | None
    action: str
    project_id: str | None
    subject: str
    details: dict[str, Any]
