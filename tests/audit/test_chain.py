"""The hash chain: anybody can recompute it, a sealed day is final, and a changed past is seen."""

import datetime as dt
import hashlib
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg2.errors import CheckViolation

from registry.audit.chain import FIRST_PREVIOUS_HEAD, SealError, seal
from registry.audit.run import reconcile
from registry.models import LedgerDay, Transfer
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market, open_market, tamper

pytestmark = pytest.mark.django_db
NEXT_DAY = LAUNCH_DAY + dt.timedelta(days=1)
AFTER = LAUNCH_DAY + dt.timedelta(days=3)


@pytest.fixture
def market() -> Market:
    return busy_market()


def line(transfer: Transfer) -> str:
    """The canonical line as docs/ledger.md describes it, written a second time."""
    ends = [transfer.debit, transfer.credit]
    microseconds = (transfer.at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
    fields = [
        transfer.pk, transfer.day, transfer.asset_id,
        *(value for end in ends for value in (end.pk, end.holder_id, end.purpose)),
        transfer.amount, transfer.kind, transfer.cause, transfer.batch_id, microseconds,
    ]  # fmt: skip
    return "|".join(str(value).replace("\\", "\\\\").replace("|", "\\|") for value in fields)


def recomputed(day: dt.date, previous: str) -> str:
    lines = [line(transfer) for transfer in Transfer.objects.filter(day=day).order_by("id")]
    return hashlib.sha256("".join(f"{each}\n" for each in [previous, *lines]).encode()).hexdigest()


def test_the_head_is_the_hash_of_the_lines_that_the_docs_describe(market: Market) -> None:
    sealed = seal(LAUNCH_DAY, market.now)
    assert sealed.previous_head == FIRST_PREVIOUS_HEAD
    assert sealed.head == recomputed(LAUNCH_DAY, FIRST_PREVIOUS_HEAD)
    assert sealed.transfers == Transfer.objects.count()


def test_days_are_chained_and_a_weekend_between_them_is_sealed_too(market: Market) -> None:
    first = seal(LAUNCH_DAY, market.now)
    market.day = NEXT_DAY
    market.give("jianghai", "CNY", 700)
    market.day = AFTER
    last = seal(AFTER, market.now)
    weekend = LedgerDay.objects.get(day=NEXT_DAY)
    assert (weekend.transfers, weekend.previous_head) == (1, first.head)
    assert (last.transfers, last.previous_head) == (0, weekend.head)
    assert last.head == recomputed(AFTER, weekend.head)
    assert reconcile().clean


def test_sealing_twice_gives_the_same_seal(market: Market) -> None:
    first = seal(LAUNCH_DAY, market.now)
    again = seal(LAUNCH_DAY, market.now + dt.timedelta(hours=1))
    assert (again.head, again.sealed_at) == (first.head, first.sealed_at)


def test_a_day_before_a_sealed_one_is_not_sealed_any_more(market: Market) -> None:
    seal(AFTER, market.now)
    with pytest.raises(SealError):
        seal(NEXT_DAY, market.now)


def test_a_sealed_day_takes_no_more_transfers(market: Market) -> None:
    seal(LAUNCH_DAY, market.now)
    with pytest.raises((IntegrityError, CheckViolation), match="sealed day"), transaction.atomic():
        market.give("jianghai", "CNY", 1)


@pytest.mark.parametrize(
    "change",
    [
        "amount = amount + 1",
        "at = at + interval '1 microsecond'",
        "cause = cause || ' '",
        "kind = 'move'",
        "batch_id = batch_id + 1",
        "debit_id = credit_id, credit_id = debit_id",
        "id = id + 100000",
    ],
)
def test_any_change_to_a_sealed_transfer_is_seen_and_names_the_day(market: Market, change: str) -> None:
    sealed = seal(LAUNCH_DAY, market.now)
    transfer = Transfer.objects.earliest("id")
    assert tamper(f"UPDATE registry_transfer SET {change} WHERE id = %s", transfer.pk) == 1
    (found,) = reconcile().checks["sealed_days_unchanged"]
    assert (found.subject, found.expected) == (f"day {LAUNCH_DAY}", sealed.head)


def test_only_the_changed_day_is_named(market: Market) -> None:
    seal(LAUNCH_DAY, market.now)
    market.day = NEXT_DAY
    market.give("jianghai", "CNY", 700)
    seal(NEXT_DAY, market.now)
    seal(AFTER, market.now)
    tamper("DELETE FROM registry_transfer WHERE day = %s", NEXT_DAY)
    (found,) = reconcile().checks["sealed_days_unchanged"]
    assert found.subject == f"day {NEXT_DAY}"
    assert found.detail == "1 transfers when sealed, 0 now"
    assert not reconcile(LAUNCH_DAY).checks["sealed_days_unchanged"]


def test_an_account_that_changed_hands_is_seen(market: Market) -> None:
    seal(LAUNCH_DAY, market.now)
    market.members["stranger"] = market.offices["bank"]
    tamper(
        "UPDATE registry_account SET holder_id = %s WHERE purpose = 'order' AND asset_id = 'CEA21' AND holder_id = %s",
        market.offices["bank"].pk, market.members["jianghai"].pk,
    )  # fmt: skip
    assert reconcile().checks["sealed_days_unchanged"]


def test_a_head_that_was_replaced_with_a_fitting_one_breaks_the_next_day(market: Market) -> None:
    """Whoever changes a transfer and the day's seal must change every later seal, and every report kept elsewhere."""
    seal(LAUNCH_DAY, market.now)
    seal(NEXT_DAY, market.now)
    tamper("UPDATE registry_transfer SET cause = 'forged' WHERE id = (SELECT min(id) FROM registry_transfer)")
    forged = recomputed(LAUNCH_DAY, FIRST_PREVIOUS_HEAD)
    tamper("UPDATE registry_ledgerday SET head = %s WHERE day = %s", forged, LAUNCH_DAY)
    (found,) = reconcile().checks["sealed_days_unchanged"]
    assert (found.subject, found.expected) == (f"day {NEXT_DAY}", forged)


def test_transfers_slipped_in_before_the_last_seal_are_seen(market: Market) -> None:
    seal(LAUNCH_DAY, market.now)
    seal(AFTER, market.now)
    tamper(
        "INSERT INTO registry_transfer (day, asset_id, debit_id, credit_id, amount, kind, cause, batch_id, at)"
        " SELECT %s, asset_id, debit_id, credit_id, amount, kind, cause, batch_id, at FROM registry_transfer LIMIT 1",
        NEXT_DAY,
    )
    (found,) = reconcile().checks["sealed_days_unchanged"]
    assert (found.subject, found.found) == (f"day {NEXT_DAY}", "1")


def test_a_cause_with_the_separator_cannot_be_confused(market: Market) -> None:
    transfer = Transfer.objects.latest("id")
    tamper("UPDATE registry_transfer SET cause = %s WHERE id = %s", "a|b\\c", transfer.pk)
    assert seal(LAUNCH_DAY, market.now).head == recomputed(LAUNCH_DAY, FIRST_PREVIOUS_HEAD)


@pytest.mark.django_db(transaction=True)
def test_a_posting_under_way_is_waited_for_and_stands_in_the_day() -> None:
    market = open_market()
    before = Transfer.objects.count()
    posted, may_commit = threading.Event(), threading.Event()

    def posting() -> None:
        with transaction.atomic():
            market.give("jianghai", "CNY", 55)
            posted.set()
            may_commit.wait(20)
        connection.close()

    sealed: list[LedgerDay] = []

    def sealing() -> None:
        sealed.append(seal(LAUNCH_DAY, market.now))
        connection.close()

    poster, sealer = threading.Thread(target=posting), threading.Thread(target=sealing)
    poster.start()
    assert posted.wait(20)
    sealer.start()
    wait_for_a_lock()
    assert not sealed
    may_commit.set()
    poster.join()
    sealer.join()
    assert sealed[0].transfers == before + 1
    assert reconcile().clean


def wait_for_a_lock() -> None:
    """Returns when some session waits for a lock on the transfers."""
    for _ in range(20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'registry_transfer'::regclass)"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
