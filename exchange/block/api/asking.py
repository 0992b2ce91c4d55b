"""Permissions, refusals as problems, and the way from a verb to an answer, for all addresses of blocks."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import TradesForMember, UsesTradeScope
from accounts.api.queries import wait_of
from accounts.models import User
from accounts.rights import who
from exchange.api import placing
from exchange.block import selectors
from exchange.block.api.serializers import with_turns
from exchange.block.models import Negotiation
from exchange.block.verbs import Said
from exchange.intake import Refused

T = TypeVar("T")

#: Which field a refusal is about.
FIELDS = {
    "UNKNOWN_INSTRUMENT": "instrument", "BAD_QUANTITY": "qty", "BAD_PRICE": "price", "PRICE_BAND": "price",
    "BAD_COUNTERPARTY": "member", "EMPTY_GROUP": "group", "GROUP_NAME": "name", "GROUP_FULL": "member",
    "BAD_WORDS": "words",
}  # fmt: skip
STATUS = {
    "MOVED_ON": 409, "NOT_YOUR_TURN": 409, "NEGOTIATION_OVER": 409, "BEING_DECIDED": 409, "HALTED": 409,
    "UNKNOWN_NEGOTIATION": 404, "UNKNOWN_GROUP": 404, "MEMBER_SUSPENDED": 403,
}  # fmt: skip


class ReadsBlocks(BasePermission):
    """People of trading members, and whoever oversees the market."""

    message = _("Blocks are shown to members, regulators and the operators of the exchange.")
    code = "ROLE_MISSING"

    def has_permission(self, request: Request, view: Any) -> bool:
        return any(group.has(request.user) for group in who.BLOCK_READERS)


PERMISSIONS = (UsesTradeScope, ReadsBlocks, TradesForMember)


def tried(act: Callable[[], T]) -> T:
    """Raises a Problem for what the verb refuses."""
    try:
        return act()
    except Refused as refused:
        raise problem_of(refused) from None


def problem_of(refused: Refused) -> APIException:
    """A refusal with the field it is about."""
    problem = placing.refusal(refused.code)
    problem.status_code = STATUS.get(refused.code, problem.status_code)
    field = FIELDS.get(refused.code)
    if field is not None and problem.status_code == 400:
        problem.errors = {field: [str(problem.detail)]}
    return problem


def one(number: int, user: User) -> Negotiation:
    """Raises NotFound for a negotiation that the reader may not see."""
    found = selectors.visible_to(user).filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is nothing under this address."))
    return found


def answered(request: Request, user: User, said: Said) -> Response:
    """The negotiation after a turn: 202 while its command is pending, 409 or 400 where the exchange refused it."""
    turn = said.turn
    command = turn.command
    if command is not None:
        placing.wait([command.pk], wait_of(request))
        command.refresh_from_db(fields=["decided_event", "reason"])
        if command.reason:
            raise problem_of(Refused(command.reason))
    pending = command is not None and command.decided_event is None
    status = 202 if pending and said.created else 201 if said.created else 200
    shown = with_turns(one(turn.negotiation_id, user), user)
    return Response(shown, status=status)
