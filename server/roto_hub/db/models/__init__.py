"""The hub's tables. Every id is 32 hexadecimal digits; times are UTC; ``revision`` counts changes for If-Match."""

from roto_hub.db.models.base import LONGEST_NAME, Base, new_id, now
from roto_hub.db.models.news import AuditEntry, Bookmark, Delivery, Event, Notice, Webhook
from roto_hub.db.models.people import ApiKey, Identity, LogInAttempt, RefreshToken, Team, TeamMember, User
from roto_hub.db.models.projects import Invitation, Membership, Project, TeamRole, Template
from roto_hub.db.models.shots import CHECKING, READY, REFUSED, UPLOADING, Note, Shot, Upload, Version
from roto_hub.db.models.work import ATTEMPTS, Job, JobLine, Worker

__all__ = [
    "ATTEMPTS",
    "CHECKING",
    "LONGEST_NAME",
    "READY",
    "REFUSED",
    "UPLOADING",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Bookmark",
    "Delivery",
    "Event",
    "Identity",
    "Invitation",
    "Job",
    "JobLine",
    "LogInAttempt",
    "Membership",
    "Note",
    "Notice",
    "Project",
    "RefreshToken",
    "Shot",
    "Team",
    "TeamMember",
    "TeamRole",
    "Template",
    "Upload",
    "User",
    "Version",
    "Webhook",
    "Worker",
    "new_id",
    "now",
]
