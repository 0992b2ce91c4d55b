"""Random operations over the whole registry, compared after every step with a naive model and with `reconcile`.

Issuance, moves, listings, takes and cancels through the real engine, surrender, cancellation, carry-over, freeze
and its end, pledge and release, transfers; each asked for, then approved, refused or withdrawn by its people. The
model knows nothing of the code: a counter of tonnes by holder, asset and place. It also says beforehand whether
an operation has to be refused, and a refused one leaves every balance as it was.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.approvals import verbs
from accounts.approvals.errors import Refused
from accounts.approvals.models import Document, Request
from exchange import clock
from exchange.models import Instrument, InstrumentParameters, TradingDay
from registry import positions
from registry.audit.run import reconcile
from registry.cancellation import cancelling
from registry.carryover import applications
from registry.compliance import surrender
from registry.custody import freezes, pledges, transfers, trusted
from registry.custody.pledges import Terms
from registry.ledger.post import InsufficientBalance, Move, post
from registry.models import Account, Asset, ComplianceYear, Freeze, Pledge, TrustedEntry
from tests.support.market import Market, endow, office
from tests.support.registry import Registry, beijing, make_registry

STEPS, EXAMPLES, LEAST_STEPS = 60, 50, 2_000
HOLDERS = ("jianghai", "yunling", "minjiang")
ASSETS = ("CEA24", "CEA25", "CCER")
BEGINNING = {"CEA24": 200, "CEA25": 100, "CCER": 20}
OBLIGATION_T, CREDITS_T = 150, 7  # five per cent of 150, rounded down
PAST, NOW = beijing(2025, 6, 2), beijing(2026, 3, 2)
EXPECTED = (Refused, InsufficientBalance, positions.NotActive)
holders, assets = st.sampled_from(HOLDERS), st.sampled_from(ASSETS)
quantities = st.integers(min_value=1, max_value=120)
picks = st.integers(min_value=0, max_value=10_000)

Place = tuple[str, str, str]


@dataclass
class Waiting:
    """A request: who decides its stages, whom its asker is of, what each end does to the model."""

    request: Request
    deciders: list[str]
    asker: str
    approved: Callable[[], None]
    released: Callable[[], None] = lambda: None
    #: whether the last approval has to succeed
    can_end: Callable[[], bool] = lambda: True
    stage: int = 0


@dataclass
class Listing:
    seller: str
    number: int
    client_id: str
    left_t: int


@dataclass
class InForce:
    """A freeze or pledge. `ending`: its end was asked for."""

    pk: int
    holder: str
    places: dict[tuple[str, str], int]
    whole: bool = False
    pledgee: str = ""
    ending: bool = False


@dataclass
class Model:
    tonnes: Counter[Place] = field(default_factory=Counter)
    suspended: set[str] = field(default_factory=set)
    surrendered: Counter[str] = field(default_factory=Counter)
    credits: Counter[str] = field(default_factory=Counter)
    carried: Counter[str] = field(default_factory=Counter)

    def has(self, code: str, asset: str, purpose: str, quantity: int) -> bool:
        return self.tonnes[code, asset, purpose] >= quantity

    def move(self, code: str, asset: str, source: str, target: str, quantity: int, to: str = "") -> None:
        self.tonnes[code, asset, source] -= quantity
        self.tonnes[to or code, asset, target] += quantity


class Registries(RuleBasedStateMachine):
    #: made once; what an example does to it is taken back at its end
    registry: ClassVar[Registry]
    steps: ClassVar[int] = 0
    market: Market

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.numbers = count(1)
        self.model = Model()
        self.waiting: list[Waiting] = []
        self.listings: list[Listing] = []
        self.freezes: list[InForce] = []
        self.pledges: list[InForce] = []
        for code in HOLDERS:
            self.registry.year(code, 2025, verified_t=OBLIGATION_T, obligation_t=OBLIGATION_T)
            for asset, quantity in BEGINNING.items():
                self._issue(code, asset, quantity, PAST)
        self._open_market()
        self._trust("jianghai", "yunling")

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _open_market(self) -> None:
        Asset.objects.get_or_create(
            code="CNY", defaults={"kind": "money", "name_zh": "元", "name_en": "Yuan"}
        )
        office("exchange")
        self.market = Market(day=clock.today())
        instrument = Instrument.objects.create(
            code="CEA24", asset_id="CEA24", name_zh="CEA24", name_en="CEA24", prev_close_fen=4_800
        )
        InstrumentParameters.objects.create(instrument=instrument, valid_from=PAST.date())
        self.market.instruments["CEA24"] = instrument
        for code in HOLDERS:
            self.market.members[code] = self.registry.organisations[code]
            endow(self.registry.organisations[code], "CNY", 100_000_000_000)
        TradingDay.objects.create(day=self.market.day, calendar="demo", opened_at=clock.now())
        self.market.phase("afternoon")

    def _trust(self, sender: str, receiver: str) -> None:
        entry = trusted.add(
            trusted=self.registry.organisations[receiver],
            by=self._person("initiator", sender),
            reason="group",
            at=NOW,
        )
        assert entry.request is not None
        verbs.approve(entry.request.pk, by=self._person("approver", sender), reason="group", at=NOW)
        TrustedEntry.objects.filter(pk=entry.pk).update(effective_on=NOW.date())

    # --- what every rule uses ------------------------------------------------------------------------

    def _person(self, role: str, code: str) -> Any:
        return self.registry.people[f"{role}@{code}"]

    def _issue(self, code: str, asset: str, quantity: int, at: Any) -> None:
        cause = f"issue:{next(self.numbers)}"
        holder = self.registry.organisations[code].pk
        post(
            [Move(asset, quantity, (office("registry").pk, "source"), (holder, "registry"), "issuance", cause)],
            cause=cause, at=at,
        )  # fmt: skip
        self.model.tonnes[code, asset, "registry"] += quantity

    def _document(self, by: Any) -> list[Document]:
        number = next(self.numbers)
        return [
            Document.objects.create(
                uploaded_by=by, uploaded_at=NOW, name="order.pdf", content_type="application/pdf", size=1,
                sha256="0" * 64, file=f"machine/{number}",
            )
        ]  # fmt: skip

    def _books(self) -> dict[Place, int]:
        rows = Account.objects.filter(holder__code__in=HOLDERS, balance__gt=0).exclude(asset="CNY")
        return {(code, asset, place): t for code, asset, place, t in rows.values_list(
            "holder__code", "asset", "purpose", "balance"
        )}  # fmt: skip

    def _try(self, may: bool, act: Callable[[], Any]) -> Any:
        """Does it, where the model says that it may be done; else it must be refused and change nothing."""
        before = self._books()
        try:
            with transaction.atomic():
                done = act()
        except EXPECTED as error:
            done, refusal = None, str(error)
        else:
            refusal = ""
        assert (refusal == "") == may, refusal or "done, and had to be refused"
        assert may or self._books() == before
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

    # --- issuance and the market ---------------------------------------------------------------------

    @rule(code=holders, asset=assets, quantity=quantities)
    def issue(self, code: str, asset: str, quantity: int) -> None:
        self._issue(code, asset, quantity, NOW)

    @rule(code=holders, asset=assets, quantity=quantities, out=st.booleans())
    def move(self, code: str, asset: str, quantity: int, out: bool) -> None:
        source, target = ("registry", "trading") if out else ("trading", "registry")
        may = self._active(code) and self.model.has(code, asset, source, quantity)
        moved = self._try(
            may,
            lambda: positions.move(
                organisation=self.registry.organisations[code], client_id=f"m{next(self.numbers)}", asset=asset,
                quantity_t=quantity, source=source, target=target,
            ),
        )  # fmt: skip
        if moved:
            self.model.move(code, asset, source, target, quantity)

    @rule(code=holders, quantity=quantities)
    def list_for_sale(self, code: str, quantity: int) -> None:
        client_id = f"l{next(self.numbers)}"
        command = self.market.submit(code, "list", client_id, side="sell", price="48.00", qty=quantity)
        self.market.drain()
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
        command = self.market.submit(
            buyer, "take", f"t{next(self.numbers)}", side="buy", price="48.00", qty=quantity,
            prefer=[listing.number],
        )  # fmt: skip
        self.market.drain()
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
        self.market.submit(listing.seller, "cancel", listing.client_id)
        self.market.drain()
        self.model.move(listing.seller, "CEA24", "order", "trading", listing.left_t)

    # --- asking ----------------------------------------------------------------------------------------

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
                2025, self.registry.organisations[code], {asset: quantity}, by=self._person("initiator", code),
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
                receiver=self.registry.organisations[receiver], asset=asset, quantity_t=quantity, ground="merger",
                by=by, reason="merged", at=NOW, documents=files,
            ),
        )  # fmt: skip
        if made is not None:
            self._asked(
                sender, asset, quantity, made, deciders=[f"approver@{sender}", "checker@registry"],
                approved=lambda: self.model.move(sender, asset, "pending", "registry", quantity, to=receiver),
                can_end=lambda: self._active(sender, receiver),
            )  # fmt: skip

    @rule(pledgor=holders, pledgee=holders, asset=assets, quantity=quantities)
    def ask_pledge(self, pledgor: str, pledgee: str, asset: str, quantity: int) -> None:
        terms = Terms(asset, quantity, 100, NOW.date(), beijing(2026, 9, 1).date())
        made = self._try(
            pledgor != pledgee and self._active(pledgor, pledgee)
            and self.model.has(pledgor, asset, "registry", quantity),
            lambda: pledges.submit(
                pledgee=self.registry.organisations[pledgee], terms=terms, by=self._person("initiator", pledgor),
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
                organisation=self.registry.organisations[code], lines={} if whole else {asset: quantity},
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
        self.market.drain()
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

    # --- deciding --------------------------------------------------------------------------------------

    def _decider(self, waiting: Waiting) -> tuple[Any, bool]:
        """Whose decision it is, and whether that organisation may act."""
        person = waiting.deciders[waiting.stage]
        return self.registry.people[person], self._active(person.split("@")[1])

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def approve(self, pick: int) -> None:
        waiting = self.waiting[pick % len(self.waiting)]
        by, acts = self._decider(waiting)
        last = waiting.stage + 1 == len(waiting.deciders)
        done = self._try(
            acts and (not last or waiting.can_end()),
            lambda: verbs.approve(waiting.request.pk, by=by, reason="in order", at=NOW),
        )
        if done is None:
            return
        waiting.stage += 1
        if last:
            self.waiting.remove(waiting)
            waiting.approved()

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def refuse(self, pick: int) -> None:
        waiting = self.waiting[pick % len(self.waiting)]
        by, acts = self._decider(waiting)
        if self._try(acts, lambda: verbs.refuse(waiting.request.pk, by=by, reason="no", at=NOW)) is not None:
            self.waiting.remove(waiting)
            waiting.released()

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def withdraw(self, pick: int) -> None:
        waiting = self.waiting.pop(pick % len(self.waiting))
        by = self.registry.people[waiting.asker]
        self._try(True, lambda: verbs.withdraw(waiting.request.pk, by=by, reason="changed", at=NOW))
        waiting.released()

    @precondition(lambda self: self.waiting)
    @rule(pick=picks)
    def the_asker_never_decides(self, pick: int) -> None:
        waiting = self.waiting[pick % len(self.waiting)]
        by = self.registry.people[waiting.asker]
        self._try(False, lambda: verbs.approve(waiting.request.pk, by=by, reason="mine", at=NOW))

    # --- after every step ------------------------------------------------------------------------------

    @invariant()
    def the_books_are_the_models(self) -> None:
        if not hasattr(self, "model"):
            return
        type(self).steps += 1
        assert self._books() == {place: t for place, t in self.model.tonnes.items() if t}
        assert [str(found) for found in reconcile().breaks] == []
        for year in ComplianceYear.objects.filter(year=2025).select_related("emitter__organisation"):
            code = year.emitter.organisation.code
            assert year.surrendered_t + year.pending_t == self.model.surrendered[code]
        states = Pledge.objects.filter(state=Pledge.State.PLEDGED).count()
        assert states == len(self.pledges)


@pytest.mark.django_db
def test_random_operations_keep_the_books() -> None:
    """Each step is one operation with all checks after it; an example has up to STEPS of them."""
    Registries.registry, Registries.steps = make_registry(emitters=HOLDERS), 0
    run_state_machine_as_test(
        Registries,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Registries.steps >= LEAST_STEPS
