"""What files take, out. Sizes are bytes."""

from pydantic import Field

from roto_hub.api.schemas.base import Out


class ProjectUseOut(Out):
    """What a project's plates, results and uploads take."""

    project_id: str
    name: str
    is_archived: bool
    shots: int
    bytes: int


class StorageOut(Out):
    """What the studio's files take, and how much room is left."""

    projects: list[ProjectUseOut] = Field(description="The largest first.")
    used: int = Field(description="What the quota counts; the trash comes on top.")
    trash: int = Field(description="Thrown away, and deleted for good after 30 days.")
    quota: int = Field(description="0 is none.")
    free: int | None = Field(description="On the disk; none where files are in a bucket.")
