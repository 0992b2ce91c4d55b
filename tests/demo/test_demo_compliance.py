"""The demo's past surrenders: nearly all complete, the books right, the same on a second start."""

import time

import pytest

from accounts import clock
from exchange.history.series import SERIES
from market_data.demo.compliance import YEARS, settle_surrenders
from market_data.demo.emitters import settle_emitters
from market_data.demo.people import settle_people
from registry.audit.run import reconcile
from registry.compliance.models import Certificate, ComplianceYear, Deadline, Shortfall
from registry.compliance.selectors import day_of, with_state
from registry.models import Account, Asset
from tests.support.market import endow
from tests.support.registry import VINTAGES

pytestmark = pytest.mark.django_db


def test_years_that_are_over_are_nearly_all_complete() -> None:
    settle_people()
    for code in {*VINTAGES, *(series.code for series in SERIES)}:
        kind = Asset.Kind.CREDIT if code == "CCER" else Asset.Kind.ALLOWANCE
        Asset.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": code, "name_en": code})
    settle_emitters()
    jianghai = ComplianceYear.objects.get(emitter__organisation__code="jianghai", year=2024)
    endow(jianghai.emitter.organisation, "CEA24", 400_000, "registry")
    began = time.monotonic()
    made = settle_surrenders()
    assert time.monotonic() - began < 30
    assert made > 9_000
    assert Deadline.objects.count() == 8
    for year in YEARS:
        found = with_state(ComplianceYear.objects.filter(year=year), day_of(clock.now()))
        states = list(found.values_list("state", flat=True))  # type: ignore[misc]
        assert states.count("complete") > 0.97 * len(states)
        late = states.count("overdue")
        assert 0 < late == Shortfall.objects.filter(compliance_year__year=year).count()
        assert states.count("complete") + late == len(states)
        assert Certificate.objects.filter(content__year=year).count() == states.count("complete")
    assert set(ComplianceYear.objects.filter(year=2025).values_list("surrendered_t", flat=True)) == {0}
    jianghai.refresh_from_db()
    assert jianghai.completed_at is not None
    kept = Account.objects.get(holder=jianghai.emitter_id, asset="CEA24", purpose="registry")
    assert kept.balance == 400_000, "the named companies keep what they were given"
    assert reconcile().clean
    assert settle_surrenders() == 0
