"""The ledger's one way in, and the walls around it (registry-rules.md 1)."""

import datetime as dt
import sys

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Organisation
from registry.audit.run import reconcile
from registry.ledger.post import BEIJING, InsufficientBalance, Move, book_day, post
from registry.models import Account, Asset, Batch, LedgerDay, Transfer
from tests.support.market import endow, office

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=BEIJING)

pytestmark = pytest.mark.django_db


@pytest.fixture
def holders() -> tuple[Organisation, Organisation]:
    for code, kind in ((Asset.CNY, "money"), ("CEA24", "allowance")):
        Asset.objects.create(code=code, kind=kind, name_zh=code, name_en=code)
    made = [
        Organisation.objects.create(code=code, kind="emitter", name_zh=code, name_en=code)
        for code in ("A", "B")
    ]
    endow(made[0], "CEA24", 100)
    return made[0], made[1]


def move(debit: Organisation, credit: Organisation, amount: int, asset: str = "CEA24") -> Move:
    return Move(asset, amount, (debit.pk, "trading"), (credit.pk, "registry"), "move", "test")


def balance(holder: Organisation, purpose: str) -> int:
    return Account.objects.get(holder=holder, asset="CEA24", purpose=purpose).balance


def test_a_transfer_moves_a_balance(holders: tuple[Organisation, Organisation]) -> None:
    a, b = holders
    assert post([move(a, b, 30)], cause="once", at=NOON)
    assert (balance(a, "trading"), balance(b, "registry")) == (70, 30)
    assert reconcile().clean


def test_the_same_cause_posts_once(holders: tuple[Organisation, Organisation]) -> None:
    a, b = holders
    assert post([move(a, b, 30)], cause="once", at=NOON)
    assert not post([move(a, b, 30)], cause="once", at=NOON)
    assert balance(a, "trading") == 70


def test_nothing_of_a_batch_is_posted_when_one_move_lacks_cover(
    holders: tuple[Organisation, Organisation],
) -> None:
    a, b = holders
    before = Transfer.objects.count(), Batch.objects.count()
    with pytest.raises(InsufficientBalance):
        post([move(a, b, 60), move(a, b, 41)], cause="too much", at=NOON)
    assert (balance(a, "trading"), (Transfer.objects.count(), Batch.objects.count())) == (100, before)


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_above_zero(holders: tuple[Organisation, Organisation], amount: int) -> None:
    with pytest.raises(ValueError, match="not a move"):
        post([move(*holders, amount)], cause="no", at=NOON)


def test_a_move_goes_somewhere(holders: tuple[Organisation, Organisation]) -> None:
    a, _ = holders
    with pytest.raises(ValueError, match="not a move"):
        post([Move("CEA24", 1, (a.pk, "trading"), (a.pk, "trading"), "move", "x")], cause="no", at=NOON)


def test_an_unknown_asset_is_refused_by_the_database(holders: tuple[Organisation, Organisation]) -> None:
    issued = Move("GOLD", 1, (office("registry").pk, "source"), (holders[0].pk, "registry"), "issuance", "no")
    # Keys that Django made are checked when the transaction ends; the test's own never does.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        post([issued], cause="no", at=NOON)


def test_the_database_keeps_both_ends_of_a_transfer_in_one_asset(
    holders: tuple[Organisation, Organisation],
) -> None:
    a, _b = holders
    endow(a, Asset.CNY, 100)
    money = Account.objects.get(holder=a, asset=Asset.CNY, purpose="trading")
    tonnes = Account.objects.get(holder=a, asset="CEA24", purpose="trading")
    batch = Batch.objects.latest("pk")
    with pytest.raises(IntegrityError, match="transfer_credit"), transaction.atomic():
        Transfer.objects.create(
            day=NOON.date(), asset_id=Asset.CNY, debit=money, credit=tonnes, amount=1, kind="move", cause="x",
            batch=batch, at=NOON,
        )  # fmt: skip


@pytest.mark.parametrize("table", ["registry_transfer", "registry_batch"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET day = day", "DELETE FROM {}"])
def test_what_is_posted_is_never_changed(
    holders: tuple[Organisation, Organisation], table: str, statement: str
) -> None:
    refused = pytest.raises(DatabaseError, match="Cannot update or delete")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.usefixtures("truncate_guards")
@pytest.mark.parametrize("table", ["registry_transfer", "registry_account", "registry_ledgerday"])
def test_what_is_posted_is_never_emptied(holders: tuple[Organisation, Organisation], table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending checks would refuse the TRUNCATE first
    with (
        pytest.raises(DatabaseError, match="never removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_an_account_never_falls_below_zero_whoever_writes(holders: tuple[Organisation, Organisation]) -> None:
    with pytest.raises(IntegrityError, match="balance_never_below_zero"), transaction.atomic():
        Account.objects.filter(holder=holders[0], asset="CEA24", purpose="trading").update(balance=-1)


def test_a_source_shows_what_is_in_circulation(holders: tuple[Organisation, Organisation]) -> None:
    source = Account.objects.get(holder=office("registry"), asset="CEA24", purpose="source")
    assert source.balance == -100


def test_a_sealed_day_takes_no_more_transfers(holders: tuple[Organisation, Organisation]) -> None:
    LedgerDay.objects.create(
        day=NOON.date(), transfers=0, head="0" * 64, previous_head="0" * 64, sealed_at=NOON
    )
    with pytest.raises(DatabaseError, match="sealed day"), transaction.atomic():
        post([move(*holders, 1)], cause="late", at=NOON, day=NOON.date())
    assert book_day(NOON) == NOON.date() + dt.timedelta(days=1)
    assert post([move(*holders, 1)], cause="next day", at=NOON)


def test_a_day_sealed_at_the_last_moment_sends_the_posting_to_the_next(
    holders: tuple[Organisation, Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["registry.ledger.post"]
    read = book_day(NOON)
    LedgerDay.objects.create(day=read, transfers=0, head="0" * 64, previous_head="0" * 64, sealed_at=NOON)
    days = iter([read, book_day(NOON)])
    monkeypatch.setattr(module, "book_day", lambda at: next(days))
    assert post([move(*holders, 1)], cause="in between", at=NOON)
    assert Transfer.objects.latest("id").day == read + dt.timedelta(days=1)


def test_the_business_day_is_the_date_in_beijing() -> None:
    assert book_day(dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)) == dt.date(2026, 3, 2)
