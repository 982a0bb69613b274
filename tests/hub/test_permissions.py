"""Who may call what: the table is a golden file, and every row of it is tried by every role."""

from __future__ import annotations

import re
from pathlib import Path

from roto_hub.app import ROUTERS
from roto_hub.auth.table import permission_table

GOLDEN = Path(__file__).parents[1] / "golden" / "hub-permissions.txt"
ROLES = ("stranger", "viewer", "artist", "supervisor", "admin")
ELSEWHERE = ("/setup", "/login", "/refresh", "/logout", "/invitations/accept", "/events")
"""Tried where they belong: they take tokens in other ways, or never end."""


def test_the_table_is_the_one_that_was_reviewed() -> None:
    assert permission_table(ROUTERS) == GOLDEN.read_text(encoding="utf-8")


def rows() -> list[tuple[str, str, dict[str, bool]]]:
    found = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]:
        method, path, *marks = line.split()
        found.append((method, path, dict(zip(ROLES, (mark == "yes" for mark in marks), strict=True))))
    tried = [row for row in found if row[1] not in ELSEWHERE]
    return sorted(tried, key=lambda row: row[0] == "DELETE")  # last: what is gone answers nobody


def test_every_row_is_kept_for_every_role(files_studio) -> None:
    studio = files_studio
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    other = studio.ok(studio.client.post("/projects", json={"name": "other"}))["id"]
    ids = studio.fill(project)
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
