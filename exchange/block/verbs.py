"""Open, counter, accept, refuse, withdraw (trading-rules.md: Block agreement).

Each takes the one lock, looks where the negotiation stands, and adds one turn. What binds becomes a command of
the intake in the same transaction; the engine then decides it, and a turn whose command it refuses counts for
nothing. So each verb answers with a turn that may still be pending: whoever wants to know waits for its command.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from exchange import pushes
from exchange.block import recording
from exchange.block.acting import live, offer_to_end, to_answer
from exchange.block.models import LIVE, LONGEST_WORDS, BlockGroup, Negotiation, Standing, Turn
from exchange.block.people import require_standing, require_trader
from exchange.block.terms import Terms, To, audience_of, checked, counterparties_of, named_by, shown
from exchange.intake import Refused, digest_of, submit
from exchange.matching.money import yuan
from exchange.models import Command, Instrument


@dataclass(frozen=True)
class Said:
    """A turn; `created` is False where the same one had been sent before under its id."""

    turn: Turn
    created: bool


def open_(*, by: User, instrument: Instrument, side: str, terms: Terms, to: To, client_id: str) -> Said:
    """Begins a negotiation, or posts an offer to a group or to all. Firm terms lock when the engine accepts them.

    Raises PermissionDenied, Refused: the codes of trading-rules.md 1, 2, 4 to 8, and EMPTY_GROUP, BAD_WORDS,
    DUPLICATE_ID.
    """
    require_standing(by)
    asked = {"verb": "open", "instrument": instrument.code, "side": side, "to": shown(to), **vars(terms)}
    with transaction.atomic():
        recording.lock()
        before = _before(by, client_id, asked)
        if before is not None:
            return before
        price_fen = checked(instrument, terms)
        named = named_by(to, by)
        maker = partial(
            _opened, by, instrument, side, price_fen, terms, to, named, client_id, digest_of(asked)
        )
        if not terms.firm:
            return _told(maker(None))
        line = {"cmd": "block", "id": client_id, "instrument": instrument.code, "side": side, "price": terms.price,
                "qty": terms.qty, **counterparties_of(to, named)}  # fmt: skip
        return _sent(line, by, maker)


def counter(
    number: int, *, by: User, answering: int, terms: Terms, client_id: str, withdraw_posting: bool = False
) -> Said:
    """Answers the other's terms with one's own; the offer that they were, if they bound, ends with it.

    `answering` is the number of the turn that was read: if another has come meanwhile, nothing happens. To an
    offer to a group or to all it begins a negotiation of one's own with the offerer, whose offer stays. Whoever
    posted that may withdraw it in the same step (`withdraw_posting`): a binding answer may need what it locks.
    Raises PermissionDenied, Refused: as `open_`, and UNKNOWN_NEGOTIATION, MOVED_ON, NOT_YOUR_TURN,
    NEGOTIATION_OVER, BEING_DECIDED.
    """
    require_standing(by)
    asked = {"verb": "counter", "number": number, "withdraw": withdraw_posting, **vars(terms)}
    with transaction.atomic():
        recording.lock()
        before = _before(by, client_id, asked)
        if before is not None:
            return before
        negotiation, standing = to_answer(number, by, answering)
        price_fen = checked(negotiation.instrument, terms)
        if withdraw_posting:
            _withdraw_posting(negotiation, by)
        return _terms(
            by, negotiation, standing, Turn.Kind.COUNTER, price_fen, terms, client_id, digest_of(asked)
        )


def accept(number: int, *, by: User, answering: int, client_id: str, withdraw_posting: bool = False) -> Said:
    """Accepts the other's terms whole. Binding ones trade; to words one's own binding offer at the same terms goes
    back, which the other confirms by accepting it. `withdraw_posting` as in `counter`.

    Raises PermissionDenied, Refused: as `counter`.
    """
    require_standing(by)
    asked = {"verb": "accept", "number": number, "withdraw": withdraw_posting, "answering": answering}
    with transaction.atomic():
        recording.lock()
        before = _before(by, client_id, asked)
        if before is not None:
            return before
        negotiation, standing = to_answer(number, by, answering)
        if withdraw_posting:
            _withdraw_posting(negotiation, by)
        if standing.terms is not None and standing.terms.command is not None and standing.terms.firm:
            return _accepted(by, negotiation, standing.terms.command, client_id, digest_of(asked))
        terms = Terms(price=yuan(standing.final_price_fen), qty=standing.final_qty_t, firm=True)
        price_fen = checked(negotiation.instrument, terms)
        return _terms(
            by, negotiation, standing, Turn.Kind.AGREE, price_fen, terms, client_id, digest_of(asked)
        )


def refuse(number: int, *, by: User, answering: int, words: str = "") -> Said:
    """Ends the negotiation; a binding offer of the other's ends, and what it locked comes back.

    Raises PermissionDenied, Refused: UNKNOWN_NEGOTIATION, MOVED_ON, NOT_YOUR_TURN, NEGOTIATION_OVER,
    BEING_DECIDED, BAD_WORDS.
    """
    require_trader(by)
    with transaction.atomic():
        recording.lock()
        negotiation, standing = to_answer(number, by, answering)
        if negotiation.other_id is None:
            raise Refused("NOT_YOUR_TURN")
        return _told(_ended(negotiation, standing, Turn.Kind.REFUSE, by, words))


def withdraw(number: int, *, by: User, words: str = "") -> Said:
    """Takes one's own last terms back and ends the negotiation; a binding offer is cancelled and unlocks.

    Negotiations about a posted offer that have begun go on. Raises PermissionDenied, Refused: UNKNOWN_NEGOTIATION,
    NOT_YOUR_TURN, NEGOTIATION_OVER, BEING_DECIDED, BAD_WORDS.
    """
    require_trader(by)
    with transaction.atomic():
        recording.lock()
        negotiation, standing = live(number, by)
        if standing.turn is None or standing.turn.organisation_id != by.organisation_id:
            raise Refused("NOT_YOUR_TURN")
        return _told(_ended(negotiation, standing, Turn.Kind.WITHDRAW, by, words))


def _before(by: User, client_id: str, asked: dict[str, Any]) -> Said | None:
    """The turn that was taken under this id already. Raises Refused (DUPLICATE_ID) where it was another."""
    same = Turn.objects.filter(organisation=by.organisation_id, client_id=client_id).exclude(
        command__reason__gt=""
    )
    turn = same.select_related("negotiation__instrument", "command").first()
    if turn is None:
        return None
    if turn.digest != digest_of(asked):
        raise Refused("DUPLICATE_ID")
    return Said(turn, created=False)


# --- what is stored -------------------------------------------------------------------------------------


def _opened(
    by: User, instrument: Instrument, side: str, price_fen: int, terms: Terms, to: To,
    named: list[Organisation], client_id: str, digest: str, command: Command | None,
) -> Turn:  # fmt: skip
    negotiation = recording.begin(
        instrument, by.organisation, side, audience=audience_of(to), other=to if isinstance(to, Organisation) else None,
        group=to if isinstance(to, BlockGroup) else None,
    )  # fmt: skip
    if isinstance(to, BlockGroup):
        recording.invite(negotiation, named)
    return recording.say(
        negotiation, Turn.Kind.OPEN, by.organisation_id, user=by, price_fen=price_fen, qty_t=terms.qty,
        firm=terms.firm, words=terms.words, command=command, client_id=client_id, digest=digest,
    )  # fmt: skip


def _terms(
    by: User, negotiation: Negotiation, standing: Standing, kind: str, price_fen: int, terms: Terms,
    client_id: str, digest: str,
) -> Said:  # fmt: skip
    """Terms as an answer: words, or a binding offer to the one who spoke last."""
    # An offer to many stands for the others, whoever answers it.
    ending = offer_to_end(negotiation, standing) if negotiation.other_id is not None else None
    other = negotiation.opener if negotiation.opener_id != by.organisation_id else negotiation.other
    assert other is not None, "only the other side answers an offer to many"

    def maker(command: Command | None) -> Turn:
        return recording.say(
            _bilateral(negotiation, by), kind, by.organisation_id, user=by, price_fen=price_fen, qty_t=terms.qty,
            firm=terms.firm, words=terms.words, command=command, client_id=client_id, digest=digest,
        )  # fmt: skip

    if not terms.firm:
        return _told(maker(_cancelled(ending, by)))
    line = {
        "cmd": "block", "id": client_id, "instrument": negotiation.instrument.code,
        "side": negotiation.side_of(by.organisation_id), "price": terms.price, "qty": terms.qty,
        "counterparty": other.code,
    }  # fmt: skip
    if ending is not None:
        line["answers"] = {"member": other.code, "id": ending.client_id}
    return _sent(line, by, maker)


def _accepted(by: User, negotiation: Negotiation, offer: Command, client_id: str, digest: str) -> Said:
    """The acceptance of a binding offer."""
    assert offer.organisation is not None, "offers are somebody's"

    def maker(command: Command) -> Turn:
        return recording.say(
            _bilateral(negotiation, by), Turn.Kind.ACCEPT, by.organisation_id, user=by, command=command,
            client_id=client_id, digest=digest,
        )  # fmt: skip

    name = {"member": offer.organisation.code, "id": offer.client_id}
    return _sent({"cmd": "block_accept", "id": client_id, "offer": name}, by, maker)


def _withdraw_posting(negotiation: Negotiation, by: User) -> None:
    """Withdraws one's own posted offer that a negotiation is about, if it still stands."""
    posting = Standing.objects.filter(
        negotiation__answers=negotiation, negotiation__opener=by.organisation_id, state__in=LIVE
    ).select_related("negotiation", "terms__command__organisation").first()  # fmt: skip
    if posting is not None:
        _told(_ended(posting.negotiation, posting, Turn.Kind.WITHDRAW, by, ""))


