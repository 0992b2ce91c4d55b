"""Issuance, moves, and listings through the real engine."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from registry import positions
from tests.registry.floor import Floor, assets, holders, picks, quantities
from tests.registry.naive import Listing
from tests.registry.world import NOW, issue, numbers


class Trading(Floor):
    @rule(code=holders, asset=assets, quantity=quantities)
    def issue(self, code: str, asset: str, quantity: int) -> None:
        issue(self.world.registry, code, asset, quantity, NOW)
        self.model.tonnes[code, asset, "registry"] += quantity

    @rule(code=holders, asset=assets, quantity=quantities, out=st.booleans())
    def move(self, code: str, asset: str, quantity: int, out: bool) -> None:
        source, target = ("registry", "trading") if out else ("trading", "registry")
        may = self._active(code) and self.model.has(code, asset, source, quantity)
        moved = self._try(
            may,
            lambda: positions.move(
                organisation=self.world.registry.organisations[code], client_id=f"m{next(numbers)}", asset=asset,
                quantity_t=quantity, source=source, target=target,
            ),
        )  # fmt: skip
        if moved:
            self.model.move(code, asset, source, target, quantity)

    @rule(code=holders, quantity=quantities)
    def list_for_sale(self, code: str, quantity: int) -> None:
        client_id = f"l{next(numbers)}"
        command = self.world.market.submit(code, "list", client_id, side="sell", price="48.00", qty=quantity)
        self.world.market.drain()
        command.refresh_from_db()
        may = self._active(code) and self.model.has(code, "CEA24", "trading", quantity)
        assert (command.reason == "") == may, command.reason
        if may:
            self.model.move(code, "CEA24", "trading", "order", quantity)
            self.listings.append(Listing(code, command.pk, client_id, quantity))

    @precondition(lambda self: self.listings)
    @rule(buyer=holders, pick=picks, quantity=quantities)
    def take(self, buyer: str, pick: int, quantity: int) -> None:
        listing = self.listings[pick % len(self.listings)]
        quantity = min(quantity, listing.left_t)
        if buyer == listing.seller:
            return
        command = self.world.market.submit(
            buyer, "take", f"t{next(numbers)}", side="buy", price="48.00", qty=quantity,
            prefer=[listing.number],
        )  # fmt: skip
        self.world.market.drain()
        command.refresh_from_db()
        assert (command.reason == "") == self._active(buyer), command.reason
        if self._active(buyer):
            self.model.move(listing.seller, "CEA24", "order", "unsettled", quantity, to=buyer)
            listing.left_t -= quantity
            self.listings = [one for one in self.listings if one.left_t]

    @precondition(lambda self: self.listings)
    @rule(pick=picks)
    def cancel_listing(self, pick: int) -> None:
        listing = self.listings.pop(pick % len(self.listings))
        self.world.market.submit(listing.seller, "cancel", listing.client_id)
        self.world.market.drain()
        self.model.move(listing.seller, "CEA24", "order", "trading", listing.left_t)
