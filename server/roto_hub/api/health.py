"""Whether the hub lives, and whether it can work."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from roto_hub.auth.guards import HubDep
from roto_hub.problems import problem
from roto_shared.version import VERSION

router = APIRouter(tags=["health"])


@router.get("/healthz")
def read_health() -> dict[str, str]:
    """The program runs."""
    return {"status": "alive", "version": VERSION}


@router.get("/readyz")
def read_readiness(hub: HubDep) -> JSONResponse:
    """The database answers too."""
    try:
        with hub.database.read() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return problem(503, "database", "The database does not answer.")
    return JSONResponse({"status": "ready"})


@router.get("/metrics", response_class=Response)
def read_metrics(hub: HubDep) -> Response:
    """Numbers for Prometheus: requests, jobs by state, waiting, workers. A proxy should keep strangers from it."""
    return Response(generate_latest(hub.telemetry.registry), media_type=CONTENT_TYPE_LATEST)
