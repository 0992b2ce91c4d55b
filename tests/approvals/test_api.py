"""Requests through the API: the same rules, as problems with codes."""

import pytest

from accounts.approvals.models import Request
from tests.approvals.conftest import HOLDING_T, Cast, balance
from tests.support.clients import speak

REASON = {"reason": "looked at it"}


def test_the_boxes(cast: Cast) -> None:
    request = cast.ask(400)
    for who, box, found in (
        ("approves", "waiting", [request.pk]), ("asks", "waiting", []), ("asks", "sent", [request.pk]),
        ("approves", "sent", []), ("looks", "own", [request.pk]), ("nation", "all", [request.pk]),
        ("stranger", "all", []), ("yunnan", "all", []),
    ):  # fmt: skip
        answer = speak(cast[who]).get(f"/api/v1/requests/?box={box}").json()
        assert [row["id"] for row in answer["results"]] == found, (who, box)


def test_filters(cast: Cast) -> None:
    cast.ask()
    client = speak(cast["asks"])
    assert (
        len(
            client.get("/api/v1/requests/?state=pending&kind=test.parking&organisation=plant").json()[
                "results"
            ]
        )
        == 1
    )
    assert client.get("/api/v1/requests/?state=approved").json()["results"] == []
    wrong = client.get("/api/v1/requests/?box=attic")
    assert (wrong.status_code, "box" in wrong.json()["errors"]) == (400, True)


def test_one_request_says_all_of_it(cast: Cast) -> None:
    request = cast.ask(400)
    shown = speak(cast["approves"]).get(f"/api/v1/requests/{request.pk}/").json()
    assert shown["summary"] == "Parks 400 t of plant House"
    assert shown["changes"] == [{"what": "CEA frozen", "before": "0 t", "after": "400 t"}]
    assert (shown["state"], shown["may_decide"], shown["may_withdraw"]) == ("pending", True, False)
    assert [line["verdict"] for line in shown["history"]] == ["asked"]
    assert shown["requested_at"].endswith("+08:00")


def test_approval_has_its_effect(cast: Cast) -> None:
    request = cast.ask(400)
    done = speak(cast["approves"]).post(f"/api/v1/requests/{request.pk}/approve/", REASON, format="json")
    assert (done.status_code, done.json()["state"], balance("frozen")) == (200, "approved", 400)
    again = speak(cast["second"]).post(f"/api/v1/requests/{request.pk}/refuse/", REASON, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "NOT_PENDING")


def test_withdrawal_gives_back(cast: Cast) -> None:
    request = cast.ask(400)
    done = speak(cast["asks"]).post(f"/api/v1/requests/{request.pk}/withdraw/", REASON, format="json")
    assert (done.status_code, balance("registry")) == (200, HOLDING_T + 400)


@pytest.mark.parametrize("verdict", ["approve", "refuse", "withdraw"])
def test_outsiders_get_404(cast: Cast, verdict: str) -> None:
    request = cast.ask()
    client = speak(cast["stranger"])
    assert client.get(f"/api/v1/requests/{request.pk}/").status_code == 404
    assert client.post(f"/api/v1/requests/{request.pk}/{verdict}/", REASON, format="json").status_code == 404
    assert client.post(f"/api/v1/requests/{10**30}/{verdict}/", REASON, format="json").status_code == 404


@pytest.mark.parametrize(
    ("who", "code"), [("asks", "ROLE_MISSING"), ("looks", "ROLE_MISSING"), ("nation", "NOT_YOURS")]
)
def test_who_sees_it_but_may_not_decide_gets_403(cast: Cast, who: str, code: str) -> None:
    request = cast.ask()
    answer = speak(cast[who]).post(f"/api/v1/requests/{request.pk}/approve/", REASON, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_a_key_needs_the_scope(cast: Cast) -> None:
    request = cast.ask()
    for scopes in (("read",), ("read", "trade")):
        answer = speak(cast["approves"], scopes).post(
            f"/api/v1/requests/{request.pk}/approve/", REASON, format="json"
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "SCOPE_MISSING")
    assert Request.objects.get(pk=request.pk).state == "pending"


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": " "}, {"reason": 5}, {"reason": "x", "by": 1}]
)
def test_a_body_is_a_reason_and_nothing_else(cast: Cast, body: dict[str, object]) -> None:
    request = cast.ask()
    answer = speak(cast["approves"]).post(f"/api/v1/requests/{request.pk}/approve/", body, format="json")
    assert (answer.status_code, Request.objects.get(pk=request.pk).state) == (400, "pending")


def test_an_effect_that_is_refused_is_a_problem(cast: Cast) -> None:
    request = cast.ask(HOLDING_T + 1)
    answer = speak(cast["approves"]).post(f"/api/v1/requests/{request.pk}/approve/", REASON, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "INSUFFICIENT_HOLDINGS")
    assert Request.objects.get(pk=request.pk).state == "pending"
