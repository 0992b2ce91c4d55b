"""Each check of the books is clean on an honest day, fails when somebody tampers, and names the row."""

import json
import threading
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import InternalError, connection

from exchange.models import Order, Trade
from registry.audit.run import one_snapshot, reconcile
from registry.models import Account, Transfer
from tests.support.trading_day import Market, busy_market, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return busy_market()


def found(check: str) -> list[tuple[str, str, str]]:
    return [(each.subject, each.expected, each.found) for each in reconcile().checks[check]]


def account(holder: str, asset: str, purpose: str) -> Account:
    return Account.objects.get(holder__code=holder, asset=asset, purpose=purpose)


def test_an_honest_day_is_clean_and_every_check_ran(market: Market) -> None:
    assert Order.objects.filter(status="open", traded_fen__gt=0, side="buy").exists()
    result = reconcile()
    assert result.breaks == []
    assert list(result.checks) == [path.rsplit(".", 1)[1] for path in settings.AUDIT_CHECKS]


def test_a_balance_that_was_raised_breaks_the_sum_and_the_account(market: Market) -> None:
    rich = account("jianghai", "CNY", "trading")
    tamper("UPDATE registry_account SET balance = balance + 100 WHERE id = %s", rich.pk)
    assert found("assets_sum_to_zero") == [("asset CNY", "0", "100")]
    expected = (f"account {rich.pk} (jianghai CNY trading)", str(rich.balance), str(rich.balance + 100))
    assert found("balances_equal_transfers") == [expected]
    assert [subject for subject, _, _ in found("issued_equals_held")] == ["asset CNY"]


def test_a_transfer_of_another_amount_names_both_its_accounts(market: Market) -> None:
    transfer = Transfer.objects.filter(kind="payment").earliest("id")
    tamper("UPDATE registry_transfer SET amount = amount + 1 WHERE id = %s", transfer.pk)
    subjects = [subject for subject, _, _ in found("balances_equal_transfers")]
    assert [subject.split()[1] for subject in subjects] == [
        str(pk) for pk in sorted([transfer.debit_id, transfer.credit_id])
    ]


def test_a_transfer_that_is_gone_is_missed(market: Market) -> None:
    transfer = Transfer.objects.filter(kind="deposit").earliest("id")
    tamper("DELETE FROM registry_transfer WHERE id = %s", transfer.pk)
    assert len(found("balances_equal_transfers")) == 2
    assert [subject for subject, _, _ in found("issued_equals_held")] == ["asset CNY"]


def test_units_drawn_from_the_source_by_another_kind_of_transfer_are_seen(market: Market) -> None:
    """Double entry and every balance agree; only the issued total does not."""
    source, yunling = (market.offices["registry"].pk, "source"), (market.members["yunling"].pk, "trading")
    market.move("CEA21", 5, source, yunling, "move")
    assert found("assets_sum_to_zero") == found("balances_equal_transfers") == []
    assert found("issued_equals_held") == [("asset CEA21", "200000", "200005")]


def test_what_is_surrendered_cancelled_or_recalled_still_adds_up(market: Market) -> None:
    jianghai, registry = market.members["jianghai"].pk, market.offices["registry"].pk
    market.move("CEA21", 30, (jianghai, "trading"), (jianghai, "surrendered"), "surrender")
    market.move("CEA21", 20, (jianghai, "trading"), (jianghai, "cancelled"), "cancellation")
    market.move("CEA21", 10, (jianghai, "trading"), (registry, "source"), "recall")
    assert (
        found("issued_equals_held") == found("balances_equal_transfers") == found("assets_sum_to_zero") == []
    )
    # No application stands behind these 30 t: of that, another check tells.
    assert [subject for subject, _, _ in found("surrendered_equals_ledger")] == ["test:7 CEA21"]


def test_an_order_that_locks_too_little_names_holder_and_asset(market: Market) -> None:
    locked = account("yunling", "CNY", "order")
    # 189 t left of 300 at 47.77 with 25 bps: 902 853 fen, and the fee on 1 433 100 less the 1 326 charged on 530 247
    assert locked.balance == 902_853 + 3_583 - 1_326
    order = Order.objects.get(organisation__code="yunling", side="buy", status="open")
    tamper("UPDATE exchange_order SET leaves_t = leaves_t - 1 WHERE command_id = %s", order.pk)
    subject = "account (yunling CNY order)"
    assert found("locks_equal_open_orders") == [
        (subject, str(188 * 4777 + 3_571 - 1_326), str(locked.balance))
    ]


