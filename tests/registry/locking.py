"""What is asked for and lasts until its end is asked for: pledges and freezes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from registry.custody import freezes, pledges
from registry.custody.pledges import Terms
from registry.models import Freeze
from tests.registry.floor import Floor, assets, holders, picks, quantities
from tests.registry.naive import ASSETS, InForce, Waiting
from tests.registry.world import NOW
from tests.support.registry import beijing


class Locking(Floor):
    @rule(pledgor=holders, pledgee=holders, asset=assets, quantity=quantities)
    def ask_pledge(self, pledgor: str, pledgee: str, asset: str, quantity: int) -> None:
        terms = Terms(asset, quantity, 100, NOW.date(), beijing(2026, 9, 1).date())
        made = self._try(
            pledgor != pledgee and self._active(pledgor, pledgee)
            and self.model.has(pledgor, asset, "registry", quantity),
            lambda: pledges.submit(
                pledgee=self.world.registry.organisations[pledgee], terms=terms, by=self._person("initiator", pledgor),
                reason="loan", at=NOW,
            ),
        )  # fmt: skip
        if made is None:
            return

        def approved() -> None:
            self.model.move(pledgor, asset, "pending", "pledged", quantity)
            self.pledges.append(InForce(made.pk, pledgor, {(asset, "registry"): quantity}, pledgee=pledgee))

        self._asked(
            pledgor, asset, quantity, made, deciders=[f"approver@{pledgor}", f"approver@{pledgee}"],
            approved=approved, can_end=lambda: self._active(pledgor, pledgee),
        )  # fmt: skip

    @precondition(lambda self: self.pledges)
    @rule(pick=picks)
    def ask_release(self, pick: int) -> None:
        pledge = self.pledges[pick % len(self.pledges)]
        request = self._try(
            self._active(pledge.pledgee) and not pledge.ending,
            lambda: pledges.release(
                pledge.pk, by=self._person("initiator", pledge.pledgee), reason="repaid", at=NOW
            ),
        )
        if request is None:
            return
        pledge.ending = True

        def approved() -> None:
            self.pledges.remove(pledge)
            for (asset, _place), quantity in pledge.places.items():
                self.model.move(pledge.holder, asset, "pledged", "registry", quantity)

        def released() -> None:
            pledge.ending = False

        self.waiting.append(
            Waiting(
                request, [f"approver@{pledge.pledgee}"], f"initiator@{pledge.pledgee}", approved, released
            )
        )

    @rule(code=holders, asset=assets, quantity=quantities, whole=st.sampled_from([True, False, False, False]))
    def ask_freeze(self, code: str, asset: str, quantity: int, whole: bool) -> None:
        by = self._person("issuer", "registry")
        files = self._document(by)
        made: Freeze = self._try(
            True,
            lambda: freezes.submit(
                organisation=self.world.registry.organisations[code], lines={} if whole else {asset: quantity},
                document_number="7", ordered_by="court", by=by, reason="order", at=NOW, documents=files,
            ),
        )  # fmt: skip
        tonnes = self.model.tonnes

        def enough() -> bool:
            return whole or tonnes[code, asset, "registry"] + tonnes[code, asset, "trading"] >= quantity

        def approved() -> None:
            self._freeze(made.pk, code, {} if whole else {asset: quantity})

        assert made.request is not None
        self.waiting.append(
            Waiting(made.request, ["checker@registry"], "issuer@registry", approved, can_end=enough)
        )

    def _freeze(self, pk: int, code: str, lines: dict[str, int]) -> None:
        """Named tonnes from the registry holding first; everything, and the end of listings, without lines."""
        places: dict[tuple[str, str], int] = {}
        for asset in lines or ASSETS:
            left = lines.get(asset, 10**9)
            for place in ("registry", "trading"):
                part = min(left, self.model.tonnes[code, asset, place])
                left -= part
                if part:
                    places[asset, place] = part
                    self.model.move(code, asset, place, "frozen", part)
        self.freezes.append(InForce(pk, code, places, whole=not lines))
        if lines:
            return
        self.model.suspended.add(code)
        self.world.market.drain()
        for listing in [one for one in self.listings if one.seller == code]:
            self.listings.remove(listing)
            self.model.move(code, "CEA24", "order", "trading", listing.left_t)

    @precondition(lambda self: self.freezes)
    @rule(pick=picks)
    def ask_unfreeze(self, pick: int) -> None:
        freeze = self.freezes[pick % len(self.freezes)]
        by = self._person("issuer", "registry")
        files = self._document(by)
        request = self._try(
            not freeze.ending,
            lambda: freezes.lift(freeze.pk, by=by, reason="lifted", at=NOW, documents=files),
        )
        if request is None:
            return
        freeze.ending = True

        def approved() -> None:
            self.freezes.remove(freeze)
            for (asset, place), quantity in freeze.places.items():
                self.model.move(freeze.holder, asset, "frozen", place, quantity)
            if freeze.whole and not any(one.whole and one.holder == freeze.holder for one in self.freezes):
                self.model.suspended.discard(freeze.holder)

        def released() -> None:
            freeze.ending = False

        self.waiting.append(Waiting(request, ["checker@registry"], "issuer@registry", approved, released))
