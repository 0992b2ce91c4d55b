"""The exchange operator halts and resumes, with a reason; nobody else does."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation, User
from exchange import engine, sessions
from exchange.models import Command, Instrument
from tests.sessions.conftest import beijing, person

pytestmark = pytest.mark.usefixtures("real_sessions")

Tick = Callable[[str], list[str]]
Phases = Callable[[], list[str]]


@pytest.fixture
def cea25(instruments: list[Instrument], tick: Tick) -> Instrument:
    """CEA25 in the morning session."""
    tick("2026-09-29 09:30:00")
    return Instrument.objects.get(code="CEA25")


def test_a_halt_is_a_command_with_its_reason_and_its_author(
    cea25: Instrument, operator: User, tick: Tick, phases: Phases
) -> None:
    command = sessions.halt(cea25, "  data error \n under inquiry ", operator)
    tick("2026-09-29 09:31:00")
    assert phases() == ["halted", "morning"]
    cea25.refresh_from_db()
    assert cea25.halt_reason == "data error under inquiry"
    assert command.user == operator
    assert command.body == {
        "cmd": "phase", "instrument": "CEA25", "phase": "halted", "reason": "data error under inquiry",
    }  # fmt: skip


def test_a_halt_lasts_over_the_break_and_ends_with_the_close(
    cea25: Instrument, operator: User, tick: Tick, phases: Phases
) -> None:
    sessions.halt(cea25, "inquiry", operator)
    seen = []
    for time in ("11:30:00", "13:00:00", "15:00:00"):
        tick(f"2026-09-29 {time}")
        tick(f"2026-09-29 {time}")
        seen.append(phases())
    assert seen == [["halted", "break"], ["halted", "afternoon"], ["closed", "closed"]]


def test_a_halt_that_the_engine_has_not_seen_yet_is_not_overtaken_by_a_phase(
    cea25: Instrument, operator: User, tick: Tick, phases: Phases
) -> None:
    sessions.halt(cea25, "inquiry", operator)
    sessions.advance(beijing("2026-09-29 11:30:00"))
    tick("2026-09-29 11:30:01")
    assert phases() == ["halted", "break"]


def test_resume_goes_to_the_phase_that_is_due_now(
    cea25: Instrument, operator: User, tick: Tick, phases: Phases
) -> None:
    sessions.halt(cea25, "inquiry", operator)
    tick("2026-09-29 13:00:00")
    command = sessions.resume(cea25, "inquiry ended", operator, moment=beijing("2026-09-29 13:10:00"))
    tick("2026-09-29 13:10:00")
    assert phases() == ["afternoon", "afternoon"]
    assert (command.user, command.body["reason"]) == (operator, "inquiry ended")
    cea25.refresh_from_db()
    assert cea25.halt_reason == ""


@pytest.mark.parametrize("reason", ["", " \n\t ", "x" * 201])
def test_a_reason_is_required(cea25: Instrument, operator: User, reason: str) -> None:
    with pytest.raises(sessions.SessionError) as error:
        sessions.halt(cea25, reason, operator)
    assert error.value.code == "REASON_REQUIRED"
    assert not Command.objects.filter(user=operator).exists()


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Organisation.Kind.EMITTER, User.Role.TRADER),
        (Organisation.Kind.EMITTER, User.Role.OPERATOR),  # the role alone is not enough
        (Organisation.Kind.EXCHANGE, User.Role.VIEWER),  # nor is the house
        (Organisation.Kind.NATIONAL, User.Role.REGULATOR),
    ],
)
def test_only_an_operator_of_the_exchange_may(cea25: Instrument, kind: str, role: str) -> None:
    somebody = person("somebody@house.example", kind, role)
    with pytest.raises(PermissionDenied):
        sessions.halt(cea25, "because", somebody)
    with pytest.raises(PermissionDenied):
        sessions.resume(cea25, "because", somebody)
    with pytest.raises(PermissionDenied):
        sessions.start_next_demo_day(somebody)


def test_what_is_halted_is_not_halted_again_and_what_trades_is_not_resumed(
    cea25: Instrument, operator: User
) -> None:
    with pytest.raises(sessions.SessionError) as nothing:
        sessions.resume(cea25, "nothing to resume", operator)
    assert nothing.value.code == "NOT_HALTED"
    sessions.halt(cea25, "inquiry", operator)
    with pytest.raises(sessions.SessionError) as error:
        sessions.halt(cea25, "inquiry", operator)
    assert error.value.code == "ALREADY_HALTED"
    engine.drain([cea25.pk], at=beijing("2026-09-29 09:32:00"))
    with pytest.raises(sessions.SessionError):
        sessions.halt(cea25, "inquiry", operator)


def test_a_closed_market_cannot_be_halted(cea25: Instrument, operator: User, tick: Tick) -> None:
    tick("2026-09-29 15:00:00")
    with pytest.raises(sessions.SessionError) as error:
        sessions.halt(cea25, "too late", operator)
    assert error.value.code == "MARKET_CLOSED"
