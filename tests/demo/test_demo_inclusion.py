"""The demo's carbon inclusion: a dozen persons whose acts became points and a few tonnes of SHCER, once."""

import pytest

from exchange import clock
from market_data.demo.inclusion import settle_inclusion
from registry.audit.run import reconcile
from registry.compliance.rules import Verdict
from registry.compliance.sheet import sheet_of
from registry.inclusion.models import ActivityRecord, Conversion, PointEntry, Scene
from registry.inclusion.selectors import totals
from registry.models import Account, ComplianceYear
from tests.support.demo import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "short_calendar")]


def test_a_dozen_persons_reduced_some_tonnes_that_were_issued_once() -> None:
    load()
    assert Scene.objects.count() == 2
    assert ActivityRecord.objects.count() == 12 * (24 + 16)
    assert all(row.accounts == 12 and row.reduction_g for row in totals())
    conversion = Conversion.objects.get()
    assert conversion.quantity_t >= 4
    held = Account.objects.filter(asset="SHCER", holder__code__in=["shenhui", "pujiang"])
    assert sorted(held.values_list("balance", flat=True)) == sorted(
        [conversion.quantity_t // 2, conversion.quantity_t - conversion.quantity_t // 2]
    )
    assert PointEntry.objects.filter(account__organisation__code="linxi").count() == 2
    assert [str(found) for found in reconcile().breaks] == []
    assert settle_inclusion() == 0
    sheet = sheet_of(ComplianceYear.objects.get(emitter__organisation__code="pujiang"), clock.now())
    assert {line.asset: line.verdict for line in sheet.lines if line.registry_t} == {
        "SHEA": Verdict.ALLOWANCE, "SHCER": Verdict.CREDIT,
    }  # fmt: skip
    assert sheet.credits.cap_t == 600
