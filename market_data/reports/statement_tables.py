"""A member's statement as tables for files."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from market_data.reports.publish import Content
from market_data.reports.tables import Table, moment, money, table, text, whole

ORDER_COLUMNS = (
    whole("no", _("No.")),
    text("id", _("Order id")),
    moment("time", _("Time")),
    text("instrument", _("Instrument")),
    text("kind", _("Kind")),
    text("side", _("Side")),
    money("price", _("Price (yuan/t)")),
    whole("qty", _("Quantity (t)")),
    whole("filled", _("Filled (t)")),
    money("turnover", _("Turnover (yuan)")),
    money("fee", _("Fee (yuan)")),
    text("status", _("Status")),
)
TRADE_COLUMNS = (
    whole("no", _("No.")),
    whole("order", _("Own order")),
    moment("time", _("Time")),
    text("instrument", _("Instrument")),
    text("kind", _("Kind")),
    text("side", _("Side")),
    money("price", _("Price (yuan/t)")),
    whole("qty", _("Quantity (t)")),
    money("turnover", _("Turnover (yuan)")),
    money("fee", _("Fee (yuan)")),
)
SETTLEMENT_COLUMNS = (
    text("instrument", _("Instrument")),
    whole("bought", _("Bought (t)")),
    whole("sold", _("Sold (t)")),
    money("paid", _("Paid (yuan)")),
    money("received", _("Received (yuan)")),
    money("fees", _("Fees (yuan)")),
    money("net", _("Net (yuan)")),
)
ACCOUNT_COLUMNS = (
    text("asset", _("Asset")),
    text("purpose", _("Purpose")),
    text("entry", _("Entry")),
    money("in", _("In (yuan or t)")),
    money("out", _("Out (yuan or t)")),
    money("amount", _("Amount (yuan or t)")),
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
        yield from ({**of, **move, "entry": move["kind"]} for move in account["moves"])
        yield {**of, "entry": "closing", "amount": account["closing"]}
