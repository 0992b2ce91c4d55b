"""Surrender by its verbs: who asks, who decides, what moves, what is refused (registry-rules.md 4)."""

from collections.abc import Callable

import pytest

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from registry.audit.run import reconcile
from registry.compliance import surrender
from registry.compliance.models import Certificate, ComplianceYear, Surrender, SurrenderLine
from registry.models import Asset, Batch
from tests.compliance.conftest import AT, approve, year_of
from tests.support.registry import Registry, beijing

Ask = Callable[..., Surrender]


def refusal(call: Callable[[], object]) -> Refused:
    """What a verb refused; and nothing changed."""
    before = state()
    with pytest.raises(Refused) as refused:
        call()
    assert state() == before
    return refused.value


def state() -> tuple[object, ...]:
    return (
        list(ComplianceYear.objects.order_by("pk").values_list("surrendered_t", "credits_t", "pending_t")),
        Surrender.objects.count(),
        Batch.objects.count(),
    )


def test_tonnes_wait_in_pending_and_go_with_the_province(made: Registry, ask: Ask) -> None:
    asked = ask({"CEA24": 60_000, "CEA23": 20_000, "CCER": 5_000})
    assert (asked.quantity_t, asked.credits_t, asked.state) == (85_000, 5_000, "pending")
    assert (made.balance("jianghai", "CEA24"), made.balance("jianghai", "CEA24", "pending")) == (
        30_000,
        60_000,
    )
    assert year_of(made).pending_t == 85_000
    request = asked.request
    assert request is not None
    verbs.approve(request.pk, by=made.people["approver@jianghai"], reason="right", at=AT)
    assert (year_of(made).surrendered_t, made.balance("jianghai", "CEA24", "surrendered")) == (0, 0)
    verbs.approve(request.pk, by=made.people["approver@shanghai"], reason="seen", at=AT)
    row = year_of(made)
    assert (row.surrendered_t, row.credits_t, row.pending_t, row.completed_at) == (85_000, 5_000, 0, None)
    assert made.balance("jianghai", "CEA24", "surrendered") == 60_000
    assert made.balance("jianghai", "CEA24", "pending") == 0
    assert reconcile().clean


@pytest.mark.parametrize("verdict", ["refuse", "withdraw"])
def test_what_is_not_approved_comes_back(made: Registry, ask: Ask, verdict: str) -> None:
    asked = ask({"CEA24": 60_000})
    who = "initiator@jianghai" if verdict == "withdraw" else "approver@jianghai"
    assert asked.request_id
    getattr(verbs, verdict)(asked.request_id, by=made.people[who], reason="wrong vintage", at=AT)
    asked.refresh_from_db()
    assert asked.state == {"refuse": "refused", "withdraw": "withdrawn"}[verdict]
    assert (made.balance("jianghai", "CEA24"), year_of(made).pending_t) == (90_000, 0)
    assert reconcile().clean


def test_the_province_refuses_at_the_second_stage(made: Registry, ask: Ask) -> None:
    asked = ask({"CEA24": 60_000})
    assert asked.request_id
    verbs.approve(asked.request_id, by=made.people["approver@jianghai"], reason="right", at=AT)
    verbs.refuse(asked.request_id, by=made.people["approver@shanghai"], reason="unclear", at=AT)
    assert made.balance("jianghai", "CEA24") == 90_000


def test_only_the_province_of_the_emitter_decides(made: Registry, ask: Ask) -> None:
    asked = ask({"CEA24": 1})
    assert asked.request_id
    verbs.approve(asked.request_id, by=made.people["approver@jianghai"], reason="right", at=AT)
    with pytest.raises(Refused) as refused:
        verbs.approve(asked.request_id, by=made.people["approver@yunnan"], reason="right", at=AT)
    assert refused.value.code == "NOT_YOURS"


def test_several_surrenders_sum_up_to_the_obligation_and_no_further(made: Registry, ask: Ask) -> None:
    approve(made, ask({"CEA24": 50_000}))
    ask({"CEA24": 40_000})
    refused = refusal(lambda: ask({"CEA23": 10_001}))
    assert refused.code == "OBLIGATION_EXCEEDED"
    assert "10\u00a0000" in refused.detail or "10000" in refused.detail
    ask({"CEA23": 10_000})
    assert year_of(made).pending_t == 50_000


