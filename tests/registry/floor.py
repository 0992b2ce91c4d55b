"""What every operation of the machine uses: the world and the model, and how a verb is tried."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from registry import positions
from registry.ledger.post import InsufficientBalance
from tests.registry.naive import ASSETS, HOLDERS, InForce, Listing, Model, Waiting
from tests.registry.world import NOW, World, numbers

EXPECTED = (Refused, InsufficientBalance, positions.NotActive)
holders, assets = st.sampled_from(HOLDERS), st.sampled_from(ASSETS)
quantities = st.integers(min_value=1, max_value=120)
picks = st.integers(min_value=0, max_value=10_000)


class Floor(RuleBasedStateMachine):
    """One example: the model and the world side by side."""

    #: made once; what an example does to it is taken back at its end
    world: ClassVar[World]

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model = Model()
        self.waiting: list[Waiting] = []
        self.listings: list[Listing] = []
        self.freezes: list[InForce] = []
        self.pledges: list[InForce] = []

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _person(self, role: str, code: str) -> Any:
        return self.world.registry.people[f"{role}@{code}"]

    def _document(self, by: Any) -> list[Document]:
        number = next(numbers)
        return [
            Document.objects.create(
                uploaded_by=by, uploaded_at=NOW, name="order.pdf", content_type="application/pdf", size=1,
                sha256="0" * 64, file=f"machine/{number}",
            )
        ]  # fmt: skip

    def _try(self, may: bool, act: Callable[[], Any]) -> Any:
        """Does it, where the model says that it may be done; else it must be refused.

        The model stays as it is then, and after the step the books have to be the model's: nothing changed.
        """
        try:
            with transaction.atomic():
                done = act()
        except EXPECTED as error:
            done, refusal = None, str(error)
        else:
            refusal = ""
        assert (refusal == "") == may, refusal or "done, and had to be refused"
        return done

    def _active(self, *codes: str) -> bool:
        return not self.model.suspended & set(codes)

    def _asked(self, code: str, asset: str, quantity: int, made: Any, **more: Any) -> None:
        """The tonnes wait in `pending`; released they are in the registry holding again."""
        self.model.move(code, asset, "registry", "pending", quantity)
        undo = more.pop("undo", lambda: None)

        def released() -> None:
            self.model.move(code, asset, "pending", "registry", quantity)
            undo()

        self.waiting.append(Waiting(made.request, asker=f"initiator@{code}", released=released, **more))
