"""Who is told what happened: in the page, by letter, by webhook; once each, and later where nobody listens now."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hub_servers import free_port
from hub_studio import Studio, make_settings
from sqlalchemy.orm import Session

from roto_hub.db.models import Bookmark, Delivery, Event, Job, Notice, Shot, User, Version, now
from roto_hub.notify import wording
from roto_hub.notify.channels import send_letter
from roto_hub.notify.outbox import TRIES, note_result
from roto_hub.services import jobs, reviews
from roto_hub.services.events import append_event, last_number


class Postbox:
    """A mail server's end: it keeps what comes in."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's own name
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def telling(tmp_path: Path, postbox) -> Iterator[Studio]:
    """A studio that sends mail."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": postbox[1], "smtp_security": "none"}
    settings = make_settings(tmp_path, public_url="https://roto.example/", **mail)
    studio = Studio(settings, tmp_path)
    studio.set_up()
    yield studio
    studio.close()


@contextmanager
def listening(port: int, status: int = 200, location: str = "") -> Iterator[list[tuple[dict[str, str], bytes]]]:
    """An address that webhooks call; gives the calls."""
    calls: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_shot_of(studio: Studio, artist: Any) -> dict[str, str]:
    """One of everything; the shot is the artist's."""
    me = studio.ok(artist.get("/me"))["id"]
    project = studio.ok(studio.client.get("/projects"))[0]["id"]
    ids = studio.fill(project)
    given = studio.client.patch(f"/shots/{ids['shot_id']}", json={"assignee_id": me}, headers={"If-Match": '"1"'})
    assert studio.ok(given)["assignee_id"] == me
    return ids


def with_artist(studio: Studio) -> tuple[Any, dict[str, str]]:
    project = studio.ok(studio.client.post("/projects", json={"name": "The Long Night"}))["id"]
    artist = studio.as_member(project, "artist", "bob")
    return artist, a_shot_of(studio, artist)


def texts(studio: Studio, client: Any) -> list[str]:
    return [one["text"] for one in studio.ok(client.get("/notices"))]


def test_an_artist_is_told_of_shots_and_judgements_and_nobody_of_what_they_did_themselves(telling, postbox) -> None:
    artist, ids = with_artist(telling)
    (entry,) = telling.ok(telling.client.get("/audit", params={"action": "shot.assign"}))
    assert entry["details"] == {"user": telling.ok(artist.get("/me"))["id"]}
    retake = {"status": "retake", "text": "The left hand slides."}
    path = f"/versions/{ids['version_id']}/judgement"
    telling.ok(telling.client.post(path, json=retake, headers={"If-Match": '"1"'}))
    telling.ok(artist.post(f"/versions/{ids['version_id']}/notes", json={"text": "Fixed", "frame": 5}))
    told = ["“sh010” needs a retake: The left hand slides.", "“sh010” is bob's now."]
    telling.until(lambda: texts(telling, artist) == told)
    telling.until(lambda: texts(telling, telling.client) == ["“sh010”, frame 5: Fixed"])
    telling.until(lambda: len(postbox[0].letters) == 3)
    letters = [one for one in postbox[0].letters if one["To"] == "bob@studio.example"]
    assert sorted(one["Subject"] for one in letters) == sorted(f"The Long Night: {text}" for text in told)
    link = f"https://roto.example/projects/{ids['project_id']}/shots/{ids['shot_id']}"
    assert link in letters[0].get_content()


def test_who_is_not_in_the_project_any_more_is_told_nothing_of_it(telling, postbox) -> None:
    artist, ids = with_artist(telling)
    note = f"/versions/{ids['version_id']}/notes"
    telling.ok(artist.post(note, json={"text": "The edge boils."}))
    telling.until(lambda: texts(telling, artist) == ["“sh010” is bob's now."])
    member = f"/projects/{ids['project_id']}/members/{telling.ok(artist.get('/me'))['id']}"
    assert telling.client.put(member, json={"role": None}).status_code == 204
    carol = telling.as_member(ids["project_id"], "artist", "carol")
    telling.ok(carol.post(note, json={"text": "That is secret."}))
    telling.until(lambda: _is_told(telling))
    assert texts(telling, artist) == ["“sh010” is bob's now."]
    assert all("secret" not in letter["Subject"] for letter in postbox[0].letters)


