"""A small registry whose emitters have verified years and something to surrender."""

import datetime as dt
from collections.abc import Callable

import pytest

from accounts.approvals import verbs
from registry.compliance import surrender
from registry.compliance.models import ComplianceYear, Surrender
from registry.models import Asset
from tests.support.registry import Registry, beijing, make_registry

#: within 2024's time to surrender
AT = beijing(2025, 12, 1)


@pytest.fixture
def made(db: None) -> Registry:
    """`jianghai` owes 100 000 t for 2024 and holds allowances and credits; `yunling` owes 1 000 t."""
    registry = make_registry()
    for code in ("CCER-2017", "CCER-CS", "SHCER", "SHEA"):
        kind = Asset.Kind.ALLOWANCE if code == "SHEA" else Asset.Kind.CREDIT
        Asset.objects.create(code=code, kind=kind, name_zh=code, name_en=code)
    registry.year("jianghai", 2024, verified_t=100_000, obligation_t=100_000)
    registry.year("jianghai", 2025, verified_t=60_000, obligation_t=60_000)
    registry.year("yunling", 2024, verified_t=1_000, obligation_t=1_000)
    for asset, quantity_t in (("CEA24", 90_000), ("CEA23", 20_000), ("CEA25", 50_000), ("CCER", 10_000)):
        registry.give("jianghai", asset, quantity_t)
    return registry


@pytest.fixture
def ask(made: Registry) -> Callable[..., Surrender]:
    """`ask({"CEA24": 10}, year=2024)`: by the initiator of jianghai."""

    def submit(lines: dict[str, int], *, year: int = 2024, giver: str = "jianghai", at: dt.datetime = AT,
               **more: object) -> Surrender:  # fmt: skip
        return surrender.submit(
            year, made.organisations[giver], lines, by=made.people[f"initiator@{giver}"], reason="for the year",
            at=at, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return submit


def approve(
    made: Registry, asked: Surrender, *, province: str = "shanghai", at: dt.datetime = AT
) -> Surrender:
    """Both stages: the giver's approver, the province's approver."""
    assert asked.request_id
    for who in (f"approver@{asked.giver.code}", f"approver@{province}"):
        verbs.approve(asked.request_id, by=made.people[who], reason="checked", at=at)
    asked.refresh_from_db()
    return asked


def year_of(made: Registry, code: str = "jianghai", year: int = 2024) -> ComplianceYear:
    return ComplianceYear.objects.get(emitter=made.organisations[code].pk, year=year)
