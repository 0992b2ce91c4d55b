"""Two people at once: together they never surrender more than is owed or held."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.approvals.errors import Refused
from registry.audit.run import reconcile
from registry.compliance import surrender
from registry.compliance.models import Surrender
from tests.compliance.conftest import AT, year_of
from tests.support.registry import Registry, make_registry


@pytest.fixture
def made(transactional_db: None) -> Registry:
    registry = make_registry()
    registry.year("jianghai", 2024, verified_t=1_000, obligation_t=1_000)
    registry.give("jianghai", "CEA24", 3_000)
    registry.give("jianghai", "CEA23", 700)
    registry.give("jianghai", "CCER", 500)
    return registry


def both(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Runs both in threads of their own, from one signal; "done" or the code of the refusal of each."""
    barrier = threading.Barrier(2)
    said: list[str] = []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            call()
            said.append("done")
        except Refused as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(said)


def asking(made: Registry, lines: dict[str, int], **more: str) -> Callable[[], object]:
    def ask() -> object:
        return surrender.submit(
            2024, made.organisations["jianghai"], lines, by=made.people["initiator@jianghai"], reason="race",
            at=AT, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return ask


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({"CEA24": 600}, "OBLIGATION_EXCEEDED"),
        ({"CEA23": 450}, "INSUFFICIENT_HOLDINGS"),
        ({"CCER": 30}, "CREDIT_CAP_EXCEEDED"),
    ],
)
def test_only_one_of_two_is_taken(made: Registry, lines: dict[str, int], code: str) -> None:
    assert both(asking(made, lines), asking(made, lines)) == sorted([code, "done"])
    assert year_of(made).pending_t == sum(lines.values())
    assert Surrender.objects.count() == 1
    assert reconcile().clean


def test_the_same_id_twice_at_once_is_one_surrender(made: Registry) -> None:
    twice = asking(made, {"CEA24": 600}, client_id="s-1")
    assert both(twice, twice) == ["done", "done"]
    assert (Surrender.objects.count(), year_of(made).pending_t) == (1, 600)
