"""Whatever is ordered, issued, sold and corrected: what was issued and deducted is what was due, and no tonne is lost."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.approvals.errors import Refused
from registry.allocation.models import Adjustment, PlanRow
from registry.audit.run import reconcile
from registry.ledger.post import Move, hold, post
from registry.models import Account
from tests.issuance.conftest import AT, Office

tonnes = st.integers(0, 120_000)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("adjust"), st.integers(1, 90_000)),
        st.tuples(st.just("sell"), st.integers(1, 100)),
        st.tuples(st.just("correct"), tonnes),
    ),
    max_size=6,
)


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with the same registry."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sell(office: Office, per_cent: int, number: int) -> None:
    """A part of the registry holding goes to another emitter."""
    seller, buyer = office.made.organisations["jianghai"], office.made.organisations["yunling"]
    hold([seller.pk])
    amount = office.made.balance("jianghai", "CEA24") * per_cent // 100
    if amount:
        cause = f"sold:{number}"
        place = (buyer.pk, "trading")
        post([Move("CEA24", amount, (seller.pk, "registry"), place, "transfer", cause)], cause=cause, at=AT)


def figures(office: Office, due_t: int) -> None:
    """A year whose allocation is about `due_t`: gas, so that it is at least what was emitted."""
    office.report("jianghai", 2024, due_t, generation_mwh="0", load_factor="0")


def holds(office: Office) -> None:
    """The identities."""
    rows = PlanRow.objects.filter(emitter=office.emitter("jianghai"), plan__state="issued")
    sums = rows.aggregate(
        issue=Sum("issue_t"), recall=Sum("recall_t"), uncollected=Sum("uncollected_t"), taken=Sum("deducted_t"),
        back=Sum("returned_t"),
    )  # fmt: skip
    net = {name: value or 0 for name, value in sums.items()}
    year = office.covered("jianghai", 2024)
    issued = net["issue"] - net["recall"] + net["uncollected"]
    assert year.issued_t == issued
    due = year.preallocated_t if year.allocated_t is None else year.allocated_t
    if rows.exists():
        assert issued - net["uncollected"] + net["taken"] - net["back"] == due
    for adjustment in Adjustment.objects.annotate(used=Sum("uses__taken_t")):
        assert adjustment.remaining_t == adjustment.ordered_t - (adjustment.used or 0) >= 0
    held = Account.objects.filter(asset="CEA24").exclude(purpose="source").aggregate(total=Sum("balance"))
    assert (held["total"] or 0) == issued


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=tonnes, ordered=st.lists(st.integers(1, 90_000), max_size=2), due=tonnes, then=steps)
def test_issued_and_deducted_are_what_was_due(
    office: Office, before: int, ordered: list[int], due: int, then: list[tuple[str, int]]
) -> None:
    with undone():
        office.made.unit("jianghai", unit_class="IV")
        office.report("jianghai", 2023, before)
        figures(office, due)
        for amount in ordered:
            office.adjustment("jianghai", 2024, amount)
        office.issue(2024, "pre")
        holds(office)
        sell(office, 50 * (before % 3), 0)
        office.issue(2024, "final")
        holds(office)
        for number, (what, value) in enumerate(then, 1):
            if what == "adjust":
                office.adjustment("jianghai", 2024, value)
            elif what == "sell":
                sell(office, value, number)
            else:
                figures(office, value)
                # Where nothing has changed there is nothing to correct.
                with suppress(Refused):
                    office.issue(2024, "correction")
            holds(office)
        assert reconcile().clean
