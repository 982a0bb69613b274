"""What the studio's files take: by project, in the trash, and how much room is left."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Project, Shot, Upload
from roto_hub.storage import TRASH, Storage


@dataclass(frozen=True)
class ProjectUse:
    """What a project takes: plates, results and uploads on their way; those on shared storage are not the hub's."""

    project_id: str
    name: str
    is_archived: bool
    shots: int
    bytes: int


@dataclass(frozen=True)
class StorageUse:
    """Bytes. ``used`` is what the quota counts, also what belongs to no project any more; the trash comes on top."""

    projects: list[ProjectUse]
    used: int
    trash: int
    free: int | None


def storage_use(session: Session, storage: Storage) -> StorageUse:
    """What is used now, the largest project first. It looks at every file, which takes a while for very many."""
    sizes, owners = storage.sizes(), _owners(session)
    taken: Counter[str] = Counter()
    for name, size in sizes.items():
        if name in owners:
            taken[owners[name]] += size
    trash = sum(size for name, size in sizes.items() if name.startswith(f"{TRASH}/"))
    shots = _shots(session)
    projects = [
        ProjectUse(one.id, one.name, one.is_archived, shots.get(one.id, 0), taken[one.id])
        for one in session.scalars(select(Project).order_by(Project.name))
    ]
    projects.sort(key=lambda one: -one.bytes)
    return StorageUse(projects, sum(sizes.values()) - trash, trash, storage.free())


def _owners(session: Session) -> dict[str, str]:
    """The project of each folder and file that the storage has, by its name there."""
    shots = session.execute(select(Shot.id, Shot.project_id))
    owners = {f"shots/{shot}": project for shot, project in shots}
    uploads = session.execute(select(Upload.id, Shot.project_id).join(Shot, Upload.shot_id == Shot.id))
    return owners | {f"uploads/{upload}": project for upload, project in uploads}


def _shots(session: Session) -> dict[str, int]:
    counted = select(Shot.project_id, func.count()).where(Shot.deleted_at.is_(None)).group_by(Shot.project_id)
    return dict(session.execute(counted).all())
