"""Plans and adjustments through the API: numbers, rights of each endpoint, what an emitter sees."""

import pytest

from registry.allocation.models import Adjustment, Plan
from registry.models import Transfer
from tests.issuance.conftest import Office
from tests.issuance.test_stages_issued import worked_year
from tests.support.clients import speak
from tests.support.registry import SHANGHAI, YUNNAN

BODY = {"year": 2024, "province": SHANGHAI, "sector": "power", "stage": "final"}
WHY = {"reason": "As worked out"}
OUTSIDERS = ("trader@jianghai", "approver@jianghai", "initiator@yunling")


@pytest.fixture
def office(office: Office) -> Office:
    worked_year(office)
    return office


def test_from_draft_to_holdings(office: Office) -> None:
    issuer, checker = speak(office["issuer@registry"]), speak(office["checker@registry"])
    made = issuer.post("/api/v1/allocations/", BODY, format="json")
    assert made.status_code == 201
    plan = made.json()
    assert (plan["state"], plan["asset"], plan["own"]) == ("draft", "CEA24", None)
    assert plan["totals"] == {
        "emitters": 1, "differentiated": 0, "verified": 2_700_000, "pre": 0, "final": 2_621_916,
        "issue": 2_621_916, "recall": 0, "uncollected": 0, "deducted": 0, "returned": 0,
    }  # fmt: skip
    path = f"/api/v1/allocations/{plan['id']}/"
    row = issuer.get(path + "rows/").json()["results"][0]
    assert (row["emitter"], row["final"], row["gap_rate_pct"]) == ("jianghai", 2_621_916, "2.89")
    detail = issuer.get(path + "rows/jianghai/").json()
    filled = [step["filled"].replace("\u00a0", " ") for step in detail["derivation"]["units"][0]["steps"]]
    assert "3 000 000 MWh × 0.7910 × 1.061364 = 2 518 616 t" in filled
    assert detail["derivation"]["units"][0]["source"]["version"] == 1
    stage = [step["filled"].replace("\u00a0", " ") for step in detail["derivation"]["stage"]]
    assert stage[-1] == "2 621 916 t − 0 t = 2 621 916 t"
    assert issuer.post(path + "send/", WHY, format="json").json()["state"] == "waiting"
    refused = issuer.post(path + "approve/", WHY, format="json")
    assert refused.status_code == 403
    assert checker.post(path + "approve/", {"reason": ""}, format="json").status_code == 400
    done = checker.post(path + "approve/", WHY, format="json")
    assert done.json()["state"] == "issued"
    assert office.made.balance("jianghai", "CEA24") == 2_621_916
    assert checker.post(path + "approve/", WHY, format="json").json()["code"] == "NOT_PENDING"


def test_an_emitter_sees_its_own_line_and_only_once_issued(office: Office) -> None:
    office.report("yunling", 2024, 800_000, generation_mwh="1000000", load_factor="0.9")
    plan = office.make(2024, "final")
    own = speak(office["trader@jianghai"])
    path = f"/api/v1/allocations/{plan.pk}/"
    assert own.get("/api/v1/allocations/").json()["results"] == []
    assert own.get(path).status_code == 404
    office.approve(office.send(plan))
    (seen,) = own.get("/api/v1/allocations/").json()["results"]
    assert (seen["totals"], seen["made_by"], seen["request"]) == (None, None, None)
    assert (seen["own"]["emitter"], seen["own"]["final"]) == ("jianghai", 2_621_916)
    assert seen["own"]["derivation"]["units"][0]["unit"] == "U1"
    assert own.get(path).json() == seen
    assert [row["emitter"] for row in own.get(path + "rows/").json()["results"]] == ["jianghai"]
    assert own.get(path + "rows/yunling/").status_code == 404
    assert own.get(path + "rows/jianghai/").status_code == 200
    everything = own.get("/api/v1/allocations/").text + own.get(path).text + own.get(path + "rows/").text
    assert "yunling" not in everything
    assert "791000" not in everything


def test_a_province_sees_its_own_and_the_nation_all(office: Office) -> None:
    plan = office.make(2024, "final")
    path = f"/api/v1/allocations/{plan.pk}/"
    for name, status in (
        ("regulator@shanghai", 200), ("regulator@mee", 200), ("checker@registry", 200),
        ("regulator@yunnan", 404), ("initiator@yunling", 404),
    ):  # fmt: skip
        client = speak(office[name])
        assert client.get(path).status_code == status, name
        assert client.get(path + "rows/").status_code == status, name
        assert len(client.get("/api/v1/allocations/").json()["results"]) == (status == 200), name
    by_year = speak(office["regulator@mee"])
    assert by_year.get("/api/v1/allocations/?year=2023").json()["results"] == []
    assert by_year.get("/api/v1/allocations/?year=x").status_code == 400


@pytest.mark.parametrize("action", ["send", "drop", "approve", "refuse", "withdraw", "differentiate"])
def test_nobody_else_acts(office: Office, action: str) -> None:
    plan = office.make(2024, "final")
    body = {"emitter": "jianghai", "ground": "arrears", **WHY} if action == "differentiate" else WHY
    for name in (*OUTSIDERS, "regulator@yunnan"):
        answer = speak(office[name]).post(f"/api/v1/allocations/{plan.pk}/{action}/", body, format="json")
        assert answer.status_code == 404, name
    for name in ("regulator@mee", "checker@registry"):
        answer = speak(office[name]).post(f"/api/v1/allocations/{plan.pk}/{action}/", body, format="json")
        assert answer.status_code in {403, 409}, name
    plan.refresh_from_db()
    assert plan.state == Plan.State.DRAFT
    assert not Transfer.objects.exists()


