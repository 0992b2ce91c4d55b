"""The one way into the ledger.

    with transaction.atomic():
        hold([seller.pk])                       # before reading what it may spend
        post([Move("CEA21", 100, (seller.pk, "trading"), (seller.pk, "registry"), "move", "move:77")],
             cause="move:77", at=now)

Locks are taken in two ranks, each in id order, so that batches never wait for each other in a circle:
first the holders whose spendable balances are read (`hold`), then, in `post`, all accounts it touches.
Without holding a holder one may only add to its `trading` balance, never spend from it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from accounts.models import Organisation
from registry.ledger.models import LedgerDay
from registry.statements import Statements

BEIJING = ZoneInfo("Asia/Shanghai")

#: A holder's id and the purpose of its account.
Place = tuple[int, str]
Key = tuple[int, str, str]


class InsufficientBalance(Exception):
    """A move would take an account below zero; nothing was posted."""


@dataclass(frozen=True, slots=True)
class Move:
    """`amount` of `asset` (fen or tonnes, above zero) from the debited place to the credited one."""

    asset: str
    amount: int
    debit: Place
    credit: Place
    kind: str
    cause: str


def hold(holder_ids: Iterable[int]) -> list[Organisation]:
    """Makes the spendable balances of these holders stand still until the transaction ends; gives their rows."""
    ids = sorted(set(holder_ids))
    held = Organisation.objects.raw(
        "SELECT * FROM accounts_organisation WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids]
    )
    return list(held)


def book_day(at: dt.datetime) -> dt.date:
    """The business day of a posting: the date in Beijing, or the day after the last sealed one if that is later."""
    day = at.astimezone(BEIJING).date()
    sealed = LedgerDay.objects.order_by("-day").values_list("day", flat=True).first()
    return day if sealed is None else max(day, sealed + dt.timedelta(days=1))


def post(moves: Sequence[Move], *, cause: str, at: dt.datetime, day: dt.date | None = None) -> bool:
    """Posts the moves as one batch, all or none; False if this cause has been posted before.

    Raises InsufficientBalance where an account other than a source would fall below zero, or a registry holding
    below what can only be surrendered; ValueError for a move that is none. A handful of statements whatever the number of moves.
    """
    _check(moves)
    if not moves:
        return True
    try:
        return _posted(moves, cause, at, day or book_day(at))
    except IntegrityError as error:
        if any(guard in str(error) for guard in ("balance_never_below_zero", "surrender_only_stays_held")):
            raise InsufficientBalance(cause) from error
        if "sealed day" in str(error) and day is None:
            # The day was sealed after it was read: what is posted now belongs to the next one.
            return _posted(moves, cause, at, book_day(at))
        raise


def post_with(out: Statements, moves: Sequence[Move], *, cause: str, at: dt.datetime, day: dt.date) -> None:
    """Posts as part of a larger writing, whose transaction this is: the rows travel with `out`'s other statements.

    The cause must be new. Where a balance would fall below zero, or the day is sealed, `out.send` raises
    IntegrityError, and all of the writing has failed.
    """
    _check(moves)
    if not moves:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registry_batch_id_seq')")
        batch: int = cursor.fetchone()[0]
        accounts = _locked_accounts(cursor, moves)
    out.rows("registry_batch", ("id", "cause", "day", "posted_at"), [(batch, cause, day, at)])
    _write(out, moves, accounts, batch, day, at)


def _check(moves: Sequence[Move]) -> None:
    for move in moves:
        if move.amount <= 0 or move.debit == move.credit:
            raise ValueError(f"not a move: {move}")


def _posted(moves: Sequence[Move], cause: str, at: dt.datetime, day: dt.date) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        batch = _begin(cursor, cause, day, at)
        if batch is None:
            return False
        accounts = _locked_accounts(cursor, moves)
        out = Statements(cursor)
        _write(out, moves, accounts, batch, day, at)
        out.send()
    return True


def _begin(cursor: Any, cause: str, day: dt.date, at: dt.datetime) -> int | None:
    cursor.execute(
        "INSERT INTO registry_batch (cause, day, posted_at) VALUES (%s, %s, %s) ON CONFLICT (cause) DO NOTHING"
        " RETURNING id",
        [cause, day, at],
    )
    row = cursor.fetchone()
    return None if row is None else row[0]


def _keys(move: Move) -> tuple[Key, Key]:
    return (move.debit[0], move.asset, move.debit[1]), (move.credit[0], move.asset, move.credit[1])


def _locked_accounts(cursor: Any, moves: Sequence[Move]) -> dict[Key, int]:
    """The ids of all touched accounts, locked in id order; accounts that are missing are opened first."""
    keys = sorted({key for move in moves for key in _keys(move)})
    columns = [list(column) for column in zip(*keys, strict=True)]
    select = """
        SELECT a.holder_id, a.asset_id, a.purpose, a.id FROM registry_account a
        JOIN unnest(%s::bigint[], %s::text[], %s::text[]) AS k (holder, asset, purpose)
          ON a.holder_id = k.holder AND a.asset_id = k.asset AND a.purpose = k.purpose
        ORDER BY a.id FOR NO KEY UPDATE OF a
    """
    cursor.execute(select, columns)
    found = {(holder, asset, purpose): pk for holder, asset, purpose, pk in cursor.fetchall()}
    if len(found) < len(keys):
        cursor.execute(
            """
            INSERT INTO registry_account (holder_id, asset_id, purpose, balance)
            SELECT holder, asset, purpose, 0 FROM unnest(%s::bigint[], %s::text[], %s::text[])
                AS k (holder, asset, purpose)
            ORDER BY holder, asset, purpose
            ON CONFLICT (holder_id, asset_id, purpose) DO NOTHING
            """,
            columns,
        )
        cursor.execute(select, columns)
        found = {(holder, asset, purpose): pk for holder, asset, purpose, pk in cursor.fetchall()}
    return found


def _write(
    out: Statements,
    moves: Sequence[Move],
    accounts: dict[Key, int],
    batch: int,
    day: dt.date,
    at: dt.datetime,
) -> None:
    changes: dict[int, int] = {}
    rows: list[tuple[object, ...]] = []
    for move in moves:
        debit, credit = (accounts[key] for key in _keys(move))
        changes[debit] = changes.get(debit, 0) - move.amount
        changes[credit] = changes.get(credit, 0) + move.amount
        rows.append((day, move.asset, debit, credit, move.amount, move.kind, move.cause, batch, at))
    out.rows(
        "registry_transfer",
        ("day", "asset_id", "debit_id", "credit_id", "amount", "kind", "cause", "batch_id", "at"),
        rows,
    )
    changed = {pk: change for pk, change in changes.items() if change}
    out.add(
        "UPDATE registry_account AS a SET balance = a.balance + c.change"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS c (id, change) WHERE a.id = c.id",
        [list(changed), list(changed.values())],
    )
