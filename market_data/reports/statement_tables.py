"""A member's statement as tables for CSV and XLSX."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from market_data.reports.publish import Content
from market_data.reports.tables import Column, Table, table

ORDER_COLUMNS = (
    Column("no", _("No.")),
    Column("id", _("Order id")),
    Column("time", _("Time")),
    Column("instrument", _("Instrument")),
    Column("kind", _("Kind")),
    Column("side", _("Side")),
    Column("price", _("Price (yuan/t)"), money=True),
    Column("qty", _("Quantity (t)")),
    Column("filled", _("Filled (t)")),
    Column("turnover", _("Turnover (yuan)"), money=True),
    Column("fee", _("Fee (yuan)"), money=True),
    Column("status", _("Status")),
)
TRADE_COLUMNS = (
    Column("no", _("No.")),
    Column("order", _("Own order")),
    Column("time", _("Time")),
    Column("instrument", _("Instrument")),
    Column("kind", _("Kind")),
    Column("side", _("Side")),
    Column("price", _("Price (yuan/t)"), money=True),
    Column("qty", _("Quantity (t)")),
    Column("turnover", _("Turnover (yuan)"), money=True),
    Column("fee", _("Fee (yuan)"), money=True),
)
SETTLEMENT_COLUMNS = (
    Column("instrument", _("Instrument")),
    Column("bought", _("Bought (t)")),
    Column("sold", _("Sold (t)")),
    Column("paid", _("Paid (yuan)"), money=True),
    Column("received", _("Received (yuan)"), money=True),
    Column("fees", _("Fees (yuan)"), money=True),
    Column("net", _("Net (yuan)"), money=True),
)
ACCOUNT_COLUMNS = (
    Column("asset", _("Asset")),
    Column("purpose", _("Purpose")),
    Column("entry", _("Entry")),
    Column("amount", _("Amount (yuan or t)"), money=True),
)


def tables(content: Content) -> list[Table]:
    """Settlement by instrument, accounts from opening to closing, trades, orders."""
    return [
        table("settlement", _("Settlement"), SETTLEMENT_COLUMNS, content["settlement"]),
        table("accounts", _("Accounts"), ACCOUNT_COLUMNS, _entries(content["accounts"])),
        table("trades", _("Trades"), TRADE_COLUMNS, content["trades"]),
        table("orders", _("Orders"), ORDER_COLUMNS, content["orders"]),
    ]


def _entries(accounts: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for account in accounts:
        of = {"asset": account["asset"], "purpose": account["purpose"]}
        yield {**of, "entry": "opening", "amount": account["opening"]}
        yield from ({**of, "entry": move["kind"], "amount": move["amount"]} for move in account["moves"])
        yield {**of, "entry": "closing", "amount": account["closing"]}
