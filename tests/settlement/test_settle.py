"""The end of a day: right, once, in order; and finished by whoever comes after one that died."""

import datetime as dt
import signal
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from exchange.models import Bar, CompositeBar, Order, TradingDay
from market_data.end_of_day import (
    STEPS,
    SettlementRefused,
    only_one_settles,
    settle,
)
from market_data.models import Report, SettlementStep
from market_data.tasks import settle_due
from registry.audit.run import reconcile
from registry.models import Account, LedgerDay, Transfer
from tests.support.processes import Worker, child_environment
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market, open_market, tamper
from tests.support.waiting import eventually

NEXT_DAY = LAUNCH_DAY + dt.timedelta(days=3)
LAUNCH_VOLUME_T, LAUNCH_TURNOVER_FEN = 4_103_953, 21_023_005_325


@pytest.fixture
def market(db: None) -> Market:
    return busy_market()


def everything() -> dict[str, list[object]]:
    """Every row that a settlement writes."""
    models = (TradingDay, Bar, CompositeBar, LedgerDay, Report, SettlementStep, Transfer, Order, Account)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def launch_day(market: Market) -> None:
    """Trades that open at 48.00, reach 52.80 and sum up to what was traded on 2021-07-16."""
    market.give("jianghai", "CEA21", LAUNCH_VOLUME_T)
    market.give("yunling", "CNY", 2 * LAUNCH_TURNOVER_FEN)
    market.trade("48.00", 1_000)
    for price, total in (("52.80", 2_758_397), ("51.65", 1), ("48.00", 1_344_555)):
        for start in range(0, total, 99_999):
            market.trade(price, min(99_999, total - start))


def test_the_launch_day_closes_at_51_23(db: None) -> None:
    market = open_market(fee_bps=0)
    launch_day(market)
    settle(LAUNCH_DAY)
    report = Report.objects.get(kind="market").content
    (launch, quiet) = report["instruments"]
    assert launch["volume"] == LAUNCH_VOLUME_T
    assert launch["turnover"] == "210230053.25"
    assert (launch["open"], launch["high"], launch["low"], launch["close"]) == (
        "48.00",
        "52.80",
        "48.00",
        "51.23",
    )
    assert (launch["prev_close"], launch["change"], launch["change_pct"]) == ("48.00", "3.23", "6.73")
    assert (quiet["open"], quiet["high"], quiet["close"], quiet["change_pct"]) == (
        "48.00",
        None,
        "48.00",
        "0.00",
    )
    market.instruments["CEA21"].refresh_from_db()
    assert market.instruments["CEA21"].prev_close_fen == 5123


def test_a_settled_day_has_expired_released_sealed_and_published(market: Market) -> None:
    settlement = settle(LAUNCH_DAY)
    assert list(settlement.done) == list(STEPS)
    assert not Order.objects.filter(status="open").exists()
    assert not Account.objects.filter(purpose__in=["order", "unsettled"]).exclude(balance=0).exists()
    day = TradingDay.objects.get()
    assert day.status == "settled"
    assert day.reconciliation is not None
    assert day.reconciliation["clean"] is True
    assert Report.objects.filter(kind="market").count() == 1
    assert Report.objects.filter(kind="member").count() == 2
    assert LedgerDay.objects.get().transfers == Transfer.objects.count()
    assert reconcile().clean


def test_settling_twice_changes_nothing_and_says_so(market: Market) -> None:
    settle(LAUNCH_DAY)
    before = everything()
    assert settle(LAUNCH_DAY).done == {}
    out = StringIO()
    call_command("settle", LAUNCH_DAY.isoformat(), stdout=out)
    assert "settled already; nothing was changed" in out.getvalue()
    assert everything() == before


def test_the_command_prints_each_step(market: Market) -> None:
    out = StringIO()
    call_command("settle", "2021-07-16", stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == list(STEPS)


class Died(Exception):
    pass


@pytest.mark.parametrize("moment", ["started", "done"])
@pytest.mark.parametrize("step", STEPS)
def test_a_settlement_that_died_anywhere_is_finished_by_the_next(
    market: Market, step: str, moment: str
) -> None:
    def die(name: str, state: str) -> None:
        if (name, state) == (step, moment):
            raise Died

    with pytest.raises(Died):
        settle(LAUNCH_DAY, on_step=die)
    settle(LAUNCH_DAY)
    assert TradingDay.objects.get().status == "settled"
    assert Report.objects.count() == 3
    assert set(SettlementStep.objects.values_list("state", flat=True)) == {"done"}
    assert reconcile().clean
    before = everything()
    assert settle(LAUNCH_DAY).done == {}
    assert everything() == before


def test_an_error_inside_a_step_is_kept_and_the_rest_is_done_later(market: Market) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no space left'; END $$;"
            "CREATE TRIGGER disk_is_full BEFORE INSERT ON market_data_report FOR EACH ROW"
            " WHEN (NEW.kind = 'member') EXECUTE FUNCTION disk_is_full()"
        )
    with pytest.raises(Exception, match="no space left"):
        settle(LAUNCH_DAY)
    failed = SettlementStep.objects.get(state="failed")
    assert failed.name == "statements"
    assert "no space left" in failed.detail
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION disk_is_full CASCADE")
    done = settle(LAUNCH_DAY).done
    assert done["report"] == "done before"
    assert done["statements"] == "2"