def test_making_is_for_offices_and_keys_with_the_scope(office: Office) -> None:
    for name in (*OUTSIDERS, "regulator@mee", "checker@registry", "regulator@yunnan"):
        answer = speak(office[name]).post("/api/v1/allocations/", BODY, format="json")
        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_YOURS"), name
    reading = speak(office["issuer@registry"], ("read",))
    assert reading.post("/api/v1/allocations/", BODY, format="json").status_code == 403
    assert reading.get("/api/v1/allocations/").status_code == 200
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"year": 2018}, "INVALID"), ({"year": "2024"}, "INVALID"), ({"province": "310001"}, "INVALID"),
        ({"sector": "coal"}, "INVALID"), ({"stage": "last"}, "INVALID"), ({"share": "0.9"}, "SHARE"),
        ({"share": 0.3}, "INVALID"), ({"surprise": 1}, "INVALID"), ({"year": 2030}, "UNKNOWN_YEAR"),
        ({"province": YUNNAN}, "NO_EMITTERS"), ({"stage": "correction"}, "STAGE_ORDER"),
        ({"sector": "steel", "stage": "pre"}, "NO_PREALLOCATION"),
    ],
)  # fmt: skip
def test_bad_plans_name_what_is_wrong(office: Office, change: dict[str, object], code: str) -> None:
    body = {**BODY, "stage": "pre" if "share" in change else "final", **change}
    answer = speak(office["issuer@registry"]).post("/api/v1/allocations/", body, format="json")
    assert answer.status_code in {400, 409}
    assert answer.json()["code"] == code
    assert not Plan.objects.exists()


def test_differentiated_refused_withdrawn_and_dropped(office: Office) -> None:
    issuer, checker = speak(office["issuer@registry"]), speak(office["checker@registry"])
    path = f"/api/v1/allocations/{office.make(2024, 'final').pk}/"
    body = {"emitter": "jianghai", "ground": "freeze", "reason": "Court"}
    assert issuer.post(path + "differentiate/", body, format="json").json()["to_province"] is True
    off = issuer.post(path + "differentiate/", {"emitter": "jianghai", "on": False}, format="json")
    assert off.json()["to_province"] is False
    assert issuer.post(path + "differentiate/", {"emitter": "nobody"}, format="json").status_code == 400
    issuer.post(path + "send/", WHY, format="json")
    assert issuer.post(path + "withdraw/", WHY, format="json").json()["state"] == "draft"
    issuer.post(path + "send/", WHY, format="json")
    assert checker.post(path + "refuse/", WHY, format="json").json()["state"] == "refused"
    again = issuer.post("/api/v1/allocations/", BODY, format="json").json()
    dropped = issuer.post(f"/api/v1/allocations/{again['id']}/drop/", WHY, format="json").json()
    assert dropped["state"] == "dropped"
    assert not Transfer.objects.exists()


def test_adjustments_take_two_people_and_show_their_uses(office: Office) -> None:
    issuer, checker = speak(office["issuer@registry"]), speak(office["checker@registry"])
    body = {"emitter": "jianghai", "year": 2024, "ground": "enforcement", "tonnes": 1_000, "reason": "Found"}
    made = issuer.post("/api/v1/adjustments/", body, format="json").json()
    assert (made["state"], made["remaining"], made["uses"]) == ("pending", 1_000, [])
    path = f"/api/v1/adjustments/{made['id']}/"
    own = speak(office["trader@jianghai"])
    assert own.get(path).status_code == 404
    assert issuer.post(path + "approve/", WHY, format="json").status_code == 403
    assert checker.post(path + "approve/", WHY, format="json").json()["state"] == "in_force"
    plan = office.issue(2024, "final")
    used = own.get(path).json()
    assert (used["remaining"], used["uses"][0]["plan"], used["uses"][0]["tonnes"]) == (0, plan.pk, 1_000)
    assert office.made.balance("jianghai", "CEA24") == 2_620_916
    assert speak(office["trader@yunling"]).get("/api/v1/adjustments/").json()["results"] == []
    assert speak(office["trader@yunling"]).get(path).status_code == 404
    assert speak(office["regulator@yunnan"]).get(path).status_code == 404
    assert len(speak(office["regulator@shanghai"]).get("/api/v1/adjustments/").json()["results"]) == 1
    second = issuer.post("/api/v1/adjustments/", body, format="json").json()
    refused = checker.post(f"/api/v1/adjustments/{second['id']}/refuse/", WHY, format="json")
    assert refused.json()["state"] == "refused"
    third = issuer.post("/api/v1/adjustments/", body, format="json").json()
    taken = issuer.post(f"/api/v1/adjustments/{third['id']}/withdraw/", WHY, format="json")
    assert taken.json()["state"] == "refused"


def test_adjustments_of_others_and_bad_ones(office: Office) -> None:
    body = {"emitter": "jianghai", "year": 2024, "ground": "enforcement", "tonnes": 1_000, "reason": "Found"}
    for name in (*OUTSIDERS, "regulator@mee", "regulator@yunnan", "checker@registry"):
        answer = speak(office[name]).post("/api/v1/adjustments/", body, format="json")
        assert answer.status_code == 403, name
    issuer = speak(office["issuer@registry"])
    for change in ({"tonnes": 0}, {"tonnes": "5"}, {"ground": "x"}, {"emitter": "nobody"}, {"reason": ""}):
        answer = issuer.post("/api/v1/adjustments/", {**body, **change}, format="json")
        assert answer.status_code == 400, change
    assert not Adjustment.objects.exists()
