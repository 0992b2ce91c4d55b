"""One compliance year of one plant, from the first pre-allocated tonne to the carry-over, through the API.

Jianghai runs one unit of class I. Every number below is worked out by hand in the comment beside it.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from registry.audit.run import reconcile
from registry.models import Certificate
from tests.story.conftest import Stage

FIGURES_2023 = {
    "generation_mwh": "2300000",
    "heat_gj": "800000",
    "load_factor": "0.7",
    "verified_t": 2_000_000,
}
FIGURES_2024 = {
    "generation_mwh": "3000000",
    "heat_gj": "1000000",
    "load_factor": "0.6",
    "verified_t": 2_700_000,
}


def test_a_plant_s_year(stage: Stage) -> None:
    covered_and_preallocated(stage)
    sells_what_it_thinks_it_can_spare(stage)
    surrenders_the_year_before(stage)
    verified_and_finally_allocated(stage)
    buys_what_is_missing(stage)
    surrenders_with_credits(stage)
    carries_the_rest_over(stage)
    assert reconcile().breaks == []


def covered_and_preallocated(stage: Stage) -> None:
    """70 % of 2023's 2 000 000 t: 1 400 000 t of CEA24."""
    unit = stage.registry.unit("jianghai")
    for year in (2023, 2024):
        stage.registry.year("jianghai", year)
    stage.at(2024, 4, 1)
    report(stage, unit.code, 2023, FIGURES_2023)
    plan = stage.post(
        "issuer@registry", "allocations/", year=2024, province="310000", sector="power", stage="pre"
    )
    issue(stage, plan["id"])
    assert stage.registry.balance("jianghai", "CEA24") == 1_400_000


def surrenders_the_year_before(stage: Stage) -> None:
    """2023's 2 000 000 t, with what was issued for it: a year left unpaid would forbid the carry-over later."""
    stage.give("jianghai", "CEA23", 2_000_000)
    stage.at(2024, 11, 4)
    lines = [{"asset": "CEA23", "quantity": 2_000_000}]
    made = stage.post("initiator@jianghai", "surrenders/", year=2023, lines=lines, reason="2023 obligation")
    for person in ("approver@jianghai", "approver@shanghai"):
        stage.post(person, f"surrenders/{made['number']}/approve/", 200, reason="right")
    assert stage.get("initiator@jianghai", "obligations/2023/")["state"] == "complete"


def sells_what_it_thinks_it_can_spare(stage: Stage) -> None:
    """50 000 t at 90.00 yuan: 4 500 000 yuan on top of 10 000 000."""
    stage.open_market(dt.date(2024, 9, 2))
    move(stage, "CEA24", 50_000, "registry", "trading")
    stage.trade("jianghai", "yunling", "CEA24", "90.00", 50_000)
    stage.close_market()
    assert stage.registry.balance("jianghai", "CNY", "trading") == 1_450_000_000
    assert stage.registry.balance("jianghai", "CEA24") == 1_350_000


def verified_and_finally_allocated(stage: Stage) -> None:
    """Ff = 1.015^4 = 1.061364; 3 000 000 × 0.7910 × 1.061364 → 2 518 616; 1 000 000 × 0.1033 = 103 300; together
    2 621 916 t, of which 1 400 000 were issued before: 1 221 916 t more. The obligation is what was verified."""
    stage.at(2025, 6, 20)
    report(stage, "U1", 2024, FIGURES_2024)
    stage.at(2025, 7, 25)
    plan = stage.post(
        "regulator@shanghai", "allocations/", year=2024, province="310000", sector="power", stage="final"
    )
    issue(stage, plan["id"], sender="regulator@shanghai")
    own = stage.get("initiator@jianghai", f"allocations/{plan['id']}/")
    assert "2 621 916" in json.dumps(own, ensure_ascii=False).replace("\u00a0", " ")
    assert stage.registry.balance("jianghai", "CEA24") == 1_350_000 + 1_221_916
    year = stage.get("initiator@jianghai", "obligations/2024/")
    assert (year["need"], year["state"], year["deadline"]) == (2_700_000, "open", "2025-12-31")
    assert year["have"] == 2_571_916  # 1 350 000 + 1 221 916
    assert year["gap"] == 2_700_000
    assert year["credit_room"]["cap"] == 135_000  # 5 % of 2 700 000


