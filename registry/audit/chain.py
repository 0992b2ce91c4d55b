"""The hash chain over each day's transfers (registry-rules.md 1, point 6), and the seal of a day.

Head of a day = SHA-256 over

    the head of the sealed day before, in hex (64 zeros before the first), and a line feed, then
    a canonical line and a line feed for each transfer of the business day, in the order of its id:

    id|day|asset|debit account|debit holder|debit purpose|credit account|credit holder|credit purpose|
    amount|kind|cause|batch|at

in UTF-8, without the line break shown here: numbers in decimal, the day as YYYY-MM-DD, holders by their
number, `at` in whole microseconds since 1970-01-01 UTC. A `|`, backslash, or control character inside a field
is written with a backslash, as PostgreSQL's COPY does, so that no two transfers share a line. docs/ledger.md
shows how to recompute it with psql and sha256sum.

A sealed day takes no more transfers, nor does any day before it (a trigger sees to that).
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from registry.audit.breaks import Break
from registry.models import LedgerDay

FIRST_PREVIOUS_HEAD = "0" * 64

LINES = """
    COPY (
        SELECT transfer.id, transfer.day, transfer.asset_id,
               debit.id, debit.holder_id, debit.purpose, credit.id, credit.holder_id, credit.purpose,
               transfer.amount, transfer.kind, transfer.cause, transfer.batch_id,
               (extract(epoch FROM transfer.at) * 1000000)::bigint
        FROM registry_transfer AS transfer
        LEFT JOIN registry_account AS debit ON debit.id = transfer.debit_id
        LEFT JOIN registry_account AS credit ON credit.id = transfer.credit_id
        WHERE transfer.day = '{day}' ORDER BY transfer.id
    ) TO STDOUT (FORMAT text, DELIMITER '|')
"""

UNSEALED_DAYS = """
    SELECT DISTINCT day FROM registry_transfer
    WHERE day < %(day)s AND day > coalesce((SELECT max(day) FROM registry_ledgerday), '-infinity') ORDER BY day
"""

FORGOTTEN_DAYS = """
    SELECT day, count(*) FROM registry_transfer
    WHERE day <= (SELECT max(day) FROM registry_ledgerday) AND (%(day)s::date IS NULL OR day = %(day)s)
      AND NOT EXISTS (SELECT 1 FROM registry_ledgerday AS sealed WHERE sealed.day = registry_transfer.day)
    GROUP BY day ORDER BY day
"""


class SealError(Exception):
    """The day cannot be sealed: a later one is already."""


@dataclass(frozen=True, slots=True)
class DayHead:
    """The head of a day's chain, in hex, and how many transfers stand in it."""

    head: str
    transfers: int


class Digest:
    """A file to COPY into: hashes what is written, counts the lines, keeps nothing."""

    def __init__(self, previous_head: str) -> None:
        self.sha = hashlib.sha256(f"{previous_head}\n".encode())
        self.lines = 0

    def write(self, data: bytes) -> int:
        self.sha.update(data)
        self.lines += data.count(b"\n")
        return len(data)


def head_of(day: dt.date, previous_head: str) -> DayHead:
    """The head of a business day's transfers as they stand now; streamed, so a large day needs no memory."""
    digest = Digest(previous_head)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # COPY takes no parameters; a date's ISO form holds nothing that could be misread.
        cursor.copy_expert(LINES.format(day=day.isoformat()), digest)
    return DayHead(digest.sha.hexdigest(), digest.lines)


def seal(day: dt.date, at: dt.datetime) -> LedgerDay:
    """Seals a business day, and before it each earlier day that has transfers and no seal (weekends).

    Sealed again, it answers the first seal. Raises SealError where a later day is sealed and this one is not.
    Waits for postings under way and holds off new ones until it is done: a transfer that came into the books
    between the hash and the seal would be in neither day.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE registry_transfer IN SHARE MODE")
        sealed = LedgerDay.objects.filter(day=day).first()
        if sealed:
            return sealed
        if LedgerDay.objects.filter(day__gt=day).exists():
            raise SealError(f"{day} cannot be sealed any more: a later day is sealed.")
        cursor.execute(UNSEALED_DAYS, {"day": day})
        for (earlier,) in cursor.fetchall():
            _seal_one(earlier, at)
        return _seal_one(day, at)


def _seal_one(day: dt.date, at: dt.datetime) -> LedgerDay:
    last = LedgerDay.objects.order_by("-day").first()
    previous = last.head if last else FIRST_PREVIOUS_HEAD
    computed = head_of(day, previous)
    return LedgerDay.objects.create(
        day=day, transfers=computed.transfers, head=computed.head, previous_head=previous, sealed_at=at
    )


def sealed_days_unchanged(day: dt.date | None = None) -> Iterator[Break]:
    """Point 6: every sealed day's transfers still give its head, and each day begins with the head before it.

    Each day is recomputed from the previous head that it states, so that only the day that was changed shows.
    """
    name = "sealed_days_unchanged"
    expected_previous = FIRST_PREVIOUS_HEAD
    for sealed in LedgerDay.objects.order_by("day"):
        if day is None or sealed.day == day:
            subject = f"day {sealed.day}"
            if sealed.previous_head != expected_previous:
                yield Break(
                    name, subject, expected_previous, sealed.previous_head, "head of the sealed day before"
                )
            now = head_of(sealed.day, sealed.previous_head)
            if (now.head, now.transfers) != (sealed.head, sealed.transfers):
                detail = f"{sealed.transfers} transfers when sealed, {now.transfers} now"
                yield Break(name, subject, sealed.head, now.head, detail)
        expected_previous = sealed.head
    yield from _days_without_seal(day)


def _days_without_seal(day: dt.date | None) -> Iterator[Break]:
    with connection.cursor() as cursor:
        cursor.execute(FORGOTTEN_DAYS, {"day": day})
        forgotten = cursor.fetchall()
    for unsealed, transfers in forgotten:
        yield Break(
            "sealed_days_unchanged",
            f"day {unsealed}",
            "0",
            str(transfers),
            "transfers of a day that was passed over",
        )