def _is_told(studio: Studio) -> bool:
    """Whether every event was."""
    with studio.app.state.hub.database.read() as session:
        mark = session.query(Bookmark).one_or_none()
        return mark is not None and mark.event_id == last_number(session)


def test_notices_stay_until_they_are_read_and_letters_only_come_to_who_wants_them(telling, postbox) -> None:
    project = telling.ok(telling.client.post("/projects", json={"name": "The Long Night"}))["id"]
    artist = telling.as_member(project, "artist", "bob")
    telling.ok(artist.patch("/me", json={"wants_mail": False}))
    a_shot_of(telling, artist)
    telling.until(lambda: texts(telling, artist))
    unread = telling.ok(artist.get("/notices", params={"unread": True}))
    assert artist.post("/notices/read", json={"up_to": unread[0]["id"]}).status_code == 204
    assert telling.ok(artist.get("/notices", params={"unread": True})) == []
    assert len(texts(telling, artist)) == 1
    assert postbox[0].letters == []


def test_who_reads_their_notices_reads_nobody_else_s(files_studio) -> None:
    studio = files_studio
    bob, ids = with_artist(studio)
    cyd = studio.as_member(ids["project_id"], "artist", "cyd")
    for client in (bob, cyd):
        studio.ok(client.post(f"/versions/{ids['version_id']}/notes", json={"text": "Look here."}))
    studio.ok(studio.client.post(f"/versions/{ids['version_id']}/notes", json={"text": "I do."}))
    studio.until(lambda: all("“sh010”: I do." in texts(studio, client) for client in (bob, cyd)))
    assert bob.post("/notices/read", json={"up_to": 2**31 - 1}).status_code == 204
    unread = [studio.ok(client.get("/notices", params={"unread": True})) for client in (bob, cyd)]
    assert unread[0] == []
    assert unread[1]


def test_what_came_after_the_last_notice_that_was_read_stays_unread(files_studio) -> None:
    studio = files_studio
    me = studio.ok(studio.client.get("/me"))["id"]
    with studio.app.state.hub.database.begin() as session:
        session.add_all(
            [Notice(user_id=me, event_id=0, kind="note.added", text=text) for text in ("old", "seen", "new")]
        )
    new, seen, old = studio.ok(studio.client.get("/notices"))
    for up_to in (old["id"], seen["id"]):
        assert studio.client.post("/notices/read", json={"up_to": up_to}).status_code == 204
    unread = studio.ok(studio.client.get("/notices", params={"unread": True}))
    assert [one["id"] for one in unread] == [new["id"]]
    times = [one["read_at"] for one in studio.ok(studio.client.get("/notices"))]
    assert times[2] < times[1], "what was read before was read then"
    assert times[0] is None


def test_who_cannot_log_in_any_more_is_told_nothing(telling, postbox) -> None:
    artist, ids = with_artist(telling)
    telling.until(lambda: len(postbox[0].letters) == 1)
    me = telling.ok(artist.get("/me"))
    closed = {"is_active": False}
    telling.ok(telling.client.patch(f"/users/{me['id']}", json=closed, headers={"If-Match": f'"{me["revision"]}"'}))
    telling.ok(telling.client.post(f"/versions/{ids['version_id']}/notes", json={"text": "The edge boils."}))
    telling.until(lambda: _is_told(telling))
    with telling.app.state.hub.database.read() as session:
        assert [one.text for one in session.query(Notice).where(Notice.user_id == me["id"])] == [
            "“sh010” is bob's now."
        ]
        assert session.query(Delivery).count() == 1


def test_a_letter_about_a_note_of_several_lines_has_the_first_as_its_subject(telling, postbox) -> None:
    _, ids = with_artist(telling)
    note = {"text": "The edge boils.\nOn all frames."}
    telling.ok(telling.client.post(f"/versions/{ids['version_id']}/notes", json=note))
    telling.until(lambda: len(postbox[0].letters) == 2)
    [letter] = [one for one in postbox[0].letters if "boils" in one["Subject"]]
    assert letter["Subject"] == "The Long Night: “sh010”: The edge boils."
    assert "On all frames." in letter.get_content()