def buys_what_is_missing(stage: Stage) -> None:
    """2 700 000 − 2 571 916 = 128 084 t missing: 90 000 CCER at 70.00 and 40 000 CEA24 at 88.00, so 1 916 too many.

    14 500 000 − 6 300 000 − 3 520 000 = 4 680 000 yuan are left."""
    stage.open_market(dt.date(2025, 11, 20))
    stage.trade("yunling", "jianghai", "CCER", "70.00", 90_000)
    stage.trade("yunling", "jianghai", "CEA24", "88.00", 40_000)
    stage.close_market()
    assert stage.registry.balance("jianghai", "CNY", "trading") == 468_000_000
    move(stage, "CCER", 90_000, "trading", "registry")
    move(stage, "CEA24", 40_000, "trading", "registry")
    assert stage.get("initiator@jianghai", "obligations/2024/")["have"] == 2_701_916


def surrenders_with_credits(stage: Stage) -> None:
    """90 000 CCER (3.33 %, below 5 %) and 2 610 000 CEA24, decided by the plant's approver and by Shanghai."""
    stage.at(2025, 12, 10)
    lines = [{"asset": "CCER", "quantity": 90_000}, {"asset": "CEA24", "quantity": 2_610_000}]
    made = stage.post("initiator@jianghai", "surrenders/", year=2024, lines=lines, reason="2024 obligation")
    assert stage.registry.balance("jianghai", "CEA24", "pending") == 2_610_000
    own = f"surrenders/{made['number']}/approve/"
    stage.post("initiator@jianghai", own, 403, reason="my own")  # never by who asked
    stage.post("approver@jianghai", own, 200, reason="checked against the notice")
    stage.post("regulator@shanghai", own, 403, reason="not my role")
    stage.post("approver@shanghai", own, 200, reason="agrees with the verified emissions")
    year = stage.get("initiator@jianghai", "obligations/2024/")
    assert (year["state"], year["surrendered"], year["credits"], year["gap"]) == (
        "complete", 2_700_000, 90_000, 0,
    )  # fmt: skip
    assert stage.registry.balance("jianghai", "CEA24") == 1_916
    assert stage.registry.balance("jianghai", "CEA24", "surrendered") == 2_610_000
    certificate = Certificate.objects.get(content__year=2024)
    canonical = json.dumps(certificate.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert certificate.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    anybody = stage.says("trader@yunling")
    page = anybody.get(f"/certificates/{certificate.number}/")
    assert page.status_code == 200
    assert certificate.sha256 in page.content.decode()
    pdf = anybody.get(f"/certificates/{certificate.number}/pdf/")
    assert pdf.content.startswith(b"%PDF")


def carries_the_rest_over(stage: Stage) -> None:
    """NS = 50 000 sold − 40 000 bought = 10 000; T = 10 000 + 1.5 × 10 000 = 25 000; held at the cut-off: 1 916."""
    stage.at(2026, 2, 10)
    too_much = [{"asset": "CEA24", "quantity": 1_917}]
    refused = stage.post("initiator@jianghai", "carryovers/", 409, lines=too_much, reason="too much")
    assert refused["code"] == "OVER_HOLDING"
    lines = [{"asset": "CEA24", "quantity": 1_916}]
    made = stage.post("initiator@jianghai", "carryovers/", lines=lines, reason="into 2025")
    stage.post("approver@jianghai", f"carryovers/{made['id']}/approve/", 200, reason="yes")
    stage.post("approver@shanghai", f"carryovers/{made['id']}/approve/", 200, reason="within T")
    assert stage.registry.balance("jianghai", "CEA24") == 0
    assert stage.registry.balance("jianghai", "CEA24", "converted") == 1_916
    assert stage.registry.balance("jianghai", "CEA25") == 1_916


def report(stage: Stage, unit: str, year: int, figures: dict[str, Any]) -> None:
    """The province enters what was verified."""
    stage.post(
        "regulator@shanghai", "emissions/", emitter="jianghai", unit=unit, year=year, cooling="water",
        supply_mwh="0", heat_ratio="0", reason="verification report", **figures,
    )  # fmt: skip


def issue(stage: Stage, plan: int, sender: str = "issuer@registry") -> None:
    """Sent by one, approved by another: the tonnes are there."""
    stage.post(sender, f"allocations/{plan}/send/", 200, reason="ready")
    stage.post("checker@registry", f"allocations/{plan}/approve/", 200, reason="as the table says")


def move(stage: Stage, asset: str, quantity: int, source: str, target: str) -> None:
    body = {"id": f"m-{asset}-{source}-{quantity}", "asset": asset, "quantity": quantity, "from": source}
    stage.post("initiator@jianghai", "positions/move/", 200, **body, to=target)
