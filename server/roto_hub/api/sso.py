"""Logging in by a provider: the browser is sent there, and comes back with a refresh token for the page."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from roto_hub.api.schemas.accounts import ProviderOut
from roto_hub.auth.guards import HubDep
from roto_hub.auth.oidc import Claims
from roto_hub.hub import Hub
from roto_hub.problems import HubError, UnavailableError
from roto_hub.services.identities import user_of_claims
from roto_hub.services.logins import log_in

router = APIRouter(prefix="/sso", tags=["accounts"])


@router.get("")
def list_providers(hub: HubDep) -> list[ProviderOut]:
    """The providers by which one can log in."""
    return [ProviderOut(id=key, name=one.name) for key, one in hub.providers.providers.items()]


@router.get("/{provider}", response_class=RedirectResponse)
async def send_away(provider: str, request: Request, hub: HubDep) -> Response:
    """Go to a provider's log-in; back to the page where that does not answer."""
    back = f"{hub.settings.page_url}/api/v1/sso/{provider}/callback"
    try:
        return await hub.providers.send_away(provider, request, back)
    except UnavailableError as error:
        return _to_page(hub, _problem(error))


@router.get("/{provider}/callback", response_class=RedirectResponse)
async def come_back(provider: str, request: Request, hub: HubDep) -> Response:
    """Come back from a provider, to the page. What it gets is behind the “#”, which browsers send to nobody."""
    settings = hub.providers.provider(provider)
    try:
        claims = await hub.providers.claims(provider, request)
        told = f"refresh={await run_in_threadpool(_log_in, hub, claims, settings.domains)}"
    except HubError as error:
        told = _problem(error)
    return _to_page(hub, told)


def _problem(error: HubError) -> str:
    return f"problem={quote(f'{error.message} {error.remedy}'.strip())}"


def _to_page(hub: Hub, told: str) -> Response:
    return RedirectResponse(f"{hub.settings.page_url}/sign-in#{told}", headers={"Cache-Control": "no-store"})


def _log_in(hub: Hub, claims: Claims, domains: tuple[str, ...]) -> str:
    with hub.database.begin() as session:
        return log_in(session, user_of_claims(session, claims, domains), hub.settings).refresh
