"""Logging in and staying so, keys for programs, and what a hostile client tries."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest
from hub_studio import ADMIN
from sqlalchemy import select, update

from roto_hub.auth.tokens import ALGORITHM, access_token
from roto_hub.db.models import ApiKey, AuditEntry, LogInAttempt, RefreshToken, User, now

PASSWORD = ADMIN["password"]


def test_the_first_administrator_is_made_once_and_has_no_default_password(files_studio) -> None:
    stranger = files_studio.as_bearer("")
    assert stranger.get("/setup").json() == {"is_set_up": True}
    refused = stranger.post("/setup", json={"email": "eve@x.example", "name": "Eve", "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_refresh_token_whose_answer_never_came_is_taken_again_at_once(files_studio) -> None:
    stranger, first = files_studio.as_bearer(""), files_studio.log_in(**ADMIN)
    lost, second = (files_studio.ok(stranger.post("/refresh", json={"refresh": first["refresh"]})) for _ in range(2))
    assert lost["refresh"] != second["refresh"]
    third = files_studio.ok(stranger.post("/refresh", json={"refresh": second["refresh"]}))
    assert files_studio.as_bearer(third["access"]).get("/me").status_code == 200
    assert stranger.post("/logout", json={"refresh": third["refresh"]}).status_code == 204
    assert stranger.post("/refresh", json={"refresh": lost["refresh"]}).status_code == 401, "it is the same log-in"


def test_a_refresh_token_is_good_once_and_its_late_second_use_ends_the_log_in(files_studio) -> None:
    stranger, first = files_studio.as_bearer(""), files_studio.log_in(**ADMIN)
    second = files_studio.ok(stranger.post("/refresh", json={"refresh": first["refresh"]}))
    assert files_studio.as_bearer(second["access"]).get("/me").status_code == 200
    with files_studio.app.state.hub.database.begin() as session:
        for token in session.scalars(select(RefreshToken).where(RefreshToken.used_at.is_not(None))):
            token.used_at = now() - timedelta(seconds=61)
    assert stranger.post("/refresh", json={"refresh": first["refresh"]}).status_code == 401, "it was stolen, or is late"
    assert stranger.post("/refresh", json={"refresh": second["refresh"]}).status_code == 401, "so all of it is over"
    with files_studio.app.state.hub.database.read() as session:
        assert "login.reused" in set(session.scalars(select(AuditEntry.action)))


def test_a_refresh_token_that_is_used_again_is_not_good_for_longer(files_studio) -> None:
    stranger, first = files_studio.as_bearer(""), files_studio.log_in(**ADMIN)
    files_studio.ok(stranger.post("/refresh", json={"refresh": first["refresh"]}))
    for seconds, status in ((50, 200), (20, 401)):
        with files_studio.app.state.hub.database.begin() as session:
            for token in session.scalars(select(RefreshToken).where(RefreshToken.used_at.is_not(None))):
                token.used_at -= timedelta(seconds=seconds)
        assert stranger.post("/refresh", json={"refresh": first["refresh"]}).status_code == status


def test_a_log_out_ends_it(files_studio) -> None:
    stranger, tokens = files_studio.as_bearer(""), files_studio.log_in(**ADMIN)
    assert stranger.post("/logout", json={"refresh": tokens["refresh"]}).status_code == 204
    assert stranger.post("/refresh", json={"refresh": tokens["refresh"]}).status_code == 401


def test_an_expired_refresh_token_is_no_log_in(files_studio) -> None:
    tokens = files_studio.log_in(**ADMIN)
    with files_studio.app.state.hub.database.begin() as session:
        for token in session.scalars(select(RefreshToken)):
            token.expires_at = now() - timedelta(seconds=1)
    assert files_studio.as_bearer("").post("/refresh", json={"refresh": tokens["refresh"]}).status_code == 401


def forged(files_studio) -> dict[str, str]:
    me, secret = files_studio.ok(files_studio.client.get("/me"))["id"], files_studio.settings.signing_secret()
    claims = {"sub": me, "exp": now() + timedelta(hours=1), "typ": "access"}
    return {
        "expired": access_token(me, secret, -1),
        "signed by somebody else": access_token(me, "x" * 48, 60),
        "not signed": jwt.encode(claims, None, "none"),
        "of another kind": jwt.encode({**claims, "typ": "refresh"}, secret, ALGORITHM),
        "without an end": jwt.encode({"sub": me, "typ": "access"}, secret, ALGORITHM),
        "nobody's": access_token("0" * 32, secret, 60),
        "no token": "rk_nothing",
    }


def test_a_token_that_is_forged_or_over_is_refused(files_studio) -> None:
    for what, token in forged(files_studio).items():
        answer = files_studio.as_bearer(token).get("/me")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), what


def test_too_many_wrong_passwords_have_to_wait(files_studio) -> None:
    stranger = files_studio.as_bearer("")
    tries = [stranger.post("/login", json={**ADMIN, "password": "wrong"}).status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]
    assert stranger.post("/login", json=ADMIN).status_code == 429, "the right one waits too"
    unknown = stranger.post("/login", json={"email": "nobody@x.example", "password": PASSWORD}).json()
    assert unknown["title"] == "Address or password is wrong.", "nobody learns which addresses there are, nor waits"
    with files_studio.app.state.hub.database.begin() as session:
        session.execute(update(LogInAttempt).values(at=now() - timedelta(minutes=16)))
    assert stranger.post("/login", json=ADMIN).status_code == 200


def test_who_guesses_the_old_password_of_somebody_who_is_logged_in_has_to_wait_too(studio) -> None:
    guess = {"old": "wrong", "new": "five words in a row"}
    tries = [studio.client.post("/me/password", json=guess).status_code for _ in range(11)]
    assert tries == [403] * 10 + [429]
    right = studio.client.post("/me/password", json={**guess, "old": PASSWORD})
    assert right.status_code == 429
    assert studio.as_bearer("").post("/login", json=ADMIN).status_code == 429, "it is one count"


def test_wrong_passwords_at_once_have_to_wait_as_those_one_after_the_other(studio) -> None:
    def attempt(_number: int) -> int:
        return studio.as_bearer("").post("/login", json={**ADMIN, "password": "wrong"}).status_code

    with ThreadPoolExecutor(20) as pool:
        assert Counter(pool.map(attempt, range(30))) == {401: 10, 429: 20}


def test_wrong_passwords_for_a_very_long_address_are_counted_too(studio) -> None:
    stranger, body = studio.as_bearer(""), {"email": f"{'a' * 210}@x.example", "password": "wrong"}
    assert [stranger.post("/login", json=body).status_code for _ in range(11)] == [401] * 10 + [429]


def test_a_key_does_what_its_scopes_say_until_it_is_revoked_or_over(files_studio) -> None:
    made = files_studio.ok(files_studio.client.post("/me/keys", json={"name": "farm", "scopes": ["read"]}))
    program = files_studio.as_bearer(made["key"])
    assert program.get("/projects").status_code == 200
    assert program.post("/projects", json={"name": "no"}).status_code == 403
    with files_studio.app.state.hub.database.read() as session:
        assert made["key"] not in [key.digest for key in session.scalars(select(ApiKey))]
    assert "key" not in files_studio.ok(files_studio.client.get("/me/keys"))[0]
    assert files_studio.client.delete(f"/me/keys/{made['id']}").status_code == 204
    assert program.get("/projects").status_code == 401
    assert files_studio.ok(files_studio.client.get("/me/keys")) == []
    late = files_studio.ok(files_studio.client.post("/me/keys", json={"name": "farm", "scopes": ["read"], "days": 1}))
    with files_studio.app.state.hub.database.begin() as session:
        session.get(ApiKey, late["id"]).expires_at = now() - timedelta(seconds=1)
    assert files_studio.as_bearer(late["key"]).get("/projects").status_code == 401


def test_a_key_makes_and_revokes_no_keys_and_changes_no_password(files_studio) -> None:
    both = {"name": "farm", "scopes": ["read", "write"]}
    made = files_studio.ok(files_studio.client.post("/me/keys", json={**both, "days": 1}))
    program = files_studio.as_bearer(made["key"])
    change = {"old": PASSWORD, "new": "four other words together"}
    me = files_studio.ok(program.get("/me"))["id"]
    refused = [
        program.post("/me/keys", json=both),
        program.delete(f"/me/keys/{made['id']}"),
        program.post("/me/password", json=change),
        program.post(f"/users/{me}/password", json={"new": change["new"]}),
    ]
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "forbidden")] * 4


def test_a_key_makes_users_but_no_administrators(files_studio) -> None:
    made = files_studio.ok(files_studio.client.post("/me/keys", json={"name": "farm", "scopes": ["read", "write"]}))
    program = files_studio.as_bearer(made["key"])
    bob = {"email": "bob@x.example", "name": "Bob", "password": PASSWORD}
    assert program.post("/users", json={**bob, "is_admin": True}).status_code == 403
    path = f"/users/{files_studio.ok(program.post('/users', json=bob))['id']}"
    change, seen = {"is_admin": True}, {"If-Match": '"1"'}
    assert program.patch(path, json=change, headers=seen).status_code == 403
    assert files_studio.ok(files_studio.client.patch(path, json=change, headers=seen))["is_admin"]
    assert (
        files_studio.ok(program.patch(path, json={"is_admin": False}, headers={"If-Match": '"2"'}))["is_admin"] is False
    )


@pytest.mark.parametrize(("scope", "method", "path"), [("read", "GET", "/projects"), ("write", "POST", "/projects")])
def test_a_key_says_when_it_was_used_last(files_studio, scope, method, path) -> None:
    def used_at() -> str | None:
        return files_studio.ok(files_studio.client.get("/me/keys"))[0]["used_at"]

    made = files_studio.ok(files_studio.client.post("/me/keys", json={"name": "farm", "scopes": [scope]}))
    assert used_at() is None
    files_studio.ok(files_studio.as_bearer(made["key"]).request(method, path, json={"name": "one"}))
    files_studio.until(used_at)


def test_somebody_else_s_key_does_not_exist(files_studio) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    made = files_studio.ok(files_studio.client.post("/me/keys", json={"name": "farm", "scopes": ["read"]}))
    other = files_studio.as_member(project, "viewer", "bob")
    assert other.delete(f"/me/keys/{made['id']}").status_code == 404


def test_who_has_no_password_cannot_log_in_by_any(files_studio) -> None:
    with files_studio.app.state.hub.database.begin() as session:
        session.add(User(email="bob@x.example", name="Bob"))  # as who came by a provider
    for password in ("", "a password that nobody has"):
        body = {"email": "bob@x.example", "password": password}
        assert files_studio.as_bearer("").post("/login", json=body).status_code == 401


def test_an_account_that_is_closed_is_out_at_once(files_studio) -> None:
    member = files_studio.as_member("", None, "bob")
    bob = files_studio.ok(member.get("/me"))
    key = files_studio.ok(member.post("/me/keys", json={"name": "farm", "scopes": ["read"]}))["key"]
    tokens = files_studio.log_in(bob["email"], PASSWORD)
    change = {"json": {"is_active": False}, "headers": {"If-Match": '"1"'}}
    assert files_studio.client.patch(f"/users/{bob['id']}", **change).status_code == 200
    assert member.get("/me").status_code == 401
    right = {"email": bob["email"], "password": PASSWORD}
    assert files_studio.as_bearer("").post("/login", json=right).status_code == 401
    assert files_studio.as_bearer(key).get("/me").status_code == 401
    assert files_studio.as_bearer("").post("/refresh", json={"refresh": tokens["refresh"]}).status_code == 401
    again = {"json": {"is_active": True}, "headers": {"If-Match": '"2"'}}
    assert files_studio.client.patch(f"/users/{bob['id']}", **again).status_code == 200
    over = files_studio.as_bearer("").post("/refresh", json={"refresh": tokens["refresh"]})
    assert over.status_code == 401, "log-ins from before it was closed stay over"


def test_names_are_kept_without_the_spaces_around_them(files_studio) -> None:
    client = files_studio.client
    assert files_studio.ok(client.patch("/me", json={"name": " Ada "}))["name"] == "Ada"
    assert files_studio.ok(client.post("/projects", json={"name": "pilot "}))["name"] == "pilot"
    assert client.post("/projects", json={"name": " pilot"}).status_code == 409
    assert files_studio.ok(client.post("/teams", json={"name": " Roto "}))["name"] == "Roto"


def test_the_last_administrator_stays_one(files_studio) -> None:
    me = files_studio.ok(files_studio.client.get("/me"))["id"]
    change = {"json": {"is_admin": False}, "headers": {"If-Match": '"1"'}}
    assert files_studio.client.patch(f"/users/{me}", **change).json()["code"] == "refused"


def test_an_administrator_whose_account_is_closed_is_not_the_last_one(files_studio) -> None:
    other = {"email": "old@x.example", "name": "Old", "password": PASSWORD, "is_admin": True}
    path = f"/users/{files_studio.ok(files_studio.client.post('/users', json=other))['id']}"
    for revision, change in enumerate(({"is_active": False}, {"is_admin": False}), 1):
        files_studio.ok(files_studio.client.patch(path, json=change, headers={"If-Match": f'"{revision}"'}))


def test_two_who_change_the_same_thing_do_not_overwrite_each_other(files_studio) -> None:
    path = f"/projects/{files_studio.ok(files_studio.client.post('/projects', json={'name': 'one'}))['id']}"
    etag = files_studio.client.get(path).headers["etag"]
    change = files_studio.client.patch
    assert change(path, json={"name": "two"}, headers={"If-Match": etag}).status_code == 200
    weak = 'W/"2"'  # as nginx makes it where it compresses
    assert change(path, json={"name": "three"}, headers={"If-Match": weak}).status_code == 200
    late = change(path, json={"name": "four"}, headers={"If-Match": etag})
    assert (late.status_code, late.json()["code"]) == (412, "changed")
    assert change(path, json={"name": "four"}).status_code == 422, "who does not say what they saw"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/etc/passwd", "no shared folder"),
        ("{root}/../secret.mov", "no shared folder"),
        ("{root}/..", "no shared folder"),
        ("{root}/link", "no shared folder"),
        ("a\x00b", "zero byte"),
    ],
)
def test_a_path_outside_the_shared_folders_is_refused(files_studio, tmp_path, path, reason) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "link").symlink_to(tmp_path)
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    data = {"name": "sh", "path": path.format(root=tmp_path / "shared")}
    refused = files_studio.client.post(f"/projects/{project}/shots", data=data)
    assert refused.status_code == 422
    assert reason in refused.json()["title"]


@pytest.mark.parametrize(
    ("name", "size", "status"),
    [("plate.exe", 10, 422), ("plate.mov", 0, 422), ("plate.mov", 2**60, 422), ("../../etc/plate.mov", 2**45, 422)],
)
def test_an_upload_of_something_else_or_of_too_much_is_refused(files_studio, name, size, status) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    data = {"name": "sh", "file_name": name, "size": size}
    assert files_studio.client.post(f"/projects/{project}/shots", data=data).status_code == status
    assert files_studio.ok(files_studio.client.get(f"/projects/{project}/shots"))["total"] == 0, "nothing is left of it"


def test_a_promise_that_the_disk_cannot_hold_is_refused(files_studio, monkeypatch) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    monkeypatch.setattr("roto_hub.storage.RESERVE", 2**60)
    data = {"name": "sh", "file_name": "plate.mov", "size": 1000}
    refused = files_studio.client.post(f"/projects/{project}/shots", data=data)
    assert (refused.status_code, refused.json()["code"]) == (507, "full")


def test_a_name_that_leads_out_of_its_folder_stays_in_it(files_studio, tmp_path) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    data = {"name": "sh", "file_name": "..\\..\\evil/../../plate.mov", "size": 3}
    upload = files_studio.ok(files_studio.client.post(f"/projects/{project}/shots", data=data))["upload"]
    assert upload["file_name"] == "plate.mov"


def test_many_shots_come_all_or_not_at_all(files_studio, tmp_path) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    path = f"/projects/{project}/shots/by-path"
    (tmp_path / "shared").mkdir()
    good = {"name": "sh010", "path": str(tmp_path / "shared" / "plate.mov")}
    mixed = {"plates": [good, {"name": "sh020", "path": "/etc/passwd"}]}
    assert files_studio.client.post(path, json=mixed).status_code == 422
    twice = {"plates": [good, good]}
    assert files_studio.client.post(path, json=twice).status_code == 409
    assert files_studio.ok(files_studio.client.get(f"/projects/{project}/shots"))["total"] == 0
    shot = files_studio.fill(project)["shot_id"]
    prompts = [{"frame": 3, "object": "hero", "positive": [[1, 2]]}]
    other = {"shots": [{"shot_id": shot, "prompts": prompts}, {"shot_id": "0" * 32, "prompts": prompts}]}
    assert files_studio.client.post(f"/projects/{project}/segment", json=other).status_code == 422
    waiting = files_studio.ok(files_studio.client.get("/jobs", params={"state": "waiting"}))
    assert waiting == []
