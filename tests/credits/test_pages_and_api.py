"""Credit projects in the browser and over the API: who may what, what is said, what is kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from registry.credits import issuing, projects
from registry.models import CreditIssue, Project
from tests.support.registry import Registry, beijing, make_registry

People = Callable[..., Client]
PROJECT = {
    "code": "CCER-W-1", "scheme": "ccer", "name_zh": "海上风电", "name_en": "Offshore wind", "owner": "jianghai",
    "methodology": "CCER-01-002-V01", "sector": "energy", "province": "310000", "registered_on": "2025-03-01",
}  # fmt: skip
ISSUE = {
    "period_from": "2025-01-01", "period_to": "2025-12-31", "verified_t": 1_200, "quantity_t": 1_000,
    "reason": "verified",
}  # fmt: skip
JSON = "application/json"


@pytest.fixture
def registry(db: None) -> Registry:
    return make_registry()


@pytest.fixture
def as_person(registry: Registry) -> People:
    def sign_in(name: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        if name:
            client.force_login(registry.people[name])
        return client

    return sign_in


@pytest.fixture
def project(registry: Registry) -> Project:
    fields: dict[str, Any] = {**PROJECT, "registered_on": dt.date(2025, 3, 1), "in_covered_sector": False}
    return projects.register(**fields, by=registry.people["issuer@registry"], at=beijing(2026, 3, 2))


@pytest.fixture
def issue(registry: Registry, project: Project) -> CreditIssue:
    return issuing.submit(
        project, period_from=dt.date(2025, 1, 1), period_to=dt.date(2025, 12, 31), verified_t=1_200, quantity_t=1_000,
        by=registry.people["issuer@registry"], reason="verified", at=beijing(2026, 3, 2),
    )  # fmt: skip


def test_through_the_browser_by_two_people(registry: Registry, as_person: People) -> None:
    issuer = as_person("issuer@registry")
    assert (
        issuer.post("/registry/credits/new/", PROJECT).headers["Location"]
        == "/registry/credits/projects/CCER-W-1/"
    )
    assert issuer.post("/registry/credits/projects/CCER-W-1/", ISSUE).status_code == 302
    asked = CreditIssue.objects.get()
    inbox = as_person("checker@registry").get("/inbox/").text
    assert "1,000 t of CCER to jianghai Power" in inbox
    decided = as_person("checker@registry").post(
        f"/inbox/{asked.request_id}/", {"verdict": "approve", "reason": "checked"}
    )
    assert decided.status_code == 302
    assert registry.balance("jianghai", "CCER") == 1_000
    assert "1–1000" in issuer.get("/registry/credits/projects/CCER-W-1/").text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is no active organisation"), ("zh-CN", "没有该代码且可持有")]
)
def test_a_refused_form_keeps_what_was_typed(as_person: People, language: str, words: str) -> None:
    answer = as_person("issuer@registry", language).post(
        "/registry/credits/new/", {**PROJECT, "owner": "nobody"}
    )
    assert answer.status_code == 400
    assert words in answer.text
    assert 'value="海上风电"' in answer.text
    assert not Project.objects.exists()


def test_who_may_open_and_post_which_page(registry: Registry, as_person: People, project: Project) -> None:
    of = "/registry/credits/projects/CCER-W-1/"
    assert as_person("").get("/registry/credits/").status_code == 302
    assert as_person("").get(of).status_code == 302
    for name in registry.people:
        client, issuer = as_person(name), name.startswith("issuer@")
        assert client.get("/registry/credits/").status_code == 200
        assert client.get("/registry/credits/?as=xlsx").status_code == 200
        assert client.get(of).status_code == 200
        assert client.get("/registry/credits/new/").status_code == (200 if issuer else 403), name
        assert client.post(of, {}).status_code == (400 if issuer else 403), name
    assert as_person("issuer@registry").get("/registry/credits/projects/none/").status_code == 404


def test_what_waits_is_seen_by_its_owner_and_the_offices(as_person: People, issue: CreditIssue) -> None:
    url = f"/api/v1/credits/issues/{issue.pk}/"
    for name in ("issuer@registry", "checker@registry", "regulator@mee", "trader@jianghai"):
        assert as_person(name).get(url).json()["state"] == "waiting", name
    for name in ("trader@yunling", "regulator@shanghai"):
        assert as_person(name).get(url).status_code == 404, name
        assert as_person(name).get("/api/v1/credits/issues/").json()["results"] == []
    assert as_person("").get("/api/v1/credits/projects/CCER-W-1/").json()["issues"] == []
    assert as_person("").get("/public/projects/CCER-W-1/").context["issues"] == []
    assert as_person("").get("/api/v1/credits/issues/").status_code in {401, 403}


def test_the_api_from_project_to_units(registry: Registry, as_person: People) -> None:
    issuer, checker = as_person("issuer@registry"), as_person("checker@registry")
    made = issuer.post(
        "/api/v1/credits/projects/", {**PROJECT, "in_covered_sector": False}, content_type=JSON
    )
    assert (made.status_code, made.json()["asset"]) == (201, "CCER")
    asked = issuer.post("/api/v1/credits/issues/", {**ISSUE, "project": "CCER-W-1"}, content_type=JSON)
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting")
    url = f"/api/v1/credits/issues/{asked.json()['id']}/approve/"
    same = issuer.post(url, {"reason": "I may not"}, content_type=JSON)
    assert (same.status_code, same.json()["code"]) == (403, "ROLE_MISSING")
    done = checker.post(url, {"reason": "checked"}, content_type=JSON).json()
    assert (done["state"], done["serial_first"], done["serial_last"]) == ("issued", 1, 1_000)
    assert checker.post(url, {"reason": "again"}, content_type=JSON).status_code == 409
    (listed,) = as_person("").get("/api/v1/credits/projects/").json()["results"]
    assert listed["issued_t"] == 1_000
    assert registry.balance("jianghai", "CCER") == 1_000


@pytest.mark.parametrize(
    "name", ["", "checker@registry", "trader@jianghai", "regulator@mee", "approver@shanghai"]
)
def test_nobody_else_writes(as_person: People, issue: CreditIssue, name: str) -> None:
    client = as_person(name)
    body: dict[str, Any] = {**PROJECT, "code": "X", "in_covered_sector": False}
    assert client.post("/api/v1/credits/projects/", body, content_type=JSON).status_code in {401, 403}
    body = {**ISSUE, "project": "CCER-W-1"}
    assert client.post("/api/v1/credits/issues/", body, content_type=JSON).status_code in {401, 403}
    if name != "checker@registry":
        for verdict in ("approve", "refuse"):
            url = f"/api/v1/credits/issues/{issue.pk}/{verdict}/"
            assert client.post(url, {"reason": "r"}, content_type=JSON).status_code in {401, 403, 404}
    assert CreditIssue.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"quantity_t": "1"}, "quantity_t"), ({"project": "none"}, "project"), ({"period_to": 2025}, "period_to"),
     ({"colour": "red"}, "colour"), ({"quantity_t": 5_000}, "quantity_t")],
)  # fmt: skip
def test_a_wrong_body_names_the_field(
    as_person: People, project: Project, changes: dict[str, Any], field: str
) -> None:
    body = {**ISSUE, "project": "CCER-W-1", **changes}
    answer = as_person("issuer@registry").post("/api/v1/credits/issues/", body, content_type=JSON)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not CreditIssue.objects.exists()