def test_who_is_asked_in_gets_a_letter_with_the_link(telling, postbox) -> None:
    project = telling.ok(telling.client.post("/projects", json={"name": "The Long Night"}))["id"]
    body = {"email": "eve@studio.example", "role": "artist"}
    token = telling.ok(telling.client.post(f"/projects/{project}/invitations", json=body))["token"]
    telling.until(lambda: postbox[0].letters)
    (letter,) = postbox[0].letters
    assert letter["To"] == "eve@studio.example"
    assert f"https://roto.example/invitation#{token}" in letter.get_content()

    def forgotten() -> bool:
        with telling.app.state.hub.database.read() as session:
            return session.query(Delivery).one().content == {}

    telling.until(forgotten)


def test_an_invitation_into_a_project_whose_name_has_two_lines_arrives(telling, postbox) -> None:
    project = telling.ok(telling.client.post("/projects", json={"name": "The Long\u2028Night"}))["id"]
    body = {"email": "eve@studio.example", "role": "artist"}
    telling.ok(telling.client.post(f"/projects/{project}/invitations", json=body))
    telling.until(lambda: postbox[0].letters)
    assert postbox[0].letters[0]["Subject"] == "You are asked into “The Long"


@pytest.mark.parametrize("address", ["eve@[?<", "=x@b,.=<", "eve@nowhere"])
def test_a_letter_that_cannot_be_sent_says_why(tmp_path, address) -> None:
    settings = make_settings(tmp_path, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")
    assert "Error: " in send_letter(settings, address, {"subject": "A shot", "text": "It is yours."})


def test_a_webhook_is_called_with_what_it_asked_for_and_can_check_who_calls(files_studio) -> None:
    studio, port = files_studio, free_port()
    artist, _ = with_artist(studio)
    asked = {"url": f"http://127.0.0.1:{port}/roto", "kinds": ["note.added", "version.judged"]}
    hook = studio.ok(studio.client.post("/webhooks", json=asked))
    with listening(port) as calls:
        ids = studio.ok(studio.client.get("/projects"))[0]["id"]
        shot = studio.ok(studio.client.get(f"/projects/{ids}/shots"))["shots"][0]["id"]
        version = studio.ok(studio.client.get(f"/shots/{shot}/versions"))[0]["id"]
        studio.ok(artist.post(f"/versions/{version}/notes", json={"text": "Look <here>"}))
        studio.until(lambda: calls)
    headers, body = calls[0]
    moment, signed = headers["X-Roto-Signature"].split(",")
    content = f"{moment.removeprefix('t=')}.".encode() + body
    assert signed == "v1=" + hmac.new(hook["secret"].encode(), content, hashlib.sha256).hexdigest()
    said = json.loads(body)
    assert (said["kind"], said["project_name"], said["shot"]) == ("note.added", "The Long Night", shot)
    assert len(calls) == 1, "the shot's assignment was not asked for"
    assert "secret" not in studio.ok(studio.client.get("/webhooks"))[0]


def test_slack_gets_a_line_of_text(files_studio) -> None:
    studio, port = files_studio, free_port()
    asked = {"url": f"http://127.0.0.1:{port}/", "format": "slack", "kinds": ["project.created"]}
    hook = studio.ok(studio.client.post("/webhooks", json=asked))
    with listening(port) as calls:
        studio.ok(studio.client.post(f"/webhooks/{hook['id']}/test"))
        studio.until(lambda: len(calls) == 1)
        studio.ok(studio.client.post("/projects", json={"name": "Night <&> Day"}))
        studio.until(lambda: len(calls) == 2)
    assert json.loads(calls[0][1])["text"].startswith("*Roto hub* This is a test.")
    text = json.loads(calls[1][1])["text"]
    assert text.startswith("*Night &lt;&amp;&gt; Day* “Night &lt;&amp;&gt; Day” is new. <http://")


def test_what_cannot_be_delivered_is_tried_again_and_its_fault_is_shown(files_studio) -> None:
    studio, port = files_studio, free_port()
    asked = {"url": f"http://127.0.0.1:{port}/", "kinds": ["project.created"]}
    path = f"/webhooks/{studio.ok(studio.client.post('/webhooks', json=asked))['id']}"
    studio.ok(studio.client.post(f"{path}/test"))

    def delivery() -> dict[str, Any]:
        return studio.ok(studio.client.get(f"{path}/deliveries"))[0]

    studio.until(lambda: delivery()["fault"])
    assert "Connect" in delivery()["fault"]
    _make_due(studio)
    with listening(port, 500) as calls:
        studio.until(lambda: calls and "500" in delivery()["fault"])
    assert (delivery()["tries"], delivery()["arrived_at"]) == (2, None)
    _make_due(studio)
    with listening(port) as calls:
        studio.until(lambda: delivery()["arrived_at"])
    assert (len(calls), delivery()["due_at"], delivery()["fault"]) == (1, None, "")


def test_what_is_signed_goes_to_no_address_that_another_one_names(files_studio) -> None:
    studio, port, elsewhere = files_studio, free_port(), free_port()
    asked = {"url": f"http://127.0.0.1:{port}/", "kinds": ["project.created"]}
    path = f"/webhooks/{studio.ok(studio.client.post('/webhooks', json=asked))['id']}"
    with listening(elsewhere) as others, listening(port, 307, f"http://127.0.0.1:{elsewhere}/"):
        studio.ok(studio.client.post(f"{path}/test"))
        studio.until(lambda: studio.ok(studio.client.get(f"{path}/deliveries"))[0]["fault"] == "It answered 307.")
    assert others == []


def test_a_new_version_is_told_to_who_reviews_it_and_not_to_reviewers_of_other_projects(files_studio) -> None:
    studio = files_studio
    artist, ids = with_artist(studio)
    other = studio.ok(studio.client.post("/projects", json={"name": "other"}))["id"]
    team = studio.ok(studio.client.post("/teams", json={"name": "Leads"}))["id"]
    cyd = studio.ok(studio.as_member(ids["project_id"], "viewer", "cyd").get("/me"))["id"]
    studio.client.put(f"/teams/{team}/members/{cyd}")
    studio.client.put(f"/projects/{other}/teams/{team}", json={"role": "supervisor"})
    assert _told_of_version(studio, ids) == {studio.ok(client.get("/me"))["id"] for client in (studio.client, artist)}
    studio.client.put(f"/projects/{ids['project_id']}/teams/{team}", json={"role": "supervisor"})
    assert cyd in _told_of_version(studio, ids)


def _told_of_version(studio: Studio, ids: dict[str, str]) -> frozenset[str]:
    with studio.app.state.hub.database.begin() as session:
        data = {"shot": ids["shot_id"], "number": 1}
        event = append_event(session, "version.created", ids["version_id"], ids["project_id"], **data)
        said = wording.told(session, event)
        assert said is not None
        return said.users


def test_a_judgement_is_told_with_its_own_reason_and_a_job_s_end_where_it_was_waited_for(files_studio) -> None:
    ids = with_artist(files_studio)[1]
    with files_studio.app.state.hub.database.begin() as session:
        ada, version = session.query(User).where(User.is_admin).one(), session.get(Version, ids["version_id"])
        for revision, reason in enumerate(("The ears.", "The hand."), 1):
            reviews.judge(session, ada, version, session.get(Shot, ids["shot_id"]), revision, "retake", reason)
        assert _last_told(session).text == "“sh010” needs a retake: The hand."
        job = session.get(Job, ids["job_id"])
        job.user_id = ada.id
        users = []
        for kind in ("segment", "export"):
            job.kind = kind
            jobs.finish(session, job, {})
            users.append(_last_told(session).users)
        assert users == [frozenset(), {ada.id}], "of a segmentation its version is told"


def _last_told(session: Session) -> wording.Told:
    said = wording.told(session, session.query(Event).order_by(Event.id.desc()).limit(1).one())
    assert said is not None
    return said


def test_a_delivery_is_tried_again_after_twice_the_pause_and_given_up_in_the_end(files_studio) -> None:
    pauses = []
    with files_studio.app.state.hub.database.begin() as session:
        for tries in range(1, TRIES + 1):
            delivery = Delivery(address="a@x.example", content={}, tries=tries, due_at=None)
            session.add(delivery)
            session.flush()
            note_result(session, delivery.id, "It does not answer.")
            pauses.append(None if delivery.due_at is None else round((delivery.due_at - now()).total_seconds()))
            session.delete(delivery)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, None]


