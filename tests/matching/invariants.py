"""What must hold after every command, whatever it was. Each function names its rule and asserts it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from exchange.matching.book import Book, Side
from exchange.matching.events import Move
from exchange.matching.market import Market
from exchange.matching.orders import OPEN, Order
from exchange.matching.wallets import CNY, LOCKED
from tests.matching.naive import NaiveMarket
from tests.matching.naive_rules import fee

#: (member, asset, purpose) → fen or tonnes
Ledger = Counter[tuple[str, str, str]]


def picture(market: Market) -> Any:
    """All of a market's state in tuples: equal pictures mean that nothing at all has changed."""
    return (
        market.age,
        tuple(market.members.items()),
        tuple((name, _fields(order)) for name, order in market.orders.items()),
        tuple((code, _book(book)) for code, book in market.books.items()),
        tuple((key, tuple(held.items())) for key, held in market.wallets.amounts.items()),
        None if market.composite is None else repr(sorted(vars(market.composite).items())),
    )


def _fields(order: Order) -> tuple[Any, ...]:
    parent = order.parent.name if order.parent else None
    return (parent, *(getattr(order, name) for name in Order.__slots__ if name != "parent"))


def _book(book: Book) -> tuple[Any, ...]:
    """Without `_bands`, which only remembers what follows from the previous close."""
    bids = tuple((name, tuple(bid.name for bid in bids)) for name, bids in book.bids.items())
    return (
        book.prev_close, book.phase, repr(book.parameters), repr(book.day), book.trade_count,
        tuple(book.open_buys.items()), bids, _side(book.buy), _side(book.sell),
    )  # fmt: skip


def _side(side: Side) -> tuple[Any, ...]:
    levels = (
        (price, level.price, level.qty, tuple(order.name for order in level.orders))
        for price, level in side.levels.items()
    )
    return tuple(side.keys), tuple(levels)


def open_orders(market: Market) -> list[Order]:
    return [order for order in market.orders.values() if order.status == OPEN]


def money_and_tonnes_are_conserved(market: Market, credited: Counter[str]) -> None:
    """Everything ever credited lies in somebody's wallet, the exchange's fees included."""
    held: Counter[str] = Counter()
    for (_, asset), amounts in market.wallets.amounts.items():
        held[asset] += sum(amounts.values())
    assert +held == +credited


def no_balance_is_below_zero(market: Market) -> None:
    for key, amounts in market.wallets.amounts.items():
        assert min(amounts.values()) >= 0, f"{key} holds {amounts}"


def locks_are_what_open_orders_need(market: Market) -> None:
    """Money and holdings: price × leaves + fee(traded + price × leaves) − fee charged so far; a sell its leaves."""
    needed: Counter[tuple[str, str]] = Counter()
    for order in open_orders(market):
        if order.side == "sell":
            needed[order.member, order.code] += order.leaves
        else:
            rest = order.price * order.leaves
            assert order.charged == fee(order.traded, order.fee_bps)
            needed[order.member, CNY] += rest + fee(order.traded + rest, order.fee_bps) - order.charged
    locked = Counter({key: amounts[LOCKED] for key, amounts in market.wallets.amounts.items()})
    assert +locked == +needed


def orders_are_open_while_something_is_left(market: Market) -> None:
    for order in market.orders.values():
        assert (order.status == OPEN) == (order.leaves > 0), f"{order.name} {order.status} {order.leaves}"
        assert 0 <= order.leaves <= order.qty - order.filled


def books_are_in_order(market: Market) -> None:
    """Levels sorted, none empty, their sums right, listings by age, every open listing there, and nothing crosses."""
    for book in market.books.values():
        for side in (book.buy, book.sell):
            prices = [level.price for level in side]
            assert prices == sorted(prices, reverse=side is book.buy)
            assert prices == sorted(side.levels, reverse=side is book.buy)
            for level in side:
                ages = [order.age for order in level.orders]
                assert ages
                assert ages == sorted(ages)
                assert all(order.price == level.price and order.leaves > 0 for order in level.orders)
                assert level.qty == sum(order.leaves for order in level.orders)
        best_buy, best_sell = book.buy.best(), book.sell.best()
        assert best_buy is None or best_sell is None or best_buy < best_sell


def books_hold_what_the_naive_market_holds(market: Market, naive: NaiveMarket) -> None:
    """The same listings with the same leaves at the same places; and the tonnes that open buys may still bring."""
    for code, book in market.books.items():
        for name, side in (("buy", book.buy), ("sell", book.sell)):
            ours = [
                (order.price, order.member, order.id, order.leaves)
                for level in side
                for order in level.orders
            ]
            theirs = sorted(
                naive.listings(code, name), key=lambda o: -o.price if o.side == "buy" else o.price
            )
            assert ours == [(o.price, o.member, o.id, o.leaves) for o in theirs]
        coming: Counter[str] = Counter()
        for order in open_orders(market):
            if order.code == code and order.side == "buy":
                coming[order.member] += order.leaves
        assert +Counter(book.open_buys) == coming


def moves_explain_the_wallets(moves: Iterable[Move], ledger: Ledger, market: Market) -> None:
    """Posted one by one to a ledger, the moves give the wallets, and no account is ever overdrawn on the way."""
    for move in moves:
        assert move.amount > 0
        debited = (move.debit, move.asset, move.debit_purpose)
        ledger[debited] -= move.amount
        ledger[move.credit, move.asset, move.credit_purpose] += move.amount
        assert ledger[debited] >= 0, f"{move} overdraws"
    wallets = Counter(
        {
            (member, asset, purpose): amount
            for (member, asset), held in market.wallets.amounts.items()
            for purpose, amount in held.items()
        }
    )
    assert +wallets == +ledger
