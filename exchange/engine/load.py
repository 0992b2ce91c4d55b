"""What a batch must know besides the books: who asks, what they may spend, and the orders they name."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from accounts.models import Organisation
from exchange.engine.cache import Desk, made, read_orders
from exchange.matching.market import Market
from exchange.matching.orders import Name
from exchange.matching.wallets import CNY, Wallets
from exchange.models import Command, Instrument
from registry.ledger.post import hold

#: Fields of a command's body that name other orders.
REFERENCES = ("offer", "answers", "auction", "replaces", "prefer")


def holding(asking: set[int | None]) -> dict[int, Organisation]:
    """The asking organisations, their spendable balances held still until the commit."""
    ids = [pk for pk in asking if pk is not None]
    return {row.pk: row for row in hold(ids)} if ids else {}


def as_core_command(command: Command, organisations: dict[int, Organisation]) -> dict[str, Any]:
    """The stored command as the core takes it: its number becomes the order's."""
    member = "" if command.organisation_id is None else organisations[command.organisation_id].code
    return {
        **command.body,
        "cmd": command.kind,
        "id": command.client_id,
        "member": member,
        "number": command.pk,
    }


def names_in(commands: Iterable[dict[str, Any]]) -> set[Name]:
    """Every order that the commands name: their own ids, and those they refer to."""
    names: set[Name] = set()
    for command in commands:
        names.add((command["member"], command["id"]))
        for field in REFERENCES:
            value = command.get(field)
            for entry in value if isinstance(value, list) else [value] if value else []:
                names.add((entry["member"], entry["id"]))
    return names


def know_orders(desk: Desk, names: set[Name]) -> None:
    """Brings in named orders that are not open: a used id, a filled listing, a closed auction."""
    missing = sorted(name for name in names if name not in desk.market.orders and name[1])
    if not missing:
        return
    members, ids = zip(*missing, strict=True)
    rows = read_orders(
        "(m.code, o.client_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))", [list(members), list(ids)]
    )
    for row in rows:
        guest = made(desk, row, 0)
        desk.guests.append(guest)
        desk.remember(guest)


def know_members(desk: Desk, organisations: dict[int, Organisation], commands: list[dict[str, Any]]) -> None:
    """Whom the rules know in this batch: those who ask, and the counterparties they name."""
    named = {name for command in commands for name in _counterparties(command)}
    others = Organisation.objects.filter(code__in=named) if named else []
    desk.market.members, desk.market.authorities = {}, {}
    for organisation in (*organisations.values(), *others):
        desk.ids[organisation.code] = organisation.pk
        if organisation.kind in Organisation.TRADING_KINDS:
            desk.market.members[organisation.code] = organisation.status
        elif organisation.kind in Organisation.ALLOCATING_KINDS:
            desk.market.authorities[organisation.code] = organisation.status


def _counterparties(command: dict[str, Any]) -> list[str]:
    one = command.get("counterparty")
    return [*(command.get("counterparties") or ()), *([one] if isinstance(one, str) else [])]


def spendable(holders: dict[int, Organisation], instruments: list[Instrument]) -> Wallets:
    """What the held members have."""
    wallets = Wallets()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holder_id, asset_id, purpose, balance FROM registry_account WHERE holder_id = ANY(%s)"
            " AND asset_id = ANY(%s) AND purpose IN ('trading', 'order', 'unsettled')",
            [list(holders), [CNY, *(instrument.asset_id for instrument in instruments)]],
        )
        for holder, asset, purpose, balance in cursor.fetchall():
            wallets.put(holders[holder].code, asset, balance, purpose)
    return wallets


def set_aside(market: Market, command: dict[str, Any]) -> None:
    """What waited in `pending` since the announcement becomes the seller's again, right before its auction opens:
    no other command can come between."""
    book = market.books.get(command["instrument"])
    if book is not None and command.get("set_aside"):
        market.wallets.bring_in(book.code, command["qty"], command["member"], f"{command['id']}:open")


def bought_today(desk: Desk, wallets: Wallets, assets: list[str], day: dt.date) -> None:
    """Everybody's unsettled tonnes of these assets, for the close that settles them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code, o.id, a.asset_id, a.balance FROM registry_account a"
            " JOIN accounts_organisation o ON o.id = a.holder_id"
            " WHERE a.asset_id = ANY(%s) AND a.purpose = 'unsettled' AND a.balance > 0 ORDER BY o.code",
            [assets],
        )
        for code, pk, asset, balance in cursor.fetchall():
            desk.ids[code] = pk
            if wallets.amounts[code, asset]["unsettled"] == 0:
                wallets.put(code, asset, balance, "unsettled")
        cursor.execute(SURRENDER_ONLY, [day, assets])
        for code, asset, bought in cursor.fetchall():
            wallets.surrender_only[code, asset] = bought


# Of what was bought on a day, what an auction sold for surrender alone.
SURRENDER_ONLY = """
    SELECT buyer.code, instrument.asset_id, sum(trade.qty_t)::bigint
    FROM exchange_trade trade
    JOIN exchange_command auction ON auction.id = trade.listing_id
    JOIN exchange_instrument instrument ON instrument.id = trade.instrument_id
    JOIN accounts_organisation buyer ON buyer.id = trade.buyer_id
    WHERE trade.day = %s AND trade.kind = 'auction' AND auction.body -> 'surrender_only' = 'true'
      AND instrument.asset_id = ANY(%s)
    GROUP BY 1, 2
"""