KILLED_AT = """
import os, signal, sys
import django
django.setup()
import datetime as dt
from market_data.end_of_day import settle
def die(name, state):
    if [name, state] == sys.argv[2:]:
        os.kill(os.getpid(), signal.SIGKILL)
settle(dt.date.fromisoformat(sys.argv[1]), on_step=die)
"""


def test_a_process_killed_in_one_step_after_another_loses_nothing(transactional_db: None) -> None:
    busy_market()
    environment = {**child_environment(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    for step in ("composite", "seal", "statements", "settled", "none"):
        run = subprocess.run(
            [sys.executable, "-c", KILLED_AT, LAUNCH_DAY.isoformat(), step, "started"],
            env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert run.returncode == (0 if step == "none" else -signal.SIGKILL), run.stderr
    assert TradingDay.objects.get().status == "settled"
    assert Report.objects.count() == 3
    assert LedgerDay.objects.get().transfers == Transfer.objects.count()
    assert reconcile().clean


def test_two_at_once_do_not_collide(transactional_db: None) -> None:
    busy_market()
    said: list[str] = []

    def second() -> None:
        try:
            settle(LAUNCH_DAY)
        except SettlementRefused as refused:
            said.append(refused.code)
        connection.close()

    def meanwhile(name: str, state: str) -> None:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    settle(LAUNCH_DAY, on_step=meanwhile)
    assert said == ["UNDER_WAY"] * 2 * len(STEPS)
    assert Report.objects.count() == 3
    with only_one_settles():
        pass  # the lock is free again


def test_the_lock_is_free_after_an_error(market: Market) -> None:
    with pytest.raises(SettlementRefused):
        settle(dt.date(2099, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == 0


def test_breaks_are_shouted_in_the_report_and_do_not_stop_the_day(
    market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    tamper(
        "UPDATE registry_account SET balance = balance + 5 WHERE asset_id = 'CEA22' AND purpose = 'source'"
    )
    settlement = settle(LAUNCH_DAY)
    assert "DO NOT AGREE: 2 break(s)" in settlement.done["reconcile"]
    day = TradingDay.objects.get()
    assert day.reconciliation is not None
    assert len(day.reconciliation["breaks"]) == 2
    public = Report.objects.get(kind="market").content["reconciliation"]
    assert public["clean"] is False
    assert {"check": "assets_sum_to_zero", "breaks": 1} in public["checks"]
    assert "registry CEA22" not in str(public)
    assert "THE BOOKS DO NOT AGREE" in caplog.text


def test_the_composite_follows_the_trades_in_their_order(db: None) -> None:
    """(CEA21 + CEA22) / 2 from 48.00 each: 49.00, 48.50 (a half fen rounds up), 47.51; closes 50.00 and 46.00."""
    market = open_market()
    market.trade("50.00", 10)
    market.trade("47.00", 10, "CEA22")
    market.trade("45.01", 10, "CEA22")
    settle(LAUNCH_DAY)
    bar = CompositeBar.objects.get()
    figures = (bar.prev_close_fen, bar.open_fen, bar.high_fen, bar.low_fen, bar.close_fen)
    assert figures == (
        4800,
        4900,
        4900,
        4751,
        4801,
    )  # CEA22 closes at 46.005 -> 46.01; (50.00 + 46.01) / 2 = 48.005 -> 48.01
    market.open_day(NEXT_DAY)
    settle(NEXT_DAY)
    quiet = CompositeBar.objects.get(day=NEXT_DAY)
    assert {quiet.prev_close_fen, quiet.open_fen, quiet.high_fen, quiet.low_fen, quiet.close_fen} == {4801}


def test_a_real_worker_settles_what_is_due(worker: Worker) -> None:
    busy_market()
    settle_due.delay()
    eventually(lambda: TradingDay.objects.get().status == "settled", seconds=60)
    assert Report.objects.count() == 3
