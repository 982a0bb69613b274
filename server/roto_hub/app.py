"""The hub's web application, put together here."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from roto_hub import problems
from roto_hub.api import (
    accounts,
    audit,
    health,
    invitations,
    jobs,
    live,
    notices,
    people,
    pictures,
    projects,
    refine,
    review_queue,
    reviews,
    segment,
    shots,
    sso,
    statistics,
    storage,
    teams,
)
from roto_hub.auth.oidc import Providers
from roto_hub.bell import make_bell
from roto_hub.bodies import BodyLimitMiddleware
from roto_hub.db.connect import Database
from roto_hub.db.migrate import is_current
from roto_hub.hub import Hub
from roto_hub.jobs.broker import RUN_JOB, make_celery, queue_of
from roto_hub.jobs.dispatch import Dispatcher
from roto_hub.live import LiveFeed
from roto_hub.notify.herald import Herald
from roto_hub.page import serve_page
from roto_hub.postman import collection
from roto_hub.settings import HubSettings
from roto_hub.storage import Storage
from roto_hub.telemetry import Telemetry, TelemetryMiddleware
from roto_hub.upkeep import Upkeep
from roto_shared.version import VERSION

PREFIX = "/api/v1"
SSO_S = 600
"""So long somebody may be away at a provider's log-in."""

ROOMS = (
    accounts,
    sso,
    teams,
    invitations,
    projects,
    shots,
    segment,
    refine,
    pictures,
    jobs,
    reviews,
    notices,
    live,
    audit,
    statistics,
    storage,
    people,
    review_queue,
)
ROUTERS = tuple(room.router for room in ROOMS)
FAULTS = (401, 403, 404, 409, 412, 413, 422, 429, 503, 507)
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"content": {problems.MEDIA_TYPE: {"schema": problems.SCHEMA}}, "description": "A problem"}
    for status in FAULTS
}


def create_app(settings: HubSettings) -> FastAPI:
    """The application. Raises RuntimeError for a database that was not migrated."""
    bell = make_bell(settings.broker_url)
    database = Database(settings.database, bell.ring)
    if not is_current(database):
        raise RuntimeError("The database has other tables than this version wants: run `roto hub migrate`.")
    celery = make_celery(settings)

    def send(worker: str, job_id: str, attempt: int) -> None:
        celery.send_task(RUN_JOB, (job_id, attempt), queue=queue_of(worker))

    storage = Storage.of(settings)
    dispatcher = Dispatcher(database, send, settings.lease_s, settings.tick_s)
    hub = Hub(
        settings,
        database,
        storage,
        LiveFeed(database),
        Telemetry(database, settings.lease_s),
        Providers(settings.oidc),
        dispatcher.wake,
    )

    herald, upkeep = Herald(database, settings), Upkeep(database, storage)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        bell.listen(hub.live.wake)
        dispatcher.start()
        herald.start()
        upkeep.start()
        yield
        await hub.live.close()
        upkeep.close()
        herald.close()
        dispatcher.close()
        bell.close()
        database.close()

    app = described_app(lifespan)
    app.state.hub = hub
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(TelemetryMiddleware, telemetry=hub.telemetry)
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.signing_secret(),
        session_cookie="roto_sso",
        max_age=SSO_S,
        path=f"{PREFIX}/sso",
        https_only=settings.page_url.startswith("https:"),
    )

    @app.get(f"{PREFIX}/postman.json", include_in_schema=False)
    def postman() -> dict[str, Any]:
        return collection(app.openapi(), settings.page_url)

    serve_page(app)
    return app


def described_app(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None) -> FastAPI:
    """The interface alone, which can describe itself without a database."""
    app = FastAPI(
        title="Roto hub",
        version=VERSION,
        lifespan=lifespan,
        docs_url=f"{PREFIX}/docs",
        openapi_url=f"{PREFIX}/openapi.json",
    )
    problems.install(app)
    app.include_router(health.router)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, responses=PROBLEMS)
    return app