def _bilateral(negotiation: Negotiation, by: User) -> Negotiation:
    """The negotiation itself, or the answerer's own about a posted offer."""
    return negotiation if negotiation.other_id else recording.answer_to(negotiation, by.organisation)


def _ended(negotiation: Negotiation, standing: Standing, kind: str, by: User, words: str) -> Turn:
    if len(words) > LONGEST_WORDS:
        raise Refused("BAD_WORDS")
    command = _cancelled(offer_to_end(negotiation, standing), by)
    return recording.say(negotiation, kind, by.organisation_id, user=by, words=words, command=command)


def _cancelled(offer: Command | None, by: User) -> Command | None:
    """The cancel of a binding offer that a turn ends: its owner's, whoever ends it; by nobody where it is the other."""
    if offer is None:
        return None
    assert offer.organisation is not None, "offers are somebody's"
    user = by if offer.organisation_id == by.organisation_id else None
    return submit(
        {"cmd": "cancel", "id": offer.client_id}, organisation=offer.organisation, user=user
    ).command


def _sent(line: dict[str, Any], by: User, maker: Any) -> Said:
    """Sends a command down the one way of orders, and keeps the turn that it is."""
    turns: list[Turn] = []
    submission = submit(
        line, organisation=by.organisation, user=by, record=lambda command: turns.append(maker(command))
    )
    if not turns:
        # The id was used for the very same order outside this negotiation.
        raise Refused("DUPLICATE_ID")
    assert submission.created
    return _told(turns[0])


def _told(turn: Turn) -> Said:
    """Rings for both parties after the commit; their streams read what was said."""
    negotiation = turn.negotiation
    concerned = [pk for pk in (negotiation.opener_id, negotiation.other_id) if pk is not None]
    invited: Iterable[int] = negotiation.invitations.values_list("organisation_id", flat=True)
    concerned += invited
    transaction.on_commit(lambda: pushes.ring(concerned))
    return Said(turn, created=True)
