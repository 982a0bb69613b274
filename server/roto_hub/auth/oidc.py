"""Logging in by an OpenID provider: the code flow with PKCE, by Authlib."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request, Response
from joserfc.errors import JoseError

from roto_hub.auth.addresses import plain_address
from roto_hub.db.models import LONGEST_NAME
from roto_hub.problems import NotFoundError, UnavailableError, UnknownUserError
from roto_hub.settings import OidcProvider

DISCOVERY = "/.well-known/openid-configuration"
INVALID = (OAuthError, JoseError, KeyError, TypeError, ValueError, RuntimeError)
"""What Authlib raises for a provider's description or answer that is not as it has to be."""


@dataclass(frozen=True)
class Claims:
    """What a provider says of who logged in. ``subject`` never changes; ``is_verified`` is whether it checked the
    address."""

    issuer: str
    subject: str
    email: str
    is_verified: bool
    name: str


class Providers:
    """The providers that a studio set."""

    def __init__(self, providers: dict[str, OidcProvider]) -> None:
        self.providers = providers
        self._oauth = OAuth()
        for key, provider in providers.items():
            self._oauth.register(
                key,
                client_id=provider.client_id,
                client_secret=provider.client_secret,
                server_metadata_url=provider.issuer.rstrip("/") + DISCOVERY,
                client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
            )

    def provider(self, key: str) -> OidcProvider:
        """A provider's settings. Raises NotFoundError."""
        if key not in self.providers:
            raise NotFoundError("There is no such provider.")
        return self.providers[key]

    async def send_away(self, key: str, request: Request, back: str) -> Response:
        """A redirect to the provider, which comes back to ``back``. Raises NotFoundError, UnavailableError for one that
        does not answer, or not as a provider does."""
        client = self._client(key)
        try:
            with _answering():
                return await client.authorize_redirect(request, back)
        except INVALID as error:
            raise UnavailableError("The provider's answer is not valid.", "Try again, or in another way.") from error

    async def claims(self, key: str, request: Request) -> Claims:
        """What the provider says of who came back. Raises UnknownUserError where it was not by us that they went there,
        or where they were refused; UnavailableError, NotFoundError."""
        provider, client = self.provider(key), self._client(key)
        try:
            with _answering():
                said = await _said(client, await client.authorize_access_token(request))
        except INVALID as error:
            raise UnknownUserError("The provider's answer is not valid.", "Log in again.") from error
        if not said.get("sub"):
            raise UnknownUserError("The provider does not say who that is.", "Log in in another way.")
        email = plain_address(str(said.get("email") or ""))
        is_verified = bool(email) and (said.get("email_verified") in (True, "true") or provider.trusts_email)
        return Claims(str(said.get("iss", provider.issuer)), str(said["sub"]), email, is_verified, _name(said))

    def _client(self, key: str) -> StarletteOAuth2App:
        self.provider(key)
        return self._oauth.create_client(key)


@contextmanager
def _answering() -> Iterator[None]:
    """Raises UnavailableError where the provider does not answer."""
    try:
        yield
    except httpx2.HTTPError as error:
        raise UnavailableError("The provider does not answer.", "Try again.") from error


async def _said(client: StarletteOAuth2App, token: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider says of somebody. By the standard it need not tell their address with the token, but where it
    is asked for."""
    said = {name: value for name, value in (token.get("userinfo") or {}).items() if value}
    if "email" in said or "sub" not in said or "userinfo_endpoint" not in await client.load_server_metadata():
        return said
    # Without its end: Authlib takes a token that is good for a minute, as Keycloak's are, for one that is over.
    more = await client.userinfo(token={name: token[name] for name in ("access_token", "token_type")})
    return {**more, **said} if more.get("sub") == said["sub"] else said


def _name(said: Mapping[str, Any]) -> str:
    """A name as the hub keeps them: of characters that can be shown."""
    shown = "".join(letter if ord(letter) >= ord(" ") else " " for letter in str(said.get("name") or ""))
    return shown.strip()[:LONGEST_NAME].strip()
