"""What the studio's files take."""

from typing import Annotated

from fastapi import APIRouter, Depends

from roto_hub.api.schemas.storage import ProjectUseOut, StorageOut
from roto_hub.auth.guards import HubDep, SessionDep, StudioGuard
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import User
from roto_hub.services.storage_use import storage_use

router = APIRouter(tags=["storage"])
Admin = Annotated[User, Depends(StudioGuard(Permission.MANAGE_STUDIO))]


@router.get("/storage")
def read_storage(session: SessionDep, _admin: Admin, hub: HubDep) -> StorageOut:
    """What the studio's files take: each project's, those in the trash, and how much room is left."""
    use = storage_use(session, hub.storage)
    projects = [ProjectUseOut.model_validate(one) for one in use.projects]
    return StorageOut(projects=projects, used=use.used, trash=use.trash, quota=hub.settings.quota, free=use.free)
