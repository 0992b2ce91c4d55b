"""What is asked for and ends: surrender, cancellation, carry-over, transfers."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from registry.cancellation import cancelling
from registry.carryover import applications
from registry.compliance import surrender
from registry.custody import transfers
from tests.registry.floor import Floor, assets, holders, quantities
from tests.registry.naive import BEGINNING, CREDITS_T, OBLIGATION_T
from tests.registry.world import NOW


class Asking(Floor):
    @rule(code=holders, asset=st.sampled_from(["CEA25", "CCER"]), quantity=st.integers(1, 60))
    def ask_surrender(self, code: str, asset: str, quantity: int) -> None:
        model = self.model
        credit = quantity if asset == "CCER" else 0
        may = (
            self._active(code) and model.has(code, asset, "registry", quantity)
            and model.surrendered[code] + quantity <= OBLIGATION_T and model.credits[code] + credit <= CREDITS_T
        )  # fmt: skip
        made = self._try(
            may,
            lambda: surrender.submit(
                2025, self.world.registry.organisations[code], {asset: quantity}, by=self._person("initiator", code),
                reason="due", at=NOW,
            ),
        )  # fmt: skip
        if made is None:
            return
        model.surrendered[code] += quantity
        model.credits[code] += credit

        def undo() -> None:
            model.surrendered[code] -= quantity
            model.credits[code] -= credit

        self._asked(
            code, asset, quantity, made, deciders=[f"approver@{code}", "approver@shanghai"], undo=undo,
            approved=lambda: model.move(code, asset, "pending", "surrendered", quantity),
        )  # fmt: skip

    @rule(code=holders, asset=assets, quantity=quantities)
    def ask_cancellation(self, code: str, asset: str, quantity: int) -> None:
        made = self._try(
            self._active(code) and self.model.has(code, asset, "registry", quantity),
            lambda: cancelling.submit(
                asset=asset, quantity_t=quantity, beneficiary="Forum", purpose="conference",
                by=self._person("initiator", code), reason="agreed", at=NOW,
            ),
        )  # fmt: skip
        if made is not None:
            self._asked(
                code, asset, quantity, made, deciders=[f"approver@{code}"],
                approved=lambda: self.model.move(code, asset, "pending", "cancelled", quantity),
            )  # fmt: skip

    @rule(code=holders, quantity=quantities)
    def ask_carry_over(self, code: str, quantity: int) -> None:
        model = self.model
        limit = BEGINNING["CEA24"]  # what was held at the cut-off; T is 10 000
        may = (
            self._active(code) and model.has(code, "CEA24", "registry", quantity)
            and model.carried[code] + quantity <= limit
        )  # fmt: skip
        made = self._try(
            may,
            lambda: applications.submit(
                lines={"CEA24": quantity}, by=self._person("initiator", code), reason="next year", at=NOW
            ),
        )
        if made is None:
            return
        model.carried[code] += quantity

        def undo() -> None:
            model.carried[code] -= quantity

        def approved() -> None:
            model.move(code, "CEA24", "pending", "converted", quantity)
            model.tonnes[code, "CEA25", "registry"] += quantity

        self._asked(
            code, "CEA24", quantity, made, deciders=[f"approver@{code}", "approver@shanghai"], undo=undo,
            approved=approved, can_end=lambda: self._active(code),
        )  # fmt: skip

    @rule(sender=holders, receiver=holders, asset=assets, quantity=quantities)
    def ask_transfer(self, sender: str, receiver: str, asset: str, quantity: int) -> None:
        trusts = (sender, receiver) == ("jianghai", "yunling")
        by = self._person("initiator", sender)
        files = self._document(by)
        made = self._try(
            trusts and self._active(sender, receiver) and self.model.has(sender, asset, "registry", quantity),
            lambda: transfers.submit(
                receiver=self.world.registry.organisations[receiver], asset=asset, quantity_t=quantity, ground="merger",
                by=by, reason="merged", at=NOW, documents=files,
            ),
        )  # fmt: skip
        if made is not None:
            self._asked(
                sender, asset, quantity, made, deciders=[f"approver@{sender}", "checker@registry"],
                approved=lambda: self.model.move(sender, asset, "pending", "registry", quantity, to=receiver),
                can_end=lambda: self._active(sender, receiver),
            )  # fmt: skip
