"""From an operator's file to records and points: shown first, two people, nothing twice, nothing without consent."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from openpyxl import Workbook

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from registry.audit.run import reconcile
from registry.factors.models import FactorRow
from registry.inclusion import files, importing, personal
from registry.inclusion.audit import points_equal_records
from registry.inclusion.models import ActivityImport, ActivityRecord, PointEntry, Scene
from registry.inclusion.points import balance_of
from tests.inclusion.conftest import AT, Inclusion
from tests.support.registry import beijing

TRIPS = [
    ("T1", "ana", "2026-02-01", "12.5"), ("T2", "ana", "2026-02-02", "8"), ("T3", "bo", "2026-02-02", "30.25"),
]  # fmt: skip


def test_a_file_becomes_records_and_points_when_a_second_person_approves(
    inclusion: Inclusion, scene: Scene
) -> None:
    job = inclusion.upload(scene, TRIPS)
    # 12.5, 8 and 30.25 km × 0.0953 kg
    assert (job.state, job.new, job.accounts, job.reduction_g, job.points) == ("checked", 3, 2, 1191 + 762 + 2882, 11 + 7 + 28)  # fmt: skip
    inclusion.send(job)
    assert not ActivityRecord.objects.exists()
    inclusion.approve(job)
    assert job.state == "applied"
    assert bytes(job.content) == b"", "what a file says of persons is not kept"
    record = ActivityRecord.objects.get(record="T1")
    assert (record.reduction_g, record.points, record.account) == (1_191, 11, inclusion.account("ana"))
    assert (record.baseline, record.scene_factor) == (Decimal("0.1112"), Decimal("0.0159"))
    assert [balance_of(inclusion.account(name)) for name in ("ana", "bo", "cy")] == [18, 28, 0]
    assert [str(found) for found in reconcile().breaks] == []


def test_no_trip_is_counted_twice(inclusion: Inclusion, scene: Scene) -> None:
    inclusion.record(scene, TRIPS)
    again = inclusion.upload(scene, [*TRIPS, ("T4", "bo", "2026-02-03", "5")])
    assert (again.new, again.same, again.reduction_g) == (1, 3, 476)
    inclusion.send(again)
    inclusion.approve(again)
    assert ActivityRecord.objects.count() == 4
    whole = inclusion.upload(scene, TRIPS)
    with pytest.raises(Refused) as refused:
        inclusion.send(whole)
    assert refused.value.code == "NOTHING_NEW"


def test_two_files_with_the_same_trip_count_it_once(inclusion: Inclusion, scene: Scene) -> None:
    first, second = (inclusion.send(inclusion.upload(scene, TRIPS)) for _ in range(2))
    inclusion.approve(first)
    with pytest.raises(Refused) as refused:
        inclusion.approve(second)
    assert refused.value.code == "IMPORT_STALE"
    second.refresh_from_db()
    assert second.state == "sent"
    assert second.request_id is not None
    verbs.refuse(second.request_id, by=inclusion.person("approver@metro"), reason="twice", at=AT)
    second.refresh_from_db()
    assert (second.state, bytes(second.content), ActivityRecord.objects.count()) == ("dropped", b"", 3)


@pytest.mark.parametrize(
    ("trip", "reason"),
    [
        (("T9", "PA2222222222", "2026-02-01", "5"), "unknown_account"),
        (("T9", "ana@ana.example", "2026-02-01", "5"), "unknown_account"),
        (("T9", "cy", "2026-02-01", "5"), "unknown_account"),  # has an account, and has not joined
        (("T9", "ana", "2026-01-01", "5"), "unknown_account"),  # the day before joining
        (("T9", "ana", "2026-03-03", "5"), "future_day"),
        (("T9", "ana", "2026-02-30", "5"), "not_a_day"),
        (("T9", "ana", "02/03/2026", "5"), "not_a_day"),
        (("T 9", "ana", "2026-02-01", "5"), "record_id"),
        (("=cmd", "ana", "2026-02-01", "5"), "record_id"),
        (("T9", "ana", "2026-02-01", "-5"), "negative"),
        (("T9", "ana", "2026-02-01", "0"), "zero"),
        (("T9", "ana", "2026-02-01", "5.0001"), "too_many_decimals"),
        (("T9", "ana", "2026-02-01", "301"), "too_large"),
        (("T1", "ana", "2026-02-01", "12"), "other_content"),
        (("T1", "bo", "2026-02-01", "12.5"), "other_content"),
    ],
)
def test_a_bad_row_stops_the_whole_file(
    inclusion: Inclusion, scene: Scene, trip: tuple[str, str, str, str], reason: str
) -> None:
    inclusion.record(scene, TRIPS)
    job = inclusion.upload(scene, [("T8", "bo", "2026-02-01", "5"), trip])
    assert [(one["line"], one["reason"]) for one in job.problems] == [(3, reason)]
    assert (job.state, bytes(job.content), ActivityRecord.objects.count()) == ("refused", b"", 3)
    with pytest.raises(Refused) as refused:
        inclusion.send(job)
    assert refused.value.code == "NOT_CHECKED"


def test_the_same_id_twice_in_a_file_and_a_missing_column(inclusion: Inclusion, scene: Scene) -> None:
    job = inclusion.upload(scene, [("T1", "ana", "2026-02-01", "5"), ("T1", "bo", "2026-02-01", "6")])
    assert [(one["line"], one["reason"]) for one in job.problems] == [(3, "duplicate")]
    assert [problem.reason for problem in files.read(b"record,day,amount\n").problems] == ["missing_column"]


def test_a_workbook_in_chinese_is_read(inclusion: Inclusion, scene: Scene) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["记录编号", "碳账户编号", "日期", "数量"])
    sheet.append(["T1", inclusion.account("ana").number.lower(), dt.date(2026, 2, 1), 12.5])
    out = io.BytesIO()
    book.save(out)
    job = importing.upload(
        scene, file_name="行程.xlsx", content=out.getvalue(), by=inclusion.person("initiator@metro"), at=AT
    )
    assert (job.problems, job.reduction_g) == ([], 1_191)


@pytest.mark.parametrize("person", ["approver@metro", "initiator@jianghai", "issuer@registry", "self@ana"])
def test_only_an_initiator_of_the_operator_uploads(inclusion: Inclusion, scene: Scene, person: str) -> None:
    job = inclusion.upload(scene, TRIPS)
    by = inclusion.person(person)
    for attempt in (
        lambda: importing.upload(scene, file_name="x.csv", content=b"", by=by, at=AT),
        lambda: importing.send(job, by=by, reason="x", at=AT),
        lambda: importing.drop(job, by=by),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "ROLE_MISSING"


def test_the_uploader_cannot_approve(inclusion: Inclusion, scene: Scene) -> None:
    job = inclusion.send(inclusion.upload(scene, TRIPS))
    both = inclusion.person("initiator@metro")
    both.roles = ["initiator", "approver"]
    both.save()
    assert job.request_id is not None
    with pytest.raises(Refused) as refused:
        verbs.approve(job.request_id, by=both, reason="me", at=AT)
    assert refused.value.code == "SAME_PERSON"


def test_after_leaving_nothing_is_recorded_of_later_days(inclusion: Inclusion, scene: Scene) -> None:
    ana = inclusion.person("self@ana")
    personal.leave(scene, by=ana, at=beijing(2026, 2, 1))
    job = inclusion.upload(scene, [("T1", "ana", "2026-02-01", "5"), ("T2", "ana", "2026-02-02", "5")])
    assert [(one["line"], one["reason"]) for one in job.problems] == [(3, "unknown_account")]
    personal.join(scene, by=ana, at=beijing(2026, 2, 10))
    job = inclusion.upload(scene, [("T3", "ana", "2026-02-09", "5"), ("T4", "ana", "2026-02-10", "5")])
    assert [(one["line"], one["reason"]) for one in job.problems] == [(2, "unknown_account")]


def test_a_person_who_left_meanwhile_stops_the_file(inclusion: Inclusion, scene: Scene) -> None:
    job = inclusion.send(inclusion.upload(scene, [("T1", "ana", "2026-03-02", "5")]))
    personal.leave(scene, by=inclusion.person("self@ana"), at=beijing(2026, 3, 1))
    with pytest.raises(Refused) as refused:
        inclusion.approve(job)
    assert refused.value.code == "IMPORT_STALE"


def test_each_day_has_its_own_factor(inclusion: Inclusion, scene: Scene) -> None:
    request = inclusion.send(inclusion.upload(scene, TRIPS)).request
    assert request is not None
    FactorRow.objects.create(
        item="metro", value=Decimal("0.0112"), valid_from=dt.date(2026, 2, 2), entered_on=dt.date(2026, 1, 1),
        source="a later edition", request=request,
    )  # fmt: skip
    job = inclusion.upload(scene, TRIPS)
    # 12.5 × 0.0953 on the first, 8 and 30.25 × 0.1 on the second of February
    assert job.reduction_g == 1_191 + 800 + 3_025


def test_scenes_that_count_the_same_electricity_exclude_each_other(
    inclusion: Inclusion, scene: Scene
) -> None:
    solar, saving = (
        inclusion.scene("SH-PV", "rooftop_solar"), inclusion.scene("SH-HOME", "household_electricity")
    )  # fmt: skip
    ana = inclusion.person("self@ana")
    first = personal.join(solar, by=ana, at=AT)
    assert personal.join(solar, by=ana, at=AT) == first
    with pytest.raises(Refused) as refused:
        personal.join(saving, by=ana, at=AT)
    assert refused.value.code == "COUNTED_ELSEWHERE"
    personal.leave(solar, by=ana, at=AT)
    personal.join(saving, by=ana, at=AT)


def refuses(change: Callable[[], object]) -> None:
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        change()


def test_the_database_refuses_what_must_never_be(inclusion: Inclusion, scene: Scene) -> None:
    job = inclusion.record(scene, TRIPS)
    record = ActivityRecord.objects.get(record="T1")

    def another(**changes: object) -> Callable[[], object]:
        fields = {
            "scene": scene, "record": "X", "account": record.account, "day": record.day, "amount": Decimal("12.5"),
            "baseline": Decimal("0.1112"), "scene_factor": Decimal("0.0159"), "points_a_kg": Decimal(10),
            "reduction_g": 1_191, "points": 11, "source": job,
        }  # fmt: skip
        return lambda: ActivityRecord.objects.create(**{**fields, **changes})

    for wrong in (
        {"record": "T1"},
        {"reduction_g": 1_192},
        {"points": 12},
        {"amount": Decimal("-12.5"), "reduction_g": -1_192, "points": -12},
        {"account": inclusion.account("cy")},
        {"day": dt.date(2025, 12, 31)},
        {"day": dt.date(2026, 1, 1)},
    ):
        refuses(another(**wrong))
    refuses(lambda: ActivityRecord.objects.update(amount=1))
    refuses(lambda: ActivityRecord.objects.filter(pk=record.pk).delete())
    refuses(lambda: PointEntry.objects.update(points=1))
    refuses(lambda: ActivityImport.objects.filter(pk=job.pk).delete())
    another()()
    assert len(list(points_equal_records())) == 1, "a record without its points shows"
