"""Projects, the class their credits belong to, and issuance by two people: by hand."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from registry.audit.checks import assets_sum_to_zero, balances_equal_transfers, issued_equals_held
from registry.credits import issuing, projects
from registry.credits.classes import class_of
from registry.credits.projects import WrongFields
from registry.models import Asset, CreditIssue, Project, Transfer
from tests.support.registry import Registry, beijing, make_registry

AT = beijing(2026, 3, 2)


@pytest.fixture
def registry(db: None) -> Registry:
    return make_registry()


def project(registry: Registry, **changes: Any) -> Project:
    fields: dict[str, Any] = {
        "code": "CCER-W-1", "scheme": "ccer", "name_zh": "海上风电", "name_en": "Offshore wind", "owner": "jianghai",
        "methodology": "CCER-01-002-V01", "sector": "energy", "province": "310000",
        "registered_on": dt.date(2025, 3, 1), "in_covered_sector": False,
    }  # fmt: skip
    return projects.register(**{**fields, **changes}, by=registry.people["issuer@registry"], at=AT)


def asked(registry: Registry, of: Project, **changes: Any) -> CreditIssue:
    fields: dict[str, Any] = {
        "period_from": dt.date(2025, 1, 1), "period_to": dt.date(2025, 12, 31), "verified_t": 1_200, "quantity_t": 1_000,
        "by": registry.people["issuer@registry"], "reason": "verified", "at": AT,
    }  # fmt: skip
    return issuing.submit(of, **{**fields, **changes})


def approve(registry: Registry, issue: CreditIssue, by: str = "checker@registry") -> None:
    assert issue.request_id is not None
    verbs.approve(issue.request_id, by=registry.people[by], reason="checked", at=AT)


@pytest.mark.parametrize(
    ("scheme", "registered_on", "covered", "asset"),
    [
        ("ccer", dt.date(2024, 1, 23), False, "CCER"),
        ("ccer", dt.date(2024, 1, 22), False, "CCER-2017"),
        ("ccer", dt.date(2016, 5, 1), False, "CCER-2017"),
        ("ccer", dt.date(2025, 5, 1), True, "CCER-CS"),
        ("ccer", dt.date(2016, 5, 1), True, "CCER-CS"),
        ("shcer", dt.date(2025, 5, 1), False, "SHCER"),
    ],
)
def test_registration_and_sector_decide_the_asset(
    scheme: str, registered_on: dt.date, covered: bool, asset: str
) -> None:
    assert class_of(scheme, registered_on, covered).asset == asset


def test_two_people_issue_into_the_owners_registry_holding(registry: Registry) -> None:
    issue = asked(registry, project(registry))
    assert (issue.state, registry.balance("jianghai", "CCER")) == ("waiting", 0)
    approve(registry, issue)
    issue.refresh_from_db()
    assert (issue.state, issue.serial_first, issue.serial_last) == ("issued", 1, 1_000)
    assert issue.issued_at == AT
    assert registry.balance("jianghai", "CCER") == 1_000
    assert registry.balance("registry", "CCER", "source") == -1_000
    moved = Transfer.objects.get(cause=f"credit_issue:{issue.pk}")
    assert (moved.kind, moved.amount) == ("issuance", 1_000)
    for check in (assets_sum_to_zero, balances_equal_transfers, issued_equals_held):
        assert list(check()) == []


def test_serials_of_an_asset_follow_each_other(registry: Registry) -> None:
    first, second = project(registry), project(registry, code="CCER-W-2", owner="yunling")
    old = project(registry, code="CCER-O-1", registered_on=dt.date(2016, 1, 1))
    issues = [asked(registry, of, quantity_t=tonnes) for of, tonnes in ((first, 10), (second, 5), (old, 7))]
    for issue in issues:
        approve(registry, issue)
        issue.refresh_from_db()
    assert [(issue.asset_id, issue.serial_first, issue.serial_last) for issue in issues] == [
        ("CCER", 1, 10),
        ("CCER", 11, 15),
        ("CCER-2017", 1, 7),
    ]


def test_the_database_refuses_a_serial_twice(registry: Registry) -> None:
    first, second = asked(registry, project(registry)), asked(registry, project(registry, code="CCER-W-2"))
    approve(registry, first)
    with pytest.raises(IntegrityError, match="credit_serials_never_twice"), transaction.atomic():
        CreditIssue.objects.filter(pk=second.pk).update(serial_first=1_000, serial_last=1_999)


def test_a_class_without_an_asset_gets_one(registry: Registry) -> None:
    project(registry, code="S-1", scheme="shcer")
    asset = Asset.objects.get(code="SHCER")
    assert (asset.kind, asset.name_zh) == ("credit", "上海碳普惠减排量")


def test_the_issuer_cannot_check_and_others_can_neither(registry: Registry) -> None:
    issue = asked(registry, project(registry))
    for name in ("issuer@registry", "approver@mee", "approver@jianghai"):
        with pytest.raises(Refused):
            approve(registry, issue, by=name)
    assert registry.balance("jianghai", "CCER") == 0


@pytest.mark.parametrize(
    "name", ["checker@registry", "initiator@jianghai", "regulator@mee", "regulator@shanghai"]
)
def test_only_the_registrys_issuer_registers_and_asks(registry: Registry, name: str) -> None:
    of = project(registry)
    with pytest.raises(Refused, match="ROLE_MISSING"):
        asked(registry, of, by=registry.people[name])
    with pytest.raises(Refused, match="ROLE_MISSING"):
        projects.require_issuer(registry.people[name])


def test_a_refused_period_is_free_again(registry: Registry) -> None:
    of = project(registry)
    first = asked(registry, of)
    with pytest.raises(WrongFields) as refused:
        asked(registry, of, period_from=dt.date(2025, 12, 31), period_to=dt.date(2026, 1, 31))
    assert list(refused.value.errors) == ["period_from"]
    assert first.request_id is not None
    verbs.refuse(first.request_id, by=registry.people["checker@registry"], reason="no", at=AT)
    first.refresh_from_db()
    assert first.state == "refused"
    approve(registry, asked(registry, of))
    assert registry.balance("jianghai", "CCER") == 1_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity_t": 1_201}, "quantity_t"),
        ({"quantity_t": 0}, "quantity_t"),
        ({"verified_t": -1}, "verified_t"),
        ({"verified_t": 10**15, "quantity_t": 10**15}, "verified_t"),
        ({"period_to": dt.date(2024, 12, 31)}, "period_to"),
        ({"period_to": dt.date(2026, 3, 2)}, "period_to"),
    ],
)
def test_an_issue_outside_its_bounds_names_the_field(
    registry: Registry, changes: dict[str, Any], field: str
) -> None:
    of = project(registry)
    with pytest.raises(WrongFields) as refused:
        asked(registry, of, **changes)
    assert field in refused.value.errors
    assert not CreditIssue.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "a b"}, "code"),
        ({"owner": "nobody"}, "owner"),
        ({"owner": "shanghai"}, "owner"),
        ({"province": "999999"}, "province"),
        ({"registered_on": dt.date(2026, 3, 3)}, "registered_on"),
        ({"name_zh": " "}, "name_zh"),
        ({"scheme": "vcs"}, "scheme"),
        ({"scheme": "shcer", "in_covered_sector": True}, "in_covered_sector"),
    ],
)
def test_a_wrong_project_names_the_field(registry: Registry, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongFields) as refused:
        project(registry, **changes)
    assert list(refused.value.errors) == [field]
    assert not Project.objects.exists()


def test_a_code_is_taken_once(registry: Registry) -> None:
    project(registry)
    with pytest.raises(WrongFields) as refused:
        project(registry)
    assert list(refused.value.errors) == ["code"]
