"""Movements of one's own accounts through the API."""

import pytest

from accounts import clock
from accounts.models import Organisation
from registry.ledger.post import Move, hold, post
from tests.support.clients import speak
from tests.support.registry import Registry

pytestmark = pytest.mark.django_db


def test_movements_are_ones_own_with_the_balances_after_each(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 100)
    registry.give("yunling", "CEA24", 7)
    move = {"id": "m1", "asset": "CEA24", "quantity": 30, "from": "registry", "to": "trading"}
    speak(registry.people["trader@jianghai"]).post("/api/v1/positions/move/", move, format="json")
    speak(registry.people["trader@jianghai"]).post(
        "/api/v1/positions/move/", {**move, "id": "m2", "quantity": 5}, format="json"
    )
    reader = speak(registry.people["trader@jianghai"])
    rows = reader.get("/api/v1/movements/").json()["results"]
    assert [(row["kind"], row["change"], row["from_after"], row["to_after"]) for row in rows] == [
        ("move", 0, 65, 35), ("move", 0, 70, 30), ("issuance", 100, None, 100),
    ]  # fmt: skip
    older = reader.get("/api/v1/movements/?page_size=1").json()
    older = reader.get(older["next"].replace("http://testserver", "")).json()["results"]
    assert (older[0]["from_after"], older[0]["to_after"]) == (70, 30), "also on a later page"
    assert len(reader.get("/api/v1/movements/?kind=issuance").json()["results"]) == 1
    assert reader.get("/api/v1/movements/?asset=CCER").json()["results"] == []
    assert all(row["other"] is None for row in rows)


def test_a_trade_never_names_its_other_side(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 100)
    ids = [Organisation.objects.get(code=code).pk for code in ("jianghai", "yunling")]
    hold(ids)
    move = Move("CEA24", 10, (ids[0], "registry"), (ids[1], "unsettled"), "trade", "trade:1")
    post([move], cause="trade:1", at=clock.now())
    (row,) = speak(registry.people["trader@yunling"]).get("/api/v1/movements/").json()["results"]
    assert (row["other"], row["from"], row["from_after"], row["to"], row["change"]) == (
        None, "", None, "unsettled", 10
    )  # fmt: skip
    assert "jianghai" not in str(row)
