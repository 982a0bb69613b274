"""An OpenID provider on a real port: it lets in whoever it is told to, without asking."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Form, Header
from fastapi.responses import RedirectResponse
from hub_servers import free_port

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class IdentityProvider:
    """``claims`` are what it says of who logs in, ``asked_claims`` what only where it is asked; ``key`` signs."""

    port: int = field(default_factory=free_port)
    claims: dict[str, Any] = field(default_factory=dict)
    asked_claims: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = KEY

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> FastAPI:
        app, codes = FastAPI(), {}

        @app.get("/.well-known/openid-configuration")
        def discovery() -> dict[str, Any]:
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            places |= {"userinfo_endpoint": "userinfo"}
            return {
                "issuer": self.issuer,
                "id_token_signing_alg_values_supported": ["RS256"],
                **{name: f"{self.issuer}/{path}" for name, path in places.items()},
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

        @app.get("/userinfo")
        def userinfo(authorization: Annotated[str, Header()]) -> dict[str, Any]:
            assert authorization == "Bearer unused"
            return self.asked_claims

        @app.get("/authorize")
        def authorize(redirect_uri: str, state: str, nonce: str, code_challenge: str, client_id: str) -> Any:
            assert code_challenge
            code = secrets.token_hex(8)
            codes[code] = (nonce, client_id)
            return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': state})}")

        @app.post("/token")
        def token(code: Annotated[str, Form()], code_verifier: Annotated[str, Form()]) -> dict[str, Any]:
            assert code_verifier
            nonce, client_id = codes.pop(code)
            moment = int(time.time())
            said = {"iss": self.issuer, "aud": client_id, "nonce": nonce, "iat": moment, "exp": moment + 60}
            signed = jwt.encode({**said, **self.claims}, self.key, "RS256", headers={"kid": "one"})
            return {"access_token": "unused", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

        return app


@contextmanager
def running(provider: IdentityProvider) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=provider.port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
