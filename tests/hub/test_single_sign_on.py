"""Logging in by an OpenID provider, over real sockets, as a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hub_studio import ADMIN, Studio, make_settings
from identity_provider import IdentityProvider, running

from roto_hub.db.models import Invitation, now

BOB = {"sub": "bob-1", "email": "Bob@Studio.example", "email_verified": True, "name": "Bob"}


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    provider = IdentityProvider(claims=BOB)
    with running(provider):
        yield provider


@pytest.fixture
def sso(tmp_path: Path, provider: IdentityProvider) -> Iterator[Studio]:
    """A studio with a provider whose domain may come in by itself."""
    said = {"issuer": provider.issuer, "client_id": "roto", "client_secret": "shared"}
    oidc = {
        "idp": {"name": "Studio", "domains": ["Studio.Example"], **said},
        "other": {"name": "Other", "trusts_email": True, **said},
    }
    studio = Studio(make_settings(tmp_path, oidc=oidc), tmp_path)
    studio.set_up()
    yield studio
    studio.close()


def browse(studio: Studio, provider: str = "idp") -> tuple[str, str]:
    """What the page is told when a browser comes back: its kind, and what it is."""
    with httpx.Client() as browser:
        address = f"{studio.url}/api/v1/sso/{provider}"
        for _ in range(10):
            answer = browser.get(address)
            assert answer.is_redirect, answer.text
            address = answer.headers["location"]
            if address.startswith(f"{studio.url}/sign-in#"):
                kind, _, told = address.partition("#")[2].partition("=")
                return kind, unquote(told)
    raise AssertionError("the browser is sent about for ever")


def test_who_has_an_address_of_the_studio_becomes_a_user_and_stays_the_same_one(sso, provider) -> None:
    assert [one["name"] for one in sso.ok(sso.as_bearer("").get("/sso"))] == ["Studio", "Other"]
    kind, refresh = browse(sso)
    assert kind == "refresh"
    tokens = sso.ok(sso.client.post("/refresh", json={"refresh": refresh}))
    first = sso.ok(sso.as_bearer(tokens["access"]).get("/me"))
    assert (first["email"], first["name"]) == ("bob@studio.example", "Bob")
    provider.claims = {**BOB, "email": "robert@elsewhere.example"}
    kind, refresh = browse(sso)
    again = sso.ok(sso.client.post("/refresh", json={"refresh": refresh}))
    assert sso.ok(sso.as_bearer(again["access"]).get("/me"))["id"] == first["id"], "the address may change"
    password = {"email": "bob@studio.example", "password": "four words in a row"}
    assert sso.client.post("/login", json=password).status_code == 401, "there is no password"


@pytest.mark.parametrize(
    ("said", "kept"),
    [(" Bob ", "Bob"), (None, BOB["email"].lower()), ("B" * 300, "B" * 200), ("Bob\n\x00Lee\t", "Bob  Lee")],
)
def test_a_provider_s_name_for_somebody_is_kept_as_far_as_names_go(sso, provider, said, kept) -> None:
    provider.claims = {**BOB, "name": said}
    assert browse(sso)[0] == "refresh"
    assert kept in {one["name"] for one in sso.ok(sso.client.get("/users"))}


def test_somebody_from_elsewhere_needs_an_account_or_an_invitation(sso, provider) -> None:
    provider.claims = {**BOB, "sub": "eve-1", "email": "eve@elsewhere.example"}
    assert browse(sso) == ("problem", "eve@elsewhere.example has no account here. Ask a supervisor for an invitation.")
    project = sso.ok(sso.client.post("/projects", json={"name": "one"}))["id"]
    asked = {"email": "eve@elsewhere.example", "role": "artist"}
    late = sso.ok(sso.client.post(f"/projects/{project}/invitations", json=asked))["id"]
    with sso.app.state.hub.database.begin() as session:
        session.get(Invitation, late).expires_at = now() - timedelta(seconds=1)
    assert browse(sso)[0] == "problem", "the invitation is too old"
    sso.ok(sso.client.post(f"/projects/{project}/invitations", json=asked))
    kind, refresh = browse(sso)
    assert kind == "refresh"
    eve = sso.as_bearer(sso.ok(sso.client.post("/refresh", json={"refresh": refresh}))["access"])
    assert [one["id"] for one in sso.ok(eve.get("/projects"))] == [project]


def test_an_address_that_the_provider_did_not_check_opens_no_account(sso, provider) -> None:
    for email in (ADMIN["email"], "bob@studio.example"):
        provider.claims = {"sub": "mallory", "email": email, "email_verified": False}
        assert browse(sso)[0] == "problem"


@pytest.mark.parametrize("verified", [True, "true"])
def test_an_address_that_the_provider_tells_only_where_it_is_asked_counts_as_well(sso, provider, verified) -> None:
    provider.claims = {"sub": "bob-1"}
    provider.asked_claims = {**BOB, "email_verified": verified}
    assert browse(sso)[0] == "refresh"
    assert BOB["email"].lower() in {one["email"] for one in sso.ok(sso.client.get("/users"))}


@pytest.mark.parametrize("asked", [{}, {**BOB, "sub": "eve-1"}, {"sub": "bob-1", "email": None}])
def test_who_has_no_address_has_no_account_whoever_s_address_the_provider_tells(sso, provider, asked) -> None:
    provider.claims, provider.asked_claims = {"sub": "bob-1", "email": None}, asked
    assert browse(sso) == ("problem", "You have no account here. Ask a supervisor for an invitation.")


def test_an_address_that_nobody_checked_counts_where_the_studio_trusts_the_provider_s(sso, provider) -> None:
    provider.claims = {"sub": "ada-1", "email": ADMIN["email"]}
    assert browse(sso, "idp")[0] == "problem"
    assert browse(sso, "other")[0] == "refresh"


def test_an_account_that_is_not_active_is_not_opened(sso) -> None:
    browse(sso)
    (bob,) = [one for one in sso.ok(sso.client.get("/users")) if one["name"] == "Bob"]
    sso.ok(sso.client.patch(f"/users/{bob['id']}", json={"is_active": False}, headers={"If-Match": '"1"'}))
    assert browse(sso) == ("problem", "The account is not active. Ask an administrator.")


def test_what_another_key_signed_is_believed_by_nobody(sso, provider) -> None:
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert browse(sso) == ("problem", "The provider's answer is not valid. Log in again.")


def test_who_was_not_sent_there_by_us_does_not_come_back(sso) -> None:
    with httpx.Client() as browser:
        answer = browser.get(f"{sso.url}/api/v1/sso/idp/callback", params={"code": "stolen", "state": "guessed"})
    assert "problem=The%20provider" in answer.headers["location"]
    assert sso.client.get("/sso/unknown").status_code == 404


def test_who_cannot_be_sent_to_a_provider_is_told_on_the_page(tmp_path: Path) -> None:
    said = {"name": "Studio", "client_id": "roto", "client_secret": "shared"}
    settings = make_settings(tmp_path)
    away, none = IdentityProvider().issuer, f"http://127.0.0.1:{settings.port}"  # the hub's own page answers there
    oidc = {"away": {**said, "issuer": away}, "none": {**said, "issuer": none}}
    studio = Studio(make_settings(tmp_path, oidc=oidc, port=settings.port), tmp_path)
    try:
        assert browse(studio, "away") == ("problem", "The provider does not answer. Try again.")
        assert browse(studio, "none")[0] == "problem"
    finally:
        studio.close()
