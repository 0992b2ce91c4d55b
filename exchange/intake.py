"""The intake: an order is taken in by one INSERT and its own commit; from there on it cannot be lost.

Only what needs no balance and no book is refused here: an instrument or order that nobody knows, and an id
that this member has used for another order. Everything else is the engine's to decide.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction

from accounts.models import Organisation, User
from exchange import clock, doorbell
from exchange.block import recording
from exchange.models import Auction, Command, Instrument, Order

Line = Mapping[str, Any]

# The intake is where a trader waits: its statements are written out, because building them took longer than
# running them (docs/decisions/008).
ORDER_KINDS = [str(kind) for kind in Command.ORDERS]
BY_CODE = "SELECT id, code, name_zh, name_en, asset_id FROM exchange_instrument WHERE code = %s"
INSERT = """
    INSERT INTO exchange_command
        (instrument_id, kind, organisation_id, user_id, client_id, body, digest, received_at, reason)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '')
    ON CONFLICT (organisation_id, client_id)
        WHERE decided_event IS NULL AND kind IN ('list', 'take', 'block', 'block_accept', 'auction', 'bid')
    DO NOTHING RETURNING id
"""


class Refused(Exception):
    """Refused before the engine saw it, with a code of trading-rules.md; nothing was stored."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Submission:
    """A stored command; `created` is False where the same order had been sent before."""

    command: Command
    created: bool


#: What else is stored in the transaction that stores a command.
Record = Callable[[Command], object]


def submit(
    command: Line,
    *,
    organisation: Organisation,
    user: User | None = None,
    at: dt.datetime | None = None,
    record: Record | None = None,
) -> Submission:
    """Takes in an order or a cancel (a line of replay-format.md without its member) and rings for the engine.

    `prefer` and `offer` may name listings by their public number. The same id with the same content gives
    the first one's command; with other content it is refused with DUPLICATE_ID. `record` is what a negotiation
    keeps of a block's command; without one, a negotiation of its own (exchange.block). `at` is the market's time,
    now. Raises Refused.
    """
    submission = _taken(command, organisation, user, at or clock.now(), record)
    if submission.created:
        transaction.on_commit(lambda: doorbell.ring(submission.command.instrument_id))
    return submission


def submit_batch(
    commands: Sequence[Line], *, organisation: Organisation, user: User | None = None
) -> list[Submission | Refused]:
    """Takes in many, in their order, each for itself, in one transaction; rings once an instrument."""
    answers: list[Submission | Refused] = []
    with transaction.atomic():
        for command in commands:
            try:
                answers.append(_taken(command, organisation, user, clock.now(), None))
            except Refused as refusal:
                answers.append(refusal)
    created = [answer.command for answer in answers if isinstance(answer, Submission) and answer.created]
    for instrument_id in sorted({command.instrument_id for command in created}):
        transaction.on_commit(partial(doorbell.ring, instrument_id))
    return answers


def submit_control(instrument: Instrument, body: Line, *, user: User | None = None) -> Command:
    """Stores a command of the exchange itself (a phase, the close of a day) in the sequence of the orders."""
    command = store(body, instrument=instrument, organisation=None, user=user)
    assert command is not None, "controls have no client id that could be taken"
    transaction.on_commit(lambda: doorbell.ring(instrument.pk))
    return command


