"""Logging in by an OpenID provider: the code flow with PKCE, by Authlib."""

from dataclasses import dataclass

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
        """A redirect to the provider, which comes back to ``back``. Raises NotFoundError, UnavailableError."""
        try:
            return await self._client(key).authorize_redirect(request, back)
        except httpx2.HTTPError as error:
            raise UnavailableError("The provider does not answer.", "Try again.") from error

    async def claims(self, key: str, request: Request) -> Claims:
        """What the provider says of who came back. Raises UnknownUserError where it was not by us that they went there,
        or where they were refused; UnavailableError, NotFoundError."""
        provider = self.provider(key)
        try:
            token = await self._client(key).authorize_access_token(request)
        except httpx2.HTTPError as error:
            raise UnavailableError("The provider does not answer.", "Try again.") from error
        except (OAuthError, JoseError, KeyError, ValueError) as error:
            raise UnknownUserError("The provider's answer is not valid.", "Log in again.") from error
        said = token.get("userinfo") or {}
        if not said.get("sub"):
            raise UnknownUserError("The provider does not say who that is.", "Log in in another way.")
        email = plain_address(str(said.get("email", "")))
        is_verified = bool(email) and (said.get("email_verified") is True or provider.trusts_email)
        name = str(said.get("name") or "").strip()[:LONGEST_NAME]
        return Claims(str(said.get("iss", provider.issuer)), str(said["sub"]), email, is_verified, name)

    def _client(self, key: str) -> StarletteOAuth2App:
        self.provider(key)
        return self._oauth.create_client(key)
