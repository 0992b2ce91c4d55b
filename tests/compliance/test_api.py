"""Obligations, surrenders and shortfalls through the API, by the people involved and by those who are not."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import clock
from registry.compliance import deadline
from registry.compliance.models import Deadline
from tests.compliance.conftest import year_of
from tests.support.clients import speak
from tests.support.registry import Registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_year(made: Registry) -> Registry:
    """2025 is open whenever this runs."""
    Deadline.objects.filter(year=2025).update(day=clock.now().date().replace(month=12, day=31))
    return made


def client(made: Registry, who: str, **options: Any) -> APIClient:
    return speak(made.people[who], **options)


def body(quantity_t: int = 20_000, **more: object) -> dict[str, object]:
    lines = [{"asset": "CEA25", "quantity": quantity_t}]
    return {"year": 2025, "lines": lines, "reason": "for 2025", **more}


def test_a_year_from_its_need_to_the_certificate(open_year: Registry) -> None:
    asks = client(open_year, "initiator@jianghai")
    read = asks.get("/api/v1/obligations/2025/").json()
    assert (read["need"], read["surrendered"], read["gap"], read["state"]) == (60_000, 0, 60_000, "open")
    # 50 000 CEA25 and, of 10 000 CCER, the 3 000 that the cap takes.
    assert (read["have"], read["room"]) == (53_000, 60_000)
    assert read["credit_room"] == {"cap": 3_000, "used": 0, "left": 3_000, "held": 10_000}
    accepted = {line["asset"]: line["accepted"] for line in read["holdings"]}
    assert accepted == {"CEA23": "too_early", "CEA24": "too_early", "CEA25": "allowance", "CCER": "credit"}

    wanted = body(50_000, id="s-1")
    wanted["lines"] = [{"asset": "CEA25", "quantity": 50_000}, {"asset": "CCER", "quantity": 3_000}]
    answer = asks.post("/api/v1/surrenders/", wanted, format="json")
    assert answer.status_code == 201, answer.json()
    number = answer.json()["number"]
    assert asks.post("/api/v1/surrenders/", wanted, format="json").status_code == 200

    for who, state in (("approver@jianghai", "pending"), ("approver@shanghai", "approved")):
        decided = client(open_year, who).post(
            f"/api/v1/surrenders/{number}/approve/", {"reason": "checked"}, format="json"
        )
        assert (decided.status_code, decided.json()["state"]) == (200, state)
    listed = asks.get("/api/v1/obligations/?year=2025").json()["results"]
    assert [(row["surrendered"], row["credits"], row["state"], row["gap"]) for row in listed] == [
        (53_000, 3_000, "part", 7_000)
    ]


def test_refusals_name_their_rule(open_year: Registry) -> None:
    asks = client(open_year, "initiator@jianghai")
    answer = asks.post("/api/v1/surrenders/", body(60_001), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "OBLIGATION_EXCEEDED")
    answer = asks.post("/api/v1/surrenders/", body(reason=""), format="json")
    assert answer.status_code == 400
    answer = client(open_year, "trader@jianghai").post("/api/v1/surrenders/", body(), format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_MISSING")
    assert client(open_year, "initiator@jianghai", scopes=("read",)).post(
        "/api/v1/surrenders/", body(), format="json"
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2025"}, {"lines": []}, {"lines": [{"asset": "CEA25", "quantity": 1.0}]},
        {"lines": [{"asset": "CEA25", "quantity": 1}, {"asset": "CEA25", "quantity": 2}]}, {"other": 1},
        {"lines": [{"asset": "CEA25", "quantity": 0}]}, {"id": "sp ace"}, {"documents": [999]},
    ],
)  # fmt: skip
def test_wrong_bodies_are_refused(open_year: Registry, wrong: dict[str, object]) -> None:
    answer = client(open_year, "initiator@jianghai").post(
        "/api/v1/surrenders/", body() | wrong, format="json"
    )
    assert answer.status_code in {400, 409}, answer.content
    assert year_of(open_year, year=2025).pending_t == 0


def test_others_see_nothing(open_year: Registry) -> None:
    number = client(open_year, "initiator@jianghai").post(
        "/api/v1/surrenders/", body(), format="json"
    ).json()["number"]  # fmt: skip
    stranger = client(open_year, "approver@yunling")
    assert stranger.get("/api/v1/obligations/2025/").status_code == 404
    listed = stranger.get("/api/v1/obligations/?emitter=jianghai").json()["results"]
    assert listed == []
    assert stranger.get("/api/v1/surrenders/").json()["results"] == []
    for path in ("", "approve/", "refuse/", "withdraw/"):
        address = f"/api/v1/surrenders/{number}/{path}"
        answer = stranger.post(address, {"reason": "mine"}, format="json") if path else stranger.get(address)
        assert answer.status_code == 404
    other = client(open_year, "approver@yunnan")
    assert other.get("/api/v1/surrenders/").json()["results"] == []
    assert other.post(
        f"/api/v1/surrenders/{number}/approve/", {"reason": "x"}, format="json"
    ).status_code == 404  # fmt: skip
    for who in ("regulator@shanghai", "regulator@mee", "checker@registry", "initiator@jianghai"):
        assert len(client(open_year, who).get("/api/v1/surrenders/").json()["results"]) == 1
    assert APIClient().get("/api/v1/obligations/").status_code == 401


def test_withdrawing_gives_back(open_year: Registry) -> None:
    asks = client(open_year, "initiator@jianghai")
    number = asks.post("/api/v1/surrenders/", body(), format="json").json()["number"]
    assert open_year.balance("jianghai", "CEA25") == 30_000
    answer = asks.post(f"/api/v1/surrenders/{number}/withdraw/", {"reason": "later"}, format="json")
    assert answer.json()["state"] == "withdrawn"
    assert open_year.balance("jianghai", "CEA25") == 50_000


def test_shortfalls_with_their_rights(made: Registry) -> None:
    made.year("yunling", 2023, obligation_t=5)
    Deadline.objects.create(year=2023, day="2024-12-31")
    deadline.pass_deadline(2023, clock.now())
    for who, count in (("regulator@shanghai", 1), ("regulator@yunnan", 0), ("approver@yunling", 1),
                       ("approver@jianghai", 0), ("regulator@mee", 1)):  # fmt: skip
        listed = client(made, who).get("/api/v1/shortfalls/").json()["results"]
        assert len(listed) == count, who
    assert listed[0]["fine_low"] is None
    assert listed[0]["missing"] == 5


def test_a_province_proposes_and_the_nation_decides(made: Registry) -> None:
    Deadline.objects.create(year=2022, day="2023-12-31")
    made.year("yunling", 2022, obligation_t=500)
    deadline.pass_deadline(2022, clock.now())
    number = year_of(made, "yunling", 2022).shortfall.pk
    address = f"/api/v1/shortfalls/{number}/"
    wanted = {"fine": "25000.00", "deduction": 0, "decision": "沪环罚 1", "reason": "late"}

    def says(who: str, act: str, **changes: object) -> Any:
        body = {**wanted, **changes} if act == "propose" else {"reason": "checked"}
        return client(made, who).post(f"{address}{act}/", body, format="json")

    assert says("regulator@shanghai", "approve").json()["code"] == "NOT_PENDING"
    for field, value in (("fine", "25000"), ("deduction", "0"), ("decision", ""), ("documents", [10**9])):
        refused = says("regulator@shanghai", "propose", **{field: value})
        assert (refused.status_code, set(refused.json()["errors"])) == (400, {field})
    for fine in ("19999.99", "30000.01"):
        refused = says("regulator@shanghai", "propose", fine=fine)
        assert (refused.status_code, refused.json()["code"]) == (409, "FINE_OUT_OF_BOUNDS")
    for who, status in (
        ("regulator@mee", 403),
        ("regulator@yunnan", 404),
        ("approver@yunling", 403),
        ("approver@jianghai", 404),
    ):
        assert says(who, "propose").status_code == status, who
    proposed = says("regulator@shanghai", "propose")
    assert (proposed.status_code, proposed.json()["state"], proposed.json()["fine"]) == (
        201,
        "proposed",
        None,
    )
    assert says("regulator@shanghai", "propose").json()["code"] == "NOT_OPEN"
    assert client(made, "approver@yunling").get(address).json()["request"] is None, "no decision yet"
    assert says("regulator@shanghai", "approve").status_code == 403
    decided = says("approver@mee", "approve").json()
    assert (decided["state"], decided["fine"], decided["decision"]) == ("decided", "25000.00", "沪环罚 1")
    assert client(made, "approver@yunling").get(address).json()["fine"] == "25000.00"


@pytest.mark.parametrize(
    "address", ["obligations/?state=none", "surrenders/?state=none", "shortfalls/?year=x"]
)
def test_wrong_filters_are_said(made: Registry, address: str) -> None:
    assert client(made, "regulator@mee").get(f"/api/v1/{address}").status_code == 400
