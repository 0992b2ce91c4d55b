"""The demo's past surrenders: made once, the named companies complete, what they were given is kept."""

import pytest

from exchange.history.series import SERIES
from market_data.demo.compliance import YEARS, settle_surrenders
from market_data.demo.emitters import settle_emitters
from market_data.demo.people import settle_people
from registry.audit.run import reconcile
from registry.compliance.models import Certificate, ComplianceYear, Deadline
from registry.models import Account, Asset
from tests.support.demo import SMALL
from tests.support.market import endow
from tests.support.registry import VINTAGES

pytestmark = pytest.mark.django_db


def test_years_that_are_over_are_surrendered_and_the_last_one_is_not() -> None:
    settle_people()
    for code in {*VINTAGES, *(series.code for series in SERIES)}:
        kind = Asset.Kind.CREDIT if code == "CCER" else Asset.Kind.ALLOWANCE
        Asset.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": code, "name_en": code})
    settle_emitters(SMALL)
    jianghai = ComplianceYear.objects.get(emitter__organisation__code="jianghai", year=2024)
    endow(jianghai.emitter.organisation, "CEA24", 400_000, "registry")
    assert settle_surrenders() > SMALL
    assert Deadline.objects.count() == 8
    for year in YEARS:
        complete = ComplianceYear.objects.filter(year=year, completed_at__isnull=False)
        assert 0 < complete.count() == Certificate.objects.filter(content__year=year).count()
    assert set(ComplianceYear.objects.filter(year=2025).values_list("surrendered_t", flat=True)) == {0}
    jianghai.refresh_from_db()
    assert jianghai.completed_at is not None
    kept = Account.objects.get(holder=jianghai.emitter_id, asset="CEA24", purpose="registry")
    assert kept.balance == 400_000, "the named companies keep what they were given"
    assert reconcile().clean
    assert settle_surrenders() == 0
