"""What waits for review, out."""

from datetime import datetime

from pydantic import Field

from roto_hub.api.schemas.base import Out


class QueuedOut(Out):
    """A shot's newest version, with all that a row about it says."""

    id: str
    number: int
    status: str
    objects: list[str]
    created_at: datetime
    shot_id: str
    shot_name: str
    frames: int = Field(description="How many the shot has.")
    project_id: str
    project_name: str
    by: str = Field(description="The name of who asked for it; empty for the hub itself.")


class ReviewedProjectOut(Out):
    """A project whose versions one may judge."""

    id: str
    name: str


class ReviewQueueOut(Out):
    """The queue, the oldest first; ``total`` counts also what is beyond the page."""

    versions: list[QueuedOut]
    total: int
    projects: list[ReviewedProjectOut]
