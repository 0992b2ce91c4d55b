"""What the database writes as canonical JSON is what Python would have written."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.models import Order, Trade
from market_data.end_of_day import settle
from market_data.models import Report
from market_data.reports import statement, statement_lines
from market_data.reports.figures import moment
from market_data.reports.publish import canonical
from market_data.reports.render import TABLES, tables
from registry.models import Transfer
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_the_canonical_form_is_the_one_that_the_documentation_gives(content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(content) == text.encode()


@pytest.fixture
def market(db: None) -> Market:
    market = busy_market()
    market.send("jianghai", "list", "sell", "49.20", 3, id='quote " back \\ 引号 \n\t\x01é')
    market.decide()
    return market


def test_lines_of_orders_and_trades_are_canonical(market: Market) -> None:
    ids = [member.pk for member in market.members.values()]
    for lines in (
        statement_lines.orders(LAUNCH_DAY, ids),
        statement_lines.trades(LAUNCH_DAY, ids),
    ):
        assert set(lines) == set(ids)
        for raw in lines.values():
            assert canonical({"lines": json.loads(bytes(raw))}) == canonical({"lines": raw})


def test_times_and_money_are_written_as_python_writes_them(market: Market) -> None:
    ids = [member.pk for member in market.members.values()]
    found = {
        (each["no"], each["side"]): each
        for raw in statement_lines.trades(LAUNCH_DAY, ids).values()
        for each in json.loads(bytes(raw))
        if each["instrument"] == "CEA21"
    }
    for trade in Trade.objects.filter(instrument__code="CEA21"):
        bought = found[trade.no, "buy"]
        assert bought["time"] == moment(trade.at)
        assert bought["turnover"] == f"{trade.turnover_fen / 100:.2f}"
        assert bought["order"] in set(
            Order.objects.filter(organisation=trade.buyer).values_list("pk", flat=True)
        )


def test_the_stored_statement_gives_its_hash(market: Market) -> None:
    settle(LAUNCH_DAY)
    for report in Report.objects.filter(kind="member"):
        assert hashlib.sha256(canonical(report.content)).hexdigest() == report.sha256
        assert tuple(each.name for each in tables(report)) == TABLES[report.kind]


def test_portions_hold_few_lines_and_everybody_once(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    members = sorted(market.members.values(), key=lambda each: each.code)
    assert list(statement.portions(LAUNCH_DAY, members)) == [members]
    monkeypatch.setattr(statement, "LINES_TOGETHER", 5)
    assert list(statement.portions(LAUNCH_DAY, members)) == [members[:1], members[1:]]


def test_a_statement_names_every_kind_of_move_and_still_adds_up(market: Market) -> None:
    """Each kind of transfer that the ledger knows, in and out of a member's accounts."""
    member, other = market.members["jianghai"].pk, market.members["yunling"].pk
    source = market.offices["registry"].pk
    for number, kind in enumerate(Transfer.Kind.values, start=1):
        market.move("CEA22", 10 * number, (source, "source"), (member, "registry"), kind)
        market.move("CEA22", number, (member, "registry"), (other, "pending"), kind)
    settle(LAUNCH_DAY)
    report = Report.objects.get(kind="member", organisation=member)
    assert report.content["adds_up"] is True
    (account,) = (
        each
        for each in report.content["accounts"]
        if (each["asset"], each["purpose"]) == ("CEA22", "registry")
    )
    moves = {each["kind"]: each for each in account["moves"]}
    assert set(moves) == set(Transfer.Kind.values)
    for number, kind in enumerate(Transfer.Kind.values, start=1):
        assert (moves[kind]["in"], moves[kind]["out"], moves[kind]["amount"]) == (
            10 * number,
            number,
            9 * number,
        )
    assert account["closing"] == sum(each["amount"] for each in moves.values())


def test_a_kind_that_came_and_went_is_still_named(market: Market) -> None:
    member = market.members["jianghai"].pk
    market.move("CEA21", 5, (member, "trading"), (member, "registry"), "move")
    market.move("CEA21", 5, (member, "registry"), (member, "trading"), "move")
    ((_, body),) = statement.build(LAUNCH_DAY, [market.members["jianghai"]])
    (account,) = (
        each for each in body["accounts"] if (each["asset"], each["purpose"]) == ("CEA21", "registry")
    )
    assert account["moves"] == [{"kind": "move", "in": 5, "out": 5, "amount": 0}]
