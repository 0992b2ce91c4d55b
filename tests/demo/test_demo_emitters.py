"""The demo's emitters: invented, the same every time, a small nation part of the whole one."""

import pytest

from market_data.demo.emitters import settle_emitters
from market_data.demo.emitters_made import every_emitter
from market_data.demo.people import HOUSES, settle_people
from registry.models import ActivityReport, ComplianceYear, Emitter, Unit
from tests.support.demo import SMALL

pytestmark = pytest.mark.django_db


def test_a_small_nation_has_the_named_ones_and_every_sector_and_is_made_once() -> None:
    settle_people()
    made = settle_emitters(SMALL)
    assert made == Emitter.objects.count()
    assert SMALL - 4 < made <= SMALL
    assert set(Emitter.objects.values_list("sector", flat=True)) == {"power", "steel", "cement", "aluminium"}
    named = {house.code for house in HOUSES if house.kind == "emitter"}
    assert named <= set(Emitter.objects.values_list("organisation__code", flat=True))
    before = (Unit.objects.count(), ActivityReport.objects.count(), ComplianceYear.objects.count())
    assert settle_emitters(SMALL) == made
    assert before == (Unit.objects.count(), ActivityReport.objects.count(), ComplianceYear.objects.count())
    assert settle_emitters(2 * SMALL) > made, "a nation may grow"


def test_a_corrected_report_has_both_versions() -> None:
    settle_people()
    settle_emitters(SMALL)
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
    small = every_emitter(SMALL)
    assert small == [one for one in first if one.code in {few.code for few in small}]
