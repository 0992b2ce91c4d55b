"""The check finds what locks and requests do not agree on. A second account of the books must be able to fail."""

import pytest

from registry.custody.audit import locks_equal_requests
from registry.ledger.post import Move, post
from tests.custody.conftest import NOW
from tests.support.registry import Registry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", ["pending", "frozen", "pledged"])
def test_a_lock_that_nobody_asked_for_is_found(registry: Registry, purpose: str) -> None:
    registry.give("jianghai", "CEA24", 100)
    assert list(locks_equal_requests()) == []
    holder = registry.organisations["jianghai"].pk
    post([Move("CEA24", 7, (holder, "registry"), (holder, purpose), "freeze", "x")], cause="x", at=NOW)
    found = list(locks_equal_requests())
    assert [(row.subject, row.expected, row.found) for row in found] == [
        (f"holder jianghai CEA24 {purpose}", "0", "7")
    ]
