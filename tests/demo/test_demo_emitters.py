"""The demo's emitters: as many as the real market, invented, the same every time, quick."""

import time

import pytest
from django.db.models import Count, Sum

from accounts.models import Organisation, User
from market_data.demo.emitters import settle_emitters
from market_data.demo.emitters_made import every_emitter
from market_data.demo.people import settle_people
from registry.emitters.files.credit_codes import is_valid
from registry.models import ActivityReport, ComplianceYear, Emitter, Unit

pytestmark = pytest.mark.django_db


def test_as_many_as_the_real_market_by_sector_marked_and_spread() -> None:
    settle_people()
    start = time.perf_counter()
    assert settle_emitters() == 3_378
    assert time.perf_counter() - start < 10
    sectors = dict(Emitter.objects.values_list("sector").annotate(Count("pk")))
    assert sectors == {"power": 2_087, "steel": 232, "cement": 962, "aluminium": 97}
    assert not Emitter.objects.filter(synthetic=False).exists()
    provinces = Organisation.objects.filter(kind="emitter").values_list("province").annotate(Count("pk"))
    assert len(dict(provinces)) == 32
    assert min(dict(provinces).values()) > 0
    codes = Organisation.objects.filter(kind="emitter").values_list("credit_code", flat=True)
    assert all(is_valid(code) for code in codes)
    assert User.objects.filter(organisation__code__startswith="syn-").count() == 0
    # A second start finds everything in place.
    before = (Unit.objects.count(), ActivityReport.objects.count(), ComplianceYear.objects.count())
    start = time.perf_counter()
    settle_emitters()
    assert time.perf_counter() - start < 0.5
    assert before == (Unit.objects.count(), ActivityReport.objects.count(), ComplianceYear.objects.count())


def test_figures_are_of_the_markets_size_and_sums_of_their_units() -> None:
    settle_people()
    settle_emitters()
    total = ComplianceYear.objects.filter(year=2025).aggregate(t=Sum("verified_t"))["t"]
    assert 5_000_000_000 < total < 11_000_000_000
    jianghai = ComplianceYear.objects.get(emitter__organisation__code="jianghai", year=2025)
    assert (jianghai.verified_t, jianghai.obligation_t) == (2_700_000, 2_700_000)
    versions = ActivityReport.objects.filter(unit__emitter=jianghai.emitter_id, year=2025).order_by("version")
    assert [(one.version, one.verified_t) for one in versions] == [(1, 2_712_400), (2, 2_700_000)]
    assert versions[1].reason


def test_the_same_on_every_machine() -> None:
    first, second = every_emitter(), every_emitter()
    assert first == second
    names = [one.name_zh for one in first]
    assert len(set(names)) == len(names) == 3_378
    assert len({one.code for one in first}) == 3_378
