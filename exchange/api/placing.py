"""From a request to the intake and back: single orders, cancels and batches, and their refusals as problems."""

import os
import threading
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from rest_framework.exceptions import ValidationError

from accounts.api import problems
from accounts.api.problems import Problem
from accounts.models import User
from exchange import answers, intake, orders
from exchange.api.serializers import BATCH_REQUESTS, REQUESTS, Reader, order_shown
from exchange.intake import Refused, Submission
from exchange.models import Command
from exchange.orders import OrderState
from exchange.refusals import text

LARGEST_BATCH = 1_000
#: Which field a refusal of the intake is about.
FIELDS = {"UNKNOWN_INSTRUMENT": "instrument"}
STATUS = {
    "DUPLICATE_ID": 409,
    "UNKNOWN_ORDER": 404,
    "NOT_OPEN": 409,
    "NOT_CANCELLABLE": 409,
    "MARKET_CLOSED": 409,
    "NOT_INVITED": 403,
    "NOT_YET_OPEN": 409,
    "WINDOW_CLOSED": 409,
}

#: Requests of this process that wait for the engine at a time: two thirds of its threads (config/asgi.py), so
#: that whoever asks for something else is answered even while the engine stands still.
WAITERS = threading.BoundedSemaphore(max(1, int(os.environ.get("WEB_THREADS", "24")) * 2 // 3))
#: A place among them is waited for no longer than this.
QUEUE_SECONDS = 0.5

BATCH_ANSWER = {
    "type": "array",
    "items": {"anyOf": [{"$ref": "#/components/schemas/Order"}, {"$ref": "#/components/schemas/Problem"}]},
}


def refusal(code: str) -> Problem:
    """A refusal of trading-rules.md as a problem."""
    words = text(code)
    field = FIELDS.get(code)
    return Problem(STATUS.get(code, 400), code, words, errors={field: [words]} if field else None)


def submit(data: Any, user: User) -> Submission:
    """Takes in one order. Raises ValidationError or Problem; then nothing was stored."""
    command = Reader(REQUESTS).read(data)
    try:
        return intake.submit(command, organisation=user.organisation, user=user)
    except Refused as refused:
        raise refusal(refused.code) from None


def wait(command_ids: Collection[int], seconds: float | None) -> None:
    """Waits for the engine's decisions, at most so long; not at all while too many others do."""
    if not seconds or not command_ids:
        return
    if not WAITERS.acquire(timeout=min(seconds, QUEUE_SECONDS)):
        return
    try:
        answers.wait_for(command_ids, seconds)
    finally:
        WAITERS.release()


def cancel(client_id: str, user: User) -> Command:
    """Takes in a cancel. Raises Problem."""
    _require_form(client_id)
    try:
        return intake.submit(
            {"cmd": "cancel", "id": client_id}, organisation=user.organisation, user=user
        ).command
    except Refused as refused:
        raise refusal(refused.code) from None


def own_state(client_id: str, user: User) -> OrderState:
    """How an own order stands. Raises Problem 404."""
    _require_form(client_id)
    command = orders.named(user.organisation, client_id)
    if command is None:
        raise refusal("UNKNOWN_ORDER")
    return orders.states([command])[0]


def state_of(command: Command) -> OrderState:
    """How a command's order stands by now."""
    return orders.states(orders.of_organisation(_organisation(command)).filter(pk=command.pk))[0]


def _organisation(command: Command) -> Any:
    assert command.organisation is not None, "orders are somebody's"
    return command.organisation


def _require_form(client_id: str) -> None:
    """An id that cannot be one names nothing."""
    try:
        CLIENT_ID_FIELD.run_validation(client_id)
    except ValidationError:
        raise refusal("UNKNOWN_ORDER") from None


CLIENT_ID_FIELD = BATCH_REQUESTS["cancel"]().fields["id"]


class Batch:
    """Many requests, each answered for itself: an order, or a problem."""

    def __init__(self, entries: Sequence[Any], user: User) -> None:
        self.user = user
        self.read: list[dict[str, Any] | Exception] = []
        reader = Reader(BATCH_REQUESTS)
        for entry in entries:
            try:
                self.read.append(reader.read(entry))
            except ValidationError as error:
                self.read.append(error)
        self.taken: list[Submission | Refused] = []

    def submit(self) -> None:
        """Takes in whatever is well-formed, in its order."""
        commands = [entry for entry in self.read if isinstance(entry, dict)]
        self.taken = intake.submit_batch(commands, organisation=self.user.organisation, user=self.user)

    @property
    def stored(self) -> list[int]:
        return [entry.command.pk for entry in self.taken if isinstance(entry, Submission)]

    def answer(self) -> tuple[list[dict[str, Any]], bool]:
        """Each entry's order or problem, and whether one is still pending."""
        commands = Command.objects.in_bulk(self.stored)
        pending = any(command.decided_event is None for command in commands.values())
        states = States(self._states(commands.values()))
        taken = iter(self.taken)
        answers = []
        for entry in self.read:
            submission = entry if isinstance(entry, Exception) else next(taken)
            if isinstance(submission, Submission):
                answers.append(self._shown(commands[submission.command.pk], states))
            elif isinstance(submission, Refused):
                answers.append(problem_of(refusal(submission.code)))
            else:
                answers.append(problem_of(submission))
        return answers, pending

    def _states(self, commands: Iterable[Command]) -> list[OrderState]:
        """The states of all orders under the ids that the batch named, oldest first."""
        ids = {command.client_id for command in commands}
        named = orders.of_organisation(self.user.organisation).filter(client_id__in=ids)
        return orders.states(named.select_related("order__instrument").order_by("pk"))

    def _shown(self, command: Command, states: "States") -> dict[str, Any]:
        """The order that the command made; of a cancel, the order that it was for."""
        if command.kind != Command.Kind.CANCEL:
            return order_shown(states.by_number[command.pk])
        if command.reason or command.client_id not in states.by_id:
            return problem_of(refusal(command.reason or "UNKNOWN_ORDER"))
        return order_shown(states.by_id[command.client_id])


class States:
    """Orders by number and by id; under one id the accepted or undecided one, else the latest refused."""

    def __init__(self, oldest_first: list[OrderState]) -> None:
        self.by_number = {state.number: state for state in oldest_first}
        refused = {state.id: state for state in oldest_first if state.reason}
        self.by_id = refused | {state.id: state for state in oldest_first if not state.reason}


def problem_of(error: Exception) -> dict[str, Any]:
    answer = problems.handler(error, {})
    assert answer is not None, "only refusals come here"
    problem: dict[str, Any] = answer.data
    return problem