def test_a_webhook_of_a_project_is_told_of_that_one_and_has_its_own_deliveries(files_studio) -> None:
    studio = files_studio
    one, other = (studio.ok(studio.client.post("/projects", json={"name": name}))["id"] for name in ("one", "other"))
    hooks = []
    for project in (one, other):
        asked = {"url": f"http://127.0.0.1:{free_port()}/", "kinds": ["shot.created"], "project_id": project}
        hooks.append(studio.ok(studio.client.post("/webhooks", json=asked))["id"])
    for name in ("a", "b"):
        data = {"name": name, "file_name": "a.mov", "size": 5}
        studio.ok(studio.client.post(f"/projects/{one}/shots", data=data))
    studio.until(lambda: _is_told(studio))
    with studio.app.state.hub.database.read() as session:
        told = [(row.webhook_id, row.content["text"]) for row in session.query(Delivery).order_by(Delivery.id)]
    assert told == [(hooks[0], "“a” is new."), (hooks[0], "“b” is new.")]
    numbers = [[row["id"] for row in studio.ok(studio.client.get(f"/webhooks/{hook}/deliveries"))] for hook in hooks]
    assert numbers == [[2, 1], []]


def test_an_address_that_is_none_is_given_up_as_others_are(files_studio) -> None:
    studio = files_studio
    asked = {"url": f"http://{'a' * 200}.example/", "kinds": ["project.created"]}
    path = f"/webhooks/{studio.ok(studio.client.post('/webhooks', json=asked))['id']}"
    studio.ok(studio.client.post(f"{path}/test"))
    studio.until(lambda: studio.ok(studio.client.get(f"{path}/deliveries"))[0]["fault"].startswith("UnicodeError"))


