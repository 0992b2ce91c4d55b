"""What a page tells a bidder before the bid is sent: the engine's own rules, asked beforehand; it asks them again."""

from dataclasses import dataclass

from accounts.models import Organisation
from exchange.auction.models import Auction
from exchange.engine.cache import parameters_of
from exchange.matching import refusals
from exchange.matching.money import fee, parse_price, yuan
from exchange.models import Order
from exchange.orders import locked
from exchange.refusals import text
from registry.ledger.models import Account, Asset

__all__ = ["Fault", "Preview", "fault", "preview", "yuan"]


@dataclass(frozen=True, slots=True)
class Fault:
    """The field that is wrong, and the refusal in words with the numbers that hold here."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bid would lock, in fen; as of now."""

    cost_fen: int
    fee_fen: int
    free_fen: int
    #: what the bid that it replaces has locked
    freed_fen: int

    @property
    def locks_fen(self) -> int:
        return self.cost_fen + self.fee_fen

    @property
    def after_fen(self) -> int:
        return self.free_fen + self.freed_fen - self.locks_fen


def fault(auction: Auction, price: str, qty_t: int) -> Fault | None:
    """Why the engine would refuse such a bid whatever the bidder has; None where it would not."""
    if refusals.quantity(qty_t, 1, auction.quantity_t):
        return Fault("qty", text("BAD_QUANTITY"))
    fen = parse_price(price) or 0
    tick = parameters_of(auction.instrument, auction.opens_at.date()).tick
    if fen <= 0 or fen % tick:
        return Fault("price", text("BAD_PRICE"))
    assert auction.floor_fen is not None and auction.cap_fen is not None, "it is open"  # noqa: PT018
    if refusals.within(fen, (auction.floor_fen, auction.cap_fen)):
        return Fault("price", f"{text('PRICE_BAND')} {yuan(auction.floor_fen)}–{yuan(auction.cap_fen)}")
    return None


def preview(
    auction: Auction, organisation: Organisation, price: str, qty_t: int, replaced: Order | None = None
) -> Preview:
    """Money of the organisation before and after such a bid."""
    bps = parameters_of(auction.instrument, auction.opens_at.date()).fee_bps
    account = Account.objects.filter(
        holder=organisation, asset=Asset.CNY, purpose=Account.Purpose.TRADING
    ).first()
    cost = (parse_price(price) or 0) * qty_t
    freed = locked(replaced, auction.instrument) if replaced is not None else 0
    return Preview(cost, fee(cost, bps), account.balance if account else 0, freed)