def digest_of(command: Line) -> str:
    """What makes two requests the same order."""
    canonical = json.dumps(command, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _taken(
    command: Line, organisation: Organisation, user: User | None, at: dt.datetime, record: Record | None
) -> Submission:
    if command["cmd"] not in recording.KINDS:
        return _stored(command, organisation, user, at)
    with transaction.atomic():
        recording.lock()
        submission = _stored(command, organisation, user, at)
        if submission.created:
            (record or recording.record)(submission.command)
        return submission


def _stored(command: Line, organisation: Organisation, user: User | None, at: dt.datetime) -> Submission:
    digest = digest_of(command)
    instrument = route(command, organisation, at)
    if command["cmd"] in Command.ORDERS:
        before = _same_id(organisation, command["id"])
        if before is not None:
            return _again(*before, digest)
    stored = store(
        named_by_members(command),
        instrument=instrument,
        organisation=organisation,
        user=user,
        digest=digest,
        at=at,
    )
    if stored is None:  # somebody was faster with the same id
        before = _same_id(organisation, command["id"])
        if before is None:
            return _stored(command, organisation, user, at)
        return _again(*before, digest)
    return Submission(stored, created=True)


def _same_id(organisation: Organisation, client_id: str) -> tuple[int, str] | None:
    """Number and digest of the order under this id, undecided or accepted; a refused one has left its id free."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, digest FROM exchange_command WHERE organisation_id = %s AND client_id = %s"
            " AND reason = '' AND kind = ANY(%s) LIMIT 1",
            [organisation.pk, client_id, ORDER_KINDS],
        )
        found: tuple[int, str] | None = cursor.fetchone()
    return found


def is_known(organisation: Organisation, client_id: str) -> bool:
    """Whether an order under this id was stored and not refused."""
    return _same_id(organisation, client_id) is not None


def _again(number: int, before: str, digest: str) -> Submission:
    if before != digest:
        raise Refused("DUPLICATE_ID")
    return Submission(Command.objects.select_related("order", "instrument").get(pk=number), created=False)


def route(command: Line, organisation: Organisation, at: dt.datetime) -> Instrument:
    """The instrument whose engine decides the command.

    Raises Refused (UNKNOWN_INSTRUMENT, UNKNOWN_ORDER, WINDOW_CLOSED).
    """
    if "instrument" in command:
        for instrument in Instrument.objects.raw(BY_CODE, [command["instrument"]]):
            return instrument
        raise Refused("UNKNOWN_INSTRUMENT")
    name = (
        command.get("offer") or command.get("auction") or {"member": organisation.code, "id": command["id"]}
    )
    if type(name) is int:
        named = Command.objects.filter(pk=name, kind__in=Command.ORDERS)
    else:
        named = Command.objects.filter(
            organisation__code=name["member"], client_id=name["id"], kind__in=Command.ORDERS
        )
    # The accepted one first, else the latest that may still be accepted.
    found = (
        named.select_related("instrument")
        .defer("instrument__board")
        .order_by("order__command_id", "-pk")
        .first()
    )
    if found is None:
        raise Refused("UNKNOWN_ORDER")
    if command["cmd"] == Command.Kind.CANCEL and found.kind == Command.Kind.BID:
        _refuse_after_the_window(found, at)
    return found.instrument


def _refuse_after_the_window(bid: Command, at: dt.datetime) -> None:
    """A bid can be withdrawn until the window ends, not until the close is decided. Raises Refused `WINDOW_CLOSED`."""
    auction = Auction.objects.filter(command__order__children=bid.pk).only("closes_at").first()
    if auction is not None and at >= auction.closes_at:
        raise Refused("WINDOW_CLOSED")


def named_by_members(command: Line) -> dict[str, Any]:
    """The body as replay-format.md writes it: public listing numbers become the member and id they stand for."""
    body = dict(command)
    numbers = {entry for entry in (*command.get("prefer", ()), command.get("offer")) if type(entry) is int}
    if not numbers:
        return body
    orders = Order.objects.filter(pk__in=numbers).values_list("pk", "organisation__code", "client_id")
    names = {pk: {"member": code, "id": client_id} for pk, code, client_id in orders}

    def name(entry: Any) -> Any:
        # A number that is no order's names nobody; the engine says that the listing is gone.
        return names.get(entry, {"member": "", "id": f"№{entry}"}) if type(entry) is int else entry

    if "prefer" in body:
        body["prefer"] = [name(entry) for entry in body["prefer"]]
    if "offer" in body:
        body["offer"] = name(body["offer"])
    return body


def store(
    body: Line,
    *,
    instrument: Instrument,
    organisation: Organisation | None,
    user: User | None = None,
    digest: str = "",
    at: dt.datetime | None = None,
) -> Command | None:
    """The INSERT itself. None where an undecided order of this organisation has the id."""
    command = Command(
        instrument=instrument, kind=body["cmd"], organisation=organisation, user=user,
        client_id=body.get("id", ""), body=body, digest=digest, received_at=at or clock.now(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [
            instrument.pk, command.kind, organisation.pk if organisation else None, user.pk if user else None, command.client_id,
            json.dumps(body, ensure_ascii=False), digest, command.received_at,
        ])  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return None
    command.pk = row[0]
    command._state.adding = False
    return command