def test_the_last_tonne_completes_the_year_and_brings_the_certificate(made: Registry, ask: Ask) -> None:
    approve(made, ask({"CEA24": 90_000, "CEA23": 4_999, "CCER": 5_000}))
    assert year_of(made).completed_at is None
    assert not Certificate.objects.exists()
    approve(made, ask({"CEA23": 1}))
    assert year_of(made).completed_at == AT
    certificate = Certificate.objects.get()
    assert certificate.organisation == made.organisations["jianghai"]
    stated = certificate.content
    assert (stated["year"], stated["obligation_t"], stated["surrendered_t"]) == (2024, 100_000, 100_000)
    assert (stated["allowances_t"], stated["credits_t"], stated["in_time"]) == (95_000, 5_000, True)
    assert "CEA23" not in str(stated), "vintages would show what it held"


@pytest.mark.parametrize(
    ("lines", "year", "code"),
    [
        ({"CEA25": 1}, 2024, "VINTAGE_NOT_ACCEPTED"),
        ({"CEA24": 1}, 2025, "VINTAGE_NOT_ACCEPTED"),
        ({"CEA24": 1, "SHEA": 1}, 2024, "VINTAGE_NOT_ACCEPTED"),
        ({"CCER-CS": 1}, 2024, "CREDIT_NOT_ACCEPTED"),
        ({"SHCER": 1}, 2024, "CREDIT_NOT_ACCEPTED"),
        ({"CCER-2017": 1}, 2025, "CREDIT_NOT_ACCEPTED"),
        ({"CCER": 5_001}, 2024, "CREDIT_CAP_EXCEEDED"),
        ({"CEA24": 90_001}, 2024, "INSUFFICIENT_HOLDINGS"),
        ({"CEA24": 100_001}, 2024, "OBLIGATION_EXCEEDED"),
        ({"NONE": 1}, 2024, "ASSET_UNKNOWN"),
        ({"CNY": 1}, 2024, "ASSET_UNKNOWN"),
        ({}, 2024, "LINES_MISSING"),
        ({"CEA24": 0}, 2024, "QUANTITY_INVALID"),
        ({"CEA24": -5}, 2024, "QUANTITY_INVALID"),
        ({"CEA24": 2**63}, 2024, "QUANTITY_INVALID"),
        ({"CEA24": True}, 2024, "QUANTITY_INVALID"),
        ({"CEA24": 1}, 2023, "NOT_COVERED"),
    ],
)
def test_refusals(made: Registry, ask: Ask, lines: dict[str, int], year: int, code: str) -> None:
    refused = refusal(lambda: ask(lines, year=year))
    assert refused.code == code
    assert refused.detail.endswith((".", "。")), "a sentence"


def test_before_verification_nothing_is_surrendered(made: Registry, ask: Ask) -> None:
    made.year("jianghai", 2026)
    assert refusal(lambda: ask({"CEA25": 1}, year=2026)).code == "OBLIGATION_UNKNOWN"


def test_the_credit_cap_counts_what_waits(made: Registry, ask: Ask) -> None:
    approve(made, ask({"CCER": 3_000}))
    waiting = ask({"CCER": 1_500})
    assert refusal(lambda: ask({"CCER": 501})).code == "CREDIT_CAP_EXCEEDED"
    ask({"CCER": 500})
    assert waiting.request_id
    verbs.withdraw(waiting.request_id, by=made.people["initiator@jianghai"], reason="later", at=AT)
    ask({"CCER": 1_500})


def test_five_percent_are_rounded_down(made: Registry, ask: Ask) -> None:
    ComplianceYear.objects.filter(pk=year_of(made).pk).update(obligation_t=99_999)
    assert refusal(lambda: ask({"CCER": 5_000})).code == "CREDIT_CAP_EXCEEDED"
    assert ask({"CCER": 4_999}).credits_t == 4_999


def test_only_registry_holdings_count(made: Registry, ask: Ask) -> None:
    made.give("jianghai", "CEA22", 500, "trading")
    refused = refusal(lambda: ask({"CEA22": 500}))
    assert refused.code == "INSUFFICIENT_HOLDINGS"