def test_a_sell_order_that_nobody_locked_for_is_seen(market: Market) -> None:
    locked = account("jianghai", "CEA21", "order")
    assert locked.balance == 1_000 - 377
    tamper("UPDATE registry_account SET balance = balance - 3 WHERE id = %s", locked.pk)
    assert found("locks_equal_open_orders") == [("account (jianghai CEA21 order)", "623", "620")]


def test_a_lock_without_an_order_is_seen(market: Market) -> None:
    yunling = market.members["yunling"].pk
    market.move("CEA22", 9, (yunling, "trading"), (yunling, "order"), "lock")
    assert found("locks_equal_open_orders") == [("account (yunling CEA22 order)", "0", "9")]


def test_a_trade_at_another_price_names_day_and_trade(market: Market) -> None:
    tamper("UPDATE exchange_trade SET price_fen = price_fen + 1 WHERE no = 2 AND qty_t = 377")
    money, wrong = 400 * 4800 + 377 * 4910 + 111 * 4777, 377
    assert found("trades_equal_transfers") == [
        ("day 2021-07-16 CEA21", f"3 trades, 888 t, {money + wrong} fen", f"3 trades, 888 t, {money} fen"),
        (
            "trade:CEA21:2",
            f"377 t, {377 * 4911} fen, fees {2 * 4628}",
            f"377 t, {377 * 4910} fen, fees {2 * 4628}",
        ),
    ]


def test_a_trade_without_transfers_and_transfers_without_a_trade_are_seen(market: Market) -> None:
    tamper("UPDATE exchange_trade SET no = 99 WHERE no = 1 AND qty_t = 77")
    named = {subject: (expected, there) for subject, expected, there in found("trades_equal_transfers")}
    assert named["trade:CEA22:99"][1] == "no transfers"
    assert named["trade:CEA22:1"][0] == "no trade"


def test_a_trade_with_another_buyer_is_seen(market: Market) -> None:
    stranger = market.offices["bank"].pk
    tamper("UPDATE exchange_trade SET buyer_id = %s WHERE no = 1 AND qty_t = 400", stranger)
    (only,) = reconcile().checks["trades_equal_transfers"]
    assert only.subject == "trade:CEA21:1"
    assert "parties" in only.detail


def test_a_fee_that_was_not_paid_is_seen(market: Market) -> None:
    tamper("UPDATE exchange_trade SET buyer_fee_fen = buyer_fee_fen + 1 WHERE no = 1 AND qty_t = 400")
    assert [subject for subject, _, _ in found("trades_equal_transfers")] == ["trade:CEA21:1"]


def test_amounts_beyond_what_a_bigint_holds_are_summed(market: Market) -> None:
    tamper(
        "UPDATE registry_account SET balance = 9223372036854775807 WHERE asset_id = 'CNY' AND purpose = 'trading'"
    )
    ((_, _, total),) = found("assets_sum_to_zero")
    assert int(total) > 9223372036854775807


def test_the_day_narrows_the_check_of_trades(market: Market) -> None:
    tamper("UPDATE exchange_trade SET price_fen = price_fen + 1 WHERE no = 1")
    assert reconcile(market.day).checks["trades_equal_transfers"]
    assert not reconcile(market.day.replace(day=17)).checks["trades_equal_transfers"]
    assert Trade.objects.count() == 4


def test_the_command_says_each_check_and_fails_with_the_list(market: Market) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue().count("ok\n") == len(settings.AUDIT_CHECKS)
    tamper(
        "UPDATE registry_account SET balance = balance + 1 WHERE asset_id = 'CEA22' AND purpose = 'source'"
    )
    out = StringIO()
    with pytest.raises(CommandError, match="2 break"):
        call_command("reconcile", stdout=out)
    assert "asset CEA22: expected 0, found 1" in out.getvalue()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("reconcile", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["clean"] is False
    assert {each["check"]: each["breaks"] for each in told["checks"]}["assets_sum_to_zero"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_checks_see_one_moment_while_postings_go_on() -> None:
    market = busy_market()
    with one_snapshot():
        before = Transfer.objects.count()
        deposit = threading.Thread(target=_deposit, args=[market])
        deposit.start()
        deposit.join()
        assert Transfer.objects.count() == before
    assert Transfer.objects.count() == before + 1
    with pytest.raises(InternalError, match="read-only"), one_snapshot():
        market.give("jianghai", "CNY", 100)


def _deposit(market: Market) -> None:
    market.give("jianghai", "CNY", 100)
    connection.close()