def _make_due(studio: Studio) -> None:
    with studio.app.state.hub.database.begin() as session:
        session.query(Delivery).one().due_at = now()


def _asked_for_by(studio: Studio, artist: Any, session: Session, job_id: str) -> Job:
    job = session.get(Job, job_id)
    assert job is not None
    job.user_id = studio.ok(artist.get("/me"))["id"]
    return job


def test_a_failed_job_is_told_to_who_asked_for_it(files_studio) -> None:
    studio = files_studio
    artist, ids = with_artist(studio)
    with studio.app.state.hub.database.begin() as session:
        job = _asked_for_by(studio, artist, session, ids["job_id"])
        jobs.fail(session, job, "plate", "The plate has no frame 7.", "", is_machine=False)
    studio.until(lambda: "“sh010”: export failed. The plate has no frame 7." in texts(studio, artist))


def test_a_job_s_end_is_told_once_although_its_priority_is_changed_after_it(files_studio) -> None:
    studio = files_studio
    artist, ids = with_artist(studio)
    with studio.app.state.hub.database.begin() as session:
        job = _asked_for_by(studio, artist, session, ids["job_id"])
        jobs.finish(session, job, {})
    studio.ok(studio.client.patch(f"/jobs/{ids['job_id']}", json={"priority": 90}))
    studio.until(lambda: _is_told(studio))
    assert texts(studio, artist).count("“sh010”: export is done.") == 1


def test_two_hubs_beside_one_another_tell_everything_once(studio, tmp_path) -> None:
    twin = Studio(studio.settings.model_copy(update={"port": free_port()}), tmp_path)
    try:
        artist, ids = with_artist(studio)
        for number in range(20):
            studio.ok(studio.client.post(f"/versions/{ids['version_id']}/notes", json={"text": f"note {number}"}))
        studio.until(lambda: len(texts(studio, artist)) >= 21)
        assert sorted(set(texts(studio, artist))) == sorted(texts(studio, artist)), "nothing twice"
    finally:
        twin.close()
