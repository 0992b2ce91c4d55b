"""Factors by date: what holds when, who sets the next one, and that the past keeps its own."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client

from accounts import clock
from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Request
from registry.cancellation import cancelling
from registry.cancellation.footprint import footprint
from registry.credits.projects import WrongFields
from registry.factors import entering
from registry.factors.models import FactorRow
from registry.factors.selectors import all_rows, in_force
from registry.factors.shipped import ITEMS, SHIPPED
from registry.factors.wording import GROUP_NAMES, ITEM_NAMES, UNIT_NAMES
from tests.support.clients import speak
from tests.support.registry import Registry, beijing, make_registry

NOW = beijing(2026, 3, 2)
LATER = dt.date(2026, 4, 1)
BODY: dict[str, Any] = {
    "item": "hotel", "value": "48.2", "valid_from": "2026-04-01", "source": "DESNZ 2026: hotel stay, China",
    "verified": True, "reason": "new edition",
}  # fmt: skip


@pytest.fixture
def registry(db: None) -> Registry:
    return make_registry(emitters=("jianghai",))


def coming() -> dict[str, Any]:
    """As the API and the page take it today."""
    return {**BODY, "valid_from": (clock.now() + dt.timedelta(days=30)).date().isoformat()}


def ask(registry: Registry, by: str = "issuer@registry", at: dt.datetime = NOW, **fields: Any) -> Request:
    given = {**BODY, "value": Decimal("48.2"), "valid_from": LATER, **fields}
    return entering.propose(**given, by=registry.people[by], at=at)


def approve(registry: Registry, asked: Request, at: dt.datetime = NOW) -> None:
    verbs.approve(asked.pk, by=registry.people["checker@registry"], reason="seen", at=at)


def test_two_people_set_a_value_and_it_holds_from_its_day_on(registry: Registry) -> None:
    approve(registry, ask(registry))
    assert str(in_force(LATER)["hotel"].value) == "48.2"
    assert str(in_force(LATER - dt.timedelta(days=1))["hotel"].value) == "53.5"
    assert in_force(LATER)["hotel"].source == BODY["source"]
    before, after = (
        footprint({"hotel": Decimal(10)}, in_force(day)).kg for day in (dt.date(2026, 3, 31), LATER)
    )
    assert (before, after) == (Decimal("535.000"), Decimal("482.000"))


def test_a_certificate_keeps_the_factor_of_its_day(registry: Registry) -> None:
    registry.give("jianghai", "CCER", 10)
    event = footprint({"electricity": Decimal(1_000)}, in_force(NOW.date()))
    made = cancelling.submit(
        asset="CCER", quantity_t=1, beneficiary="Forum", purpose="neutral", footprint=event,
        by=registry.people["initiator@jianghai"], reason="forum", at=NOW,
    )  # fmt: skip
    approve(registry, ask(registry, item="electricity", value=Decimal("0.5")))
    assert made.request_id is not None
    verbs.approve(
        made.request_id, by=registry.people["approver@jianghai"], reason="yes", at=beijing(2026, 5, 1)
    )
    made.refresh_from_db()
    assert made.certificate is not None
    (row,) = made.certificate.content["footprint"]
    assert (row["factor"], row["since"]) == ("0.5366", "2024-12-26")
    assert "2024年第33号" in row["source"]
    page = Client(headers={"accept-language": "en"}).get(f"/certificates/{made.certificate.number}/")
    assert "since 2024-12-26" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"item": "rocket"}, "item"),
        ({"value": Decimal(-1)}, "value"),
        ({"value": Decimal("0.1234567")}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": Decimal(100_001)}, "value"),
        ({"source": "  "}, "source"),
        ({"source": "x" * 301}, "source"),
        ({"valid_from": NOW.date()}, "valid_from"),
        ({"valid_from": dt.date(2020, 1, 1)}, "valid_from"),
    ],
)
def test_what_is_no_factor_names_its_field(registry: Registry, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(WrongFields) as refused:
        ask(registry, **fields)
    assert set(refused.value.errors) == {wrong}
    assert not Request.objects.exists()


@pytest.mark.parametrize("person", ["checker@registry", "regulator@mee", "initiator@jianghai"])
def test_only_an_issuer_asks(registry: Registry, person: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(registry, by=person)
    assert refused.value.code == "ROLE_MISSING"


def test_a_day_that_came_meanwhile_or_was_taken_is_not_entered(registry: Registry) -> None:
    asked, other = ask(registry), ask(registry, value=Decimal(50))
    with pytest.raises(Refused) as refused:
        approve(registry, asked, at=beijing(2026, 4, 1))
    assert refused.value.code == "FACTOR_TOO_LATE"
    approve(registry, other)
    with pytest.raises(Refused) as refused:
        approve(registry, asked)
    assert refused.value.code == "FACTOR_TAKEN"
    with pytest.raises(WrongFields):
        ask(registry)


def test_the_database_keeps_the_past(registry: Registry) -> None:
    approve(registry, ask(registry))
    row = FactorRow.objects.get()
    for change in (
        lambda: FactorRow.objects.update(value=1),
        lambda: FactorRow.objects.filter(pk=row.pk).delete(),
        lambda: FactorRow.objects.create(
            item="rail", value=1, valid_from=NOW.date(), entered_on=NOW.date(), source="x", request_id=ask(registry, item="rail").pk
        ),
    ):  # fmt: skip
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    assert FactorRow.objects.get().value == Decimal("48.2")


def test_every_item_and_unit_has_a_name_and_a_value_today(db: None) -> None:
    assert set(in_force(NOW.date())) == set(ITEMS) == set(ITEM_NAMES)
    units = {item.unit for item in ITEMS.values()} | {item.gives for item in ITEMS.values()}
    assert units <= set(UNIT_NAMES)
    assert {item.group for item in ITEMS.values()} == set(GROUP_NAMES)
    assert len({(row.item, row.valid_from) for row in SHIPPED}) == len(SHIPPED)
    assert len(all_rows()) == len(SHIPPED)


def test_everybody_reads_factors_and_an_issuer_proposes_by_page_and_api(registry: Registry) -> None:
    reader = Client(headers={"accept-language": "en"})
    page = reader.get("/public/factors/").content.decode()
    assert "公告2024年第33号" in page
    assert "in force" in page
    assert "0.5366" in b"".join(reader.get("/public/factors/?as=csv").streaming_content).decode()  # type: ignore[attr-defined]
    listed = {row["item"]: row for row in reader.get("/api/v1/factors/?day=2024-05-01").json()}
    assert listed["electricity"]["value"] == "0.5568"
    assert reader.get("/api/v1/factors/?day=yesterday").status_code == 400
    issuer = speak(registry.people["issuer@registry"])
    made = issuer.post("/api/v1/factors/", coming(), format="json")
    assert made.status_code == 201
    assert issuer.post("/api/v1/factors/", {**coming(), "value": "1e3"}, format="json").status_code == 400
    checker = speak(registry.people["checker@registry"])
    approved = checker.post(
        f"/api/v1/requests/{made.json()['request']}/approve/", {"reason": "seen"}, format="json"
    )
    assert approved.status_code == 200
    assert "48.2" in approved.json()["summary"]
    assert FactorRow.objects.get().request_id == made.json()["request"]


def test_the_page_of_the_issuer_says_what_is_wrong_and_keeps_what_was_typed(registry: Registry) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(
        registry.people["issuer@registry"], backend="django.contrib.auth.backends.ModelBackend"
    )
    wrong = client.post("/registry/factors/new/", {**BODY, "valid_from": "2020-01-01"})
    assert wrong.status_code == 400
    said = wrong.content.decode()
    assert "A later day than today" in said
    assert "DESNZ 2026" in said
    sent = client.post("/registry/factors/new/", coming())
    assert sent.status_code == 302
    assert Request.objects.get().payload["value"] == "48.2"
