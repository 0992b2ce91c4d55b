"""The demo as people start it: as many emitters as the real market has, their books right, loaded once.

How long that takes, `manage.py bench demo` says.
"""

import pytest
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.credit_codes import is_valid
from accounts.models import Organisation, User
from market_data.demo.allocations import DRAFT, WAITING
from market_data.demo.compliance import YEARS
from market_data.demo.emitters_stats import TOTAL
from registry.allocation.models import Plan, PlanRow
from registry.audit.run import reconcile
from registry.compliance.models import Certificate, Shortfall, Surrender
from registry.compliance.selectors import day_of, with_state
from registry.models import ActivityReport, ComplianceYear, CreditIssue, Emitter, Transfer, Unit
from tests.support.demo import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "short_calendar")]

#: The second time looks whether all is there, and reads no emitter to know it.
SECOND_STATEMENTS = 100


@pytest.mark.first
def test_the_whole_nation_is_loaded_once_its_books_right_and_the_second_time_nothing_happens() -> None:
    load(emitters=TOTAL)
    emitters_are_as_many_as_the_markets()
    plans_are_issued_and_two_are_left_over()
    past_years_are_nearly_all_complete()
    surrendered_credits_came_from_projects()
    assert reconcile().clean
    before = counts()
    with CaptureQueriesContext(connection) as second:
        load(emitters=TOTAL)
    assert len(second) < SECOND_STATEMENTS
    assert counts() == before


def surrendered_credits_came_from_projects() -> None:
    used = ComplianceYear.objects.aggregate(sum=Sum("credits_t"))["sum"]
    past = CreditIssue.objects.filter(project__code="CCER-DEMO-00", state="issued")
    assert past.aggregate(sum=Sum("quantity_t"))["sum"] == used
    assert 5_000_000 < used < 40_000_000, "about as many as there are"


def counts() -> list[int]:
    models = (
        ActivityReport, Certificate, ComplianceYear, Emitter, Organisation, Plan, PlanRow, Surrender, Transfer, Unit,
    )  # fmt: skip
    return [model._default_manager.count() for model in models]


def emitters_are_as_many_as_the_markets() -> None:
    sectors = dict(Emitter.objects.values_list("sector").annotate(Count("pk")))
    assert sectors.pop("shanghai_pilot") == 1
    assert sectors == {"power": 2_087, "steel": 232, "cement": 962, "aluminium": 97}
    assert Emitter.objects.exclude(sector="shanghai_pilot").count() == TOTAL == 3_378
    assert not Emitter.objects.filter(synthetic=False).exists()
    houses = Organisation.objects.filter(kind="emitter")
    assert houses.values("province").distinct().count() == 32
    codes = list(houses.exclude(emitter__sector="shanghai_pilot").values_list("credit_code", flat=True))
    assert all(is_valid(code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert not User.objects.filter(organisation__code__startswith="syn-").exists()
    total_t = ComplianceYear.objects.filter(year=2025).aggregate(t=Sum("verified_t"))["t"]
    assert 5_000_000_000 < total_t < 11_000_000_000


def plans_are_issued_and_two_are_left_over() -> None:
    assert Plan.objects.filter(state=Plan.State.ISSUED).count() > 100
    left = dict(Plan.objects.exclude(state=Plan.State.ISSUED).values_list("province", "state"))
    assert left == {WAITING: Plan.State.WAITING, DRAFT: Plan.State.DRAFT}
    rows = PlanRow.objects.filter(plan__state=Plan.State.ISSUED)
    net_t = rows.aggregate(total=Sum(F("issue_t") - F("recall_t")))["total"]
    posted = Transfer.objects.filter(cause__startswith="plan:")
    by_kind = dict(posted.values_list("kind").annotate(Sum("amount")))
    assert by_kind["issuance"] - by_kind.get("recall", 0) == net_t
    unequal = ComplianceYear.objects.filter(~Q(issued_t=F("allocated_t")), allocated_t__isnull=False)
    assert not unequal.exists()


def past_years_are_nearly_all_complete() -> None:
    for year in YEARS:
        found = with_state(ComplianceYear.objects.filter(year=year), day_of(clock.now()))
        states = list(found.values_list("state", flat=True))  # type: ignore[misc]
        complete, late = states.count("complete"), states.count("overdue")
        assert complete > 0.97 * len(states)
        assert complete + late == len(states)
        assert 0 < late == Shortfall.objects.filter(compliance_year__year=year).count()
        assert Certificate.objects.filter(content__year=year).count() == complete
