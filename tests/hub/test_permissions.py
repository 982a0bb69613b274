"""Who may call what: the table is a golden file, and every row of it is tried by every role."""

from __future__ import annotations

import re
from pathlib import Path

from roto_hub.app import ROUTERS
from roto_hub.auth.table import permission_table
from roto_hub.db.models import Job, Shot, Upload, Version

GOLDEN = Path(__file__).parents[1] / "golden" / "hub-permissions.txt"
ROLES = ("stranger", "viewer", "artist", "supervisor", "admin")
ELSEWHERE = ("/setup", "/login", "/refresh", "/logout", "/events")
"""Tried where they belong: they take tokens in other ways, or never end."""


def test_the_table_is_the_one_that_was_reviewed() -> None:
    assert permission_table(ROUTERS) == GOLDEN.read_text(encoding="utf-8")


def rows() -> list[tuple[str, str, dict[str, bool]]]:
    found = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]:
        method, path, *marks = line.split()
        found.append((method, path, dict(zip(ROLES, (mark == "yes" for mark in marks), strict=True))))
    return [row for row in found if row[1] not in ELSEWHERE]


def fill(studio, project: str) -> dict[str, str]:
    """One of everything, as rows of the database."""
    with studio.app.state.hub.database.begin() as session:
        shot = Shot(project_id=project, name="sh010", state="ready", first_frame=1, last_frame=9)
        session.add(shot)
        session.flush()
        job = Job(project_id=project, shot_id=shot.id, kind="export", request={}, depends_on=[], state="done")
        upload = Upload(shot_id=shot.id, file_name="a.mov", size=10)
        session.add_all([job, upload])
        session.flush()
        version = Version(shot_id=shot.id, job_id=job.id, number=1, folder="none", objects=[])
        session.add(version)
        session.flush()
        return {
            "project_id": project,
            "shot_id": shot.id,
            "job_id": job.id,
            "upload_id": upload.id,
            "version_id": version.id,
        }


def test_every_row_is_kept_for_every_role(files_studio) -> None:
    studio = files_studio
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    other = studio.ok(studio.client.post("/projects", json={"name": "other"}))["id"]
    ids = fill(studio, project)
    clients = {role: studio.as_member(project, role, role) for role in ROLES[1:4]}
    clients["admin"] = studio.client
    clients["stranger"] = studio.as_bearer("")
    outsider = studio.as_member(other, "supervisor", "outsider")
    wrong = []
    for method, path, allowed in rows():
        address = re.sub(r"\{(\w+)(:path)?\}", lambda found: ids.get(found[1], "1"), path)
        for role in ROLES:
            status = clients[role].request(method, address).status_code
            is_let_in = status not in (401, 403)
            if is_let_in != allowed[role] or (role == "stranger" and not allowed[role] and status != 401):
                wrong.append((role, method, path, status))
        names_project = any(f"{{{name}}}" in path for name in ids)
        if names_project and (status := outsider.request(method, address).status_code) != 404:
            wrong.append(("outsider", method, path, status))
    assert wrong == []
