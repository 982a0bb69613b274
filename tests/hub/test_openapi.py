"""The interface as it is described: complete, and whatever a client sends, nothing breaks."""

from __future__ import annotations

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
            assert any(code.startswith("2") for code in said["responses"]), f"{method} {path}"
            if path.startswith("/api/v1"):
                problem = said["responses"]["404"]["content"]["application/problem+json"]
                assert problem["schema"]["properties"]["code"], f"{method} {path}"
