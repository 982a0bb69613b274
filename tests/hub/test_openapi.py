"""The interface as it is described: complete, and whatever a client sends, nothing breaks."""

from __future__ import annotations

import json
import re

import pytest
import schemathesis
from hub_studio import Studio, make_settings
from hypothesis import HealthCheck, Phase, given, settings

ENDLESS = "/api/v1/events"
EXAMPLES = 20


@pytest.fixture(scope="module")
def open_studio(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("openapi")
    studio = Studio(make_settings(folder), folder)
    studio.set_up()
    yield studio
    studio.close()


@pytest.fixture(scope="module")
def described(open_studio):
    return schemathesis.openapi.from_url(f"{open_studio.url}/api/v1/openapi.json").exclude(path=ENDLESS)


def test_whatever_is_sent_is_answered_and_nothing_breaks(described, open_studio) -> None:
    authorization = {"Authorization": open_studio.client.headers["Authorization"]}
    project = open_studio.ok(open_studio.client.post("/projects", json={"name": "one"}))["id"]
    real, tried = open_studio.fill(project), 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def answered(case) -> None:
            case.path_parameters.update({name: real[name] for name in case.path_parameters if name in real})
            answer = case.call(headers=authorization, timeout=20)
            assert answer.status_code < 500, f"{case.as_curl_command()}: {answer.text}"

        answered()
        tried += 1
    assert tried > 40


def test_every_endpoint_says_what_it_does_what_it_answers_and_what_may_go_wrong(open_studio) -> None:
    document = open_studio.ok(open_studio.client.get("/openapi.json"))
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            assert said.get("description"), f"{method} {path}"
            assert any(code.startswith(("2", "3")) for code in said["responses"]), f"{method} {path}"
            if path.startswith("/api/v1"):
                problem = said["responses"]["404"]["content"]["application/problem+json"]
                assert problem["schema"]["properties"]["code"], f"{method} {path}"


def bodies(document):
    """Every body that is asked for as JSON: method, path, its schema."""
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            schema = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if "$ref" in schema:
                yield method, path, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def test_every_body_is_shown_with_an_example_that_is_taken(open_studio) -> None:
    document = open_studio.ok(open_studio.client.get("/openapi.json"))
    tried = 0
    for method, path, schema in bodies(document):
        (shown,) = schema["examples"]
        if path in ("/api/v1/logout", "/api/v1/me/password"):
            continue  # they would end this log-in
        answer = open_studio.client.request(method, re.sub(r"{\w+}", "1", path.removeprefix("/api/v1")), json=shown)
        assert answer.json().get("code") != "invalid" if answer.content else True, f"{method} {path}: {answer.text}"
        tried += 1
    assert tried > 25


def test_the_postman_collection_has_every_endpoint_and_its_requests_are_taken(open_studio) -> None:
    document = open_studio.ok(open_studio.client.get("/openapi.json"))
    kept = open_studio.ok(open_studio.client.get("/postman.json"))
    requests = [item["request"] for folder in kept["item"] for item in folder["item"]]
    assert len(requests) == sum(len(methods) for methods in document["paths"].values())
    values = {one["key"]: one["value"] for one in kept["variable"]}
    for request in requests:
        if request["method"] != "GET" or request["url"]["variable"] or request["url"]["raw"].endswith("/events"):
            continue
        sent = {one["key"]: one["value"] for one in request["url"]["query"] if not one["disabled"]}
        answer = open_studio.client.get(request["url"]["raw"].replace("{{base}}", values["base"]), params=sent)
        assert answer.status_code == 200, request["url"]["raw"]
    (log_in,) = [item for folder in kept["item"] for item in folder["item"] if item["name"] == "Log In"]
    assert json.loads(log_in["request"]["body"]["raw"])["email"] == "ada@studio.example"
    assert "access" in log_in["event"][0]["script"]["exec"][0]
