"""Emitters, figures and objections through the API: the pages' rights, whole answers to wrong questions."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from registry.emitters import activity
from registry.emitters.figures import Figures
from registry.models import ActivityReport, Unit
from tests.support.clients import speak
from tests.support.registry import Registry, beijing

REGULATOR = "regulator@shanghai"
BODY = {
    "emitter": "jianghai", "unit": "1#", "year": 2024, "verified_t": 2_650_000, "generation_mwh": "3000000",
    "supply_mwh": "2820000.5", "heat_gj": "1000000", "load_factor": "0.60", "heat_ratio": "0.05",
}  # fmt: skip
Client = Callable[[str], APIClient]


def now() -> object:
    return beijing(2025, 6, 20)


@pytest.fixture(autouse=True)
def platform_time(settings: Settings) -> None:
    settings.PLATFORM_CLOCK = f"{__name__}.now"


@pytest.fixture
def client(registry: Registry) -> Client:
    return lambda person: speak(registry.people[person])


@pytest.fixture
def report(registry: Registry, unit: Unit, figures: Figures) -> ActivityReport:
    by = registry.people[REGULATOR]
    return activity.enter(unit, 2024, figures, by=by, reason="", at=beijing(2025, 6, 16))


def codes(answer: Any) -> set[str]:
    return {row.get("emitter") or row["code"] for row in answer.json()["results"]}


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("regulator@mee", {"jianghai", "hongta", "cangjiang"}), (REGULATOR, {"jianghai", "hongta"}),
        ("regulator@yunnan", {"cangjiang"}), ("trader@jianghai", {"jianghai"}),
        ("issuer@registry", {"jianghai", "hongta", "cangjiang"}),
    ],
)  # fmt: skip
def test_everybody_sees_what_concerns_them(
    client: Client, report: ActivityReport, person: str, seen: set[str]
) -> None:
    speaking = client(person)
    assert codes(speaking.get("/api/v1/emitters/")) == seen
    assert codes(speaking.get("/api/v1/emissions/")) == seen & {"jianghai"}
    for code in ("jianghai", "hongta", "cangjiang", "nobody"):
        assert speaking.get(f"/api/v1/emitters/{code}/").status_code == (200 if code in seen else 404)


def test_an_emitter_with_its_units_and_years(client: Client, registry: Registry) -> None:
    found = client(REGULATOR).get("/api/v1/emitters/jianghai/").json()
    assert found["years"] == [2024]
    assert [unit["class"] for unit in found["units"]] == ["I", "IV"]
    assert client(REGULATOR).get("/api/v1/emitters/?sector=steel").json()["results"][0]["code"] == "hongta"
    assert client(REGULATOR).get("/api/v1/emitters/?sector=paper").status_code == 400


def test_figures_are_entered_and_corrected_with_a_reason(client: Client, registry: Registry) -> None:
    province = client(REGULATOR)
    made = province.post("/api/v1/emissions/", BODY, format="json")
    assert (made.status_code, made.json()["version"], made.json()["supply_mwh"]) == (201, 1, "2820000.5")
    again = {**BODY, "verified_t": 2_600_000}
    refused = province.post("/api/v1/emissions/", again, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "REASON_MISSING")
    assert (
        province.post("/api/v1/emissions/", {**again, "reason": "meter"}, format="json").json()["version"]
        == 2
    )
    assert len(province.get("/api/v1/emissions/").json()["results"]) == 1
    assert len(province.get("/api/v1/emissions/?versions=all&year=2024").json()["results"]) == 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"verified_t": -1}, 400, "INVALID"), ({"verified_t": "5"}, 400, "INVALID"), ({"heat_gj": 5}, 400, "INVALID"),
        ({"load_factor": "60"}, 400, "WRONG_FIGURE"), ({"year": 2023}, 409, "NOT_COVERED"),
        ({"unit": "9#"}, 404, "NOT_FOUND"), ({"emitter": "cangjiang"}, 404, "NOT_FOUND"), ({"more": 1}, 400, "INVALID"),
    ],
)  # fmt: skip
def test_a_wrong_entry_changes_nothing(
    client: Client, registry: Registry, change: dict[str, Any], status: int, code: str
) -> None:
    answer = client(REGULATOR).post("/api/v1/emissions/", {**BODY, **change}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not ActivityReport.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("regulator@yunnan", 404),
        ("regulator@mee", 403),
        ("initiator@jianghai", 403),
        ("initiator@cangjiang", 404),
    ],
)
def test_others_enter_nothing(client: Client, registry: Registry, person: str, status: int) -> None:
    assert client(person).post("/api/v1/emissions/", BODY, format="json").status_code == status
    assert not ActivityReport.objects.exists()


def test_a_key_without_the_scope_enters_nothing(registry: Registry) -> None:
    reading = speak(registry.people[REGULATOR], scopes=("read",))
    assert reading.post("/api/v1/emissions/", BODY, format="json").json()["code"] == "SCOPE_MISSING"


def test_an_objection_from_its_beginning_to_its_end(client: Client, report: ActivityReport) -> None:
    emitter, province = client("initiator@jianghai"), client(REGULATOR)
    body = {"emission": report.pk, "words": "May twice", "claimed_t": 2_650_000}
    assert client("initiator@cangjiang").post("/api/v1/objections/", body, format="json").status_code == 404
    assert client("trader@jianghai").post("/api/v1/objections/", body, format="json").status_code == 403
    made = emitter.post("/api/v1/objections/", body, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "open")
    path = f"/api/v1/objections/{made.json()['id']}"
    answer = {"answer": "agreed", "verified_t": 2_650_000}
    assert client("regulator@yunnan").post(f"{path}/uphold/", answer, format="json").status_code == 404
    assert client("regulator@mee").post(f"{path}/uphold/", answer, format="json").status_code == 403
    assert emitter.post(f"{path}/dismiss/", {"answer": "no"}, format="json").status_code == 403
    assert province.post(f"{path}/uphold/", answer, format="json").json()["state"] == "upheld"
    again = province.post(f"{path}/dismiss/", {"answer": "no"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "NOT_OPEN")
    assert codes(emitter.get("/api/v1/objections/?state=upheld")) == {"jianghai"}
    assert codes(client("initiator@cangjiang").get("/api/v1/objections/")) == set()
