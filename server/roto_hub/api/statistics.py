"""How the projects fare that one may see."""

from fastapi import APIRouter

from roto_hub.api.schemas.statistics import StudioStatisticsOut
from roto_hub.auth.guards import SessionDep, UserDep
from roto_hub.services.projects import list_projects
from roto_hub.services.statistics import studio_statistics

router = APIRouter(tags=["statistics"])


@router.get("/statistics")
def read_studio_statistics(session: SessionDep, user: UserDep) -> StudioStatisticsOut:
    """How all projects fare that one may see, together and each."""
    return StudioStatisticsOut.model_validate(studio_statistics(session, list_projects(session, user)))
