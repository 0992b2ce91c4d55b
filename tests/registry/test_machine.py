"""Random operations over the whole registry, compared after every step with a naive model and with `reconcile`.

Issuance, moves, listings, takes and cancels through the real engine, surrender, cancellation, carry-over, freeze
and its end, pledge and release, transfers; each asked for, then approved, refused or withdrawn by its people. The
model knows nothing of the code: a counter of tonnes by holder, asset and place. It also says beforehand whether
an operation has to be refused, and a refused one leaves every balance as it was.
"""

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from registry.audit.run import reconcile
from registry.models import Account, ComplianceYear, Pledge
from tests.registry.asking import Asking
from tests.registry.deciding import Deciding
from tests.registry.locking import Locking
from tests.registry.naive import HOLDERS, Place
from tests.registry.trading import Trading
from tests.registry.world import make_world

STEPS, EXAMPLES, LEAST_STEPS = 60, 42, 2_000


def books() -> dict[Place, int]:
    rows = Account.objects.filter(holder__code__in=HOLDERS, balance__gt=0).exclude(asset="CNY")
    found = rows.values_list("holder__code", "asset", "purpose", "balance")
    return {(code, asset, place): t for code, asset, place, t in found}


def in_surrender() -> dict[str, int]:
    """Of each holder, what its compliance year says is surrendered or waits to be."""
    rows = ComplianceYear.objects.filter(year=2025)
    found = rows.values_list("emitter__organisation__code", "surrendered_t", "pending_t")
    return {code: surrendered + pending for code, surrendered, pending in found}


class Registries(Trading, Asking, Locking, Deciding):
    steps: ClassVar[int] = 0

    @invariant()
    def the_books_are_the_models(self) -> None:
        if not hasattr(self, "model"):
            return
        type(self).steps += 1
        assert books() == {place: t for place, t in self.model.tonnes.items() if t}
        assert [str(found) for found in reconcile().breaks] == []
        assert in_surrender() == {code: self.model.surrendered[code] for code in HOLDERS}
        assert Pledge.objects.filter(state=Pledge.State.PLEDGED).count() == len(self.pledges)


@pytest.mark.django_db
@pytest.mark.first
def test_random_operations_keep_the_books() -> None:
    """Each step is one operation with all checks after it; an example has up to STEPS of them."""
    Registries.world, Registries.steps = make_world(), 0
    run_state_machine_as_test(
        Registries,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Registries.steps >= LEAST_STEPS