def test_arrears_take_every_vintage(made: Registry, ask: Ask) -> None:
    late = beijing(2026, 1, 1, 0, 0)
    last_second = beijing(2025, 12, 31, 23, 59)
    assert refusal(lambda: ask({"CEA25": 10}, at=last_second)).code == "VINTAGE_NOT_ACCEPTED"
    approve(made, ask({"CEA25": 10}, at=late), at=late)
    assert year_of(made).surrendered_t == 10


def test_another_firm_helps(made: Registry, ask: Ask) -> None:
    """Assisted surrender: jianghai's allowances for yunling's obligation; yunling's province decides."""
    yunling = made.organisations["yunling"]
    yunling.province = "530000"
    yunling.save()
    asked = ask({"CEA24": 1_000}, beneficiary=yunling)
    approve(made, asked, province="yunnan")
    assert year_of(made, "yunling").surrendered_t == 1_000
    assert year_of(made).surrendered_t == 0
    assert made.balance("jianghai", "CEA24", "surrendered") == 1_000
    assert Certificate.objects.get().organisation == yunling
    assert reconcile().clean


def test_a_helper_learns_no_figures_of_the_helped(made: Registry, ask: Ask) -> None:
    yunling = made.organisations["yunling"]
    for lines in ({"CEA24": 1_001}, {"CCER": 51}):
        refused = refusal(lambda lines=lines: ask(lines, beneficiary=yunling))  # type: ignore[misc]
        assert refused.code in {"OBLIGATION_EXCEEDED", "CREDIT_CAP_EXCEEDED"}
        assert not {"1 000", "1\u00a0000", "1000", "50 t"} & set(refused.detail.split("'"))
        assert "1000" not in refused.detail.replace("\u00a0", "")


def test_nobody_gives_what_is_anothers(made: Registry) -> None:
    def steal() -> object:
        return surrender.submit(
            2024, made.organisations["jianghai"], {"CEA24": 1}, by=made.people["initiator@yunling"],
            reason="mine", at=AT, beneficiary=made.organisations["yunling"],
        )  # fmt: skip

    assert refusal(steal).code == "NOT_YOURS"


def test_a_trader_cannot_ask(made: Registry) -> None:
    def trade() -> object:
        return surrender.submit(
            2024, made.organisations["jianghai"], {"CEA24": 1}, by=made.people["trader@jianghai"],
            reason="mine", at=AT,
        )  # fmt: skip

    assert refusal(trade).code == "ROLE_MISSING"


def test_an_obligation_that_shrank_is_not_surpassed(made: Registry, ask: Ask) -> None:
    asked = ask({"CEA24": 90_000, "CCER": 5_000})
    ComplianceYear.objects.filter(pk=year_of(made).pk).update(obligation_t=80_000)
    assert asked.request_id
    verbs.approve(asked.request_id, by=made.people["approver@jianghai"], reason="right", at=AT)
    request_id = asked.request_id
    refused = refusal(
        lambda: verbs.approve(request_id, by=made.people["approver@shanghai"], reason="ok", at=AT)
    )
    assert refused.code == "OBLIGATION_EXCEEDED"
    verbs.refuse(asked.request_id, by=made.people["approver@shanghai"], reason="too much now", at=AT)
    assert made.balance("jianghai", "CEA24") == 90_000


def test_sent_again_it_is_the_same_surrender(made: Registry, ask: Ask) -> None:
    first = ask({"CEA24": 10}, client_id="s-1")
    assert ask({"CEA24": 10}, client_id="s-1") == first
    assert year_of(made).pending_t == 10
    assert refusal(lambda: ask({"CEA24": 11}, client_id="s-1")).code == "DUPLICATE_ID"
    made.give("yunling", "CEA24", 10)
    other = ask({"CEA24": 10}, giver="yunling", client_id="s-1")
    assert other != first, "an id is its organisation's own"


def test_a_suspended_emitter_asks_for_nothing(made: Registry, ask: Ask) -> None:
    house = made.organisations["jianghai"]
    house.status = "suspended"
    house.save()
    assert refusal(lambda: ask({"CEA24": 10})).code == "SUSPENDED"


def test_lines_are_never_changed(made: Registry, ask: Ask) -> None:
    from django.db import Error, transaction

    asked = ask({"CEA24": 10})
    with pytest.raises(Error), transaction.atomic():
        SurrenderLine.objects.filter(surrender=asked).update(quantity_t=20)
    assert Asset.objects.filter(code="CEA24").exists()
