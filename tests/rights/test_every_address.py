"""Every address, every role: who may open it, who may change something there, and that nothing leaks.

The table (accounts/rights/table.py) says what is right; here each address is really opened.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.rights.table import TABLE, right_of
from tests.rights.addresses import address, routes
from tests.rights.canaries import BID_PRICE, SEALED, SECRET_ID, SECRET_RECORD, SECRETS, YUAN
from tests.rights.world import NOW, World, make_world
from tests.support import story_clock

#: The price as a number of its own, and no part of a time or of another number.
PRICE = re.compile(rf"(?<![\d.:]){re.escape(BID_PRICE)}(?!\d)")
#: Jianghai's own people, its province, the nation and the registry know what it holds.
INSIDE = ["initiator@jianghai", "regulator@shanghai", "approver@mee", "issuer@registry"]
OUTSIDE = ["", "approver@yunling", "regulator@yunnan", "operator@exchange", "analyst@analyst"]
#: Ends the session of the walk itself, or changes only what the walker sees.
#: `readyz` answers 503, rightly: no worker runs here. `metrics` answers any method alike, and changes nothing.
NOT_WALKED = {
    "readyz",
    "metrics",
    "accounts/logout/",
    "accounts/sessions/end-others/",
    "accounts/sessions/<int:pk>/end/",
}
SEPARATORS = re.compile(r"[\s,\u00a0\u202f\u2009'._]|&nbsp;|&thinsp;|&#x27;")
TABLES = (
    "registry_account", "registry_transfer", "accounts_request", "accounts_decision", "exchange_command",
    "registry_activityreport", "registry_objection", "registry_plan", "registry_adjustment", "registry_surrender",
    "registry_complianceyear", "registry_freeze", "registry_pledge",
    "registry_trustedentry", "registry_nontradetransfer", "registry_cancellation", "registry_carryover",
    "registry_project", "registry_creditissue", "registry_unit", "registry_emitter", "accounts_organisation",
    "accounts_apikey", "accounts_invitation", "accounts_change", "registry_shortfall", "exchange_negotiation", "exchange_turn", "exchange_blockgroup",
    "exchange_blockgroupmember", "exchange_auction",
    "registry_scene", "registry_activityimport", "registry_activityrecord",
    "registry_joining", "registry_personalaccount", "registry_pointentry", "registry_conversion", "registry_factorrow",
    "registry_reward",
)  # fmt: skip


@pytest.fixture
def world(db: None, settings: "pytest.FixtureRequest") -> World:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"  # type: ignore[attr-defined]
    story_clock.set_to(NOW)
    return make_world()


def walker(world: World, person: str) -> tuple[Client, object]:
    """A browser in which this person is signed in; nobody for an empty name."""
    client = Client(headers={"accept-language": "en"})
    if not person:
        return client, None
    client.force_login(world.person(person), backend="django.contrib.auth.backends.ModelBackend")
    return client, world.person(person)


def walked() -> list[str]:
    return [route for route in routes() if route not in NOT_WALKED]


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(content).decode("utf-8", "replace")


def turned_away(answer: Any) -> bool:
    """Not signed in, not allowed, not there, or not to be done with this address."""
    to_sign_in = answer.status_code == 302 and "/login/" in answer["Location"]
    return to_sign_in or answer.status_code in {401, 403, 404, 405, 409}


def test_every_address_is_in_the_table() -> None:
    known = set(routes())
    assert sorted(known - set(TABLE)) == [], "addresses that nobody entered"
    assert sorted(set(TABLE) - known) == [], "entries whose address is gone"


@pytest.mark.parametrize("person", INSIDE + OUTSIDE)
def test_reading_is_as_the_table_says_and_nothing_leaks(world: World, person: str) -> None:
    """Nor does anybody, whoever oversees or runs the market, read a sealed bid of Jianghai's."""
    hidden = {name: str(number) for name, number in SECRETS.items()} | {
        "money": str(YUAN),
        "order": SECRET_ID,
        "record": SECRET_RECORD,
    }
    wrong, leaks = [], []
    client, user = walker(world, person)
    for route in walked():
        right = right_of(route)
        assert right is not None, route
        answer = client.get(address(route, world))
        allowed = right.allows(user, reading=True)
        if answer.status_code >= 500 or (
            answer.status_code in {401, 403} if allowed else not turned_away(answer)
        ):
            wrong.append((route, answer.status_code))
        said = text_of(answer)
        plain = SEPARATORS.sub("", said)
        if not person.endswith("@jianghai"):
            leaks += [(route, name) for name, secret in SEALED.items() if secret in plain]
            leaks += [(route, "price of the bid")] if PRICE.search(said) else []
        if person in OUTSIDE:
            # An address that echoes the id it was asked about tells nothing.
            leaks += [
                (route, name) for name, secret in hidden.items()
                if (secret in plain or secret in said) and not (name == "order" and "client_id" in route)
            ]  # fmt: skip
    assert wrong == [], wrong
    assert leaks == [], leaks


@pytest.mark.parametrize("person", OUTSIDE)
def test_nothing_of_anothers_can_be_touched(world: World, person: str) -> None:
    """Posting and deleting at every address with Jianghai's own things in it changes no row of anybody's."""
    before = fingerprint()
    wrong = []
    client, user = walker(world, person)
    for route in walked():
        right = right_of(route)
        assert right is not None, route
        # What one may do with one's own things is not walked here; only what carries another's.
        if "<" not in route and right.allows(user, reading=False):
            continue
        for send in (client.post, client.delete):
            answer = send(address(route, world), {"reason": "because"}, content_type="application/json")
            if answer.status_code >= 500 or (
                not right.allows(user, reading=False)
                and not turned_away(answer)
                and answer.status_code != 400
            ):
                wrong.append((route, answer.status_code))
    assert wrong == [], wrong
    assert fingerprint() == before


def fingerprint() -> dict[str, str]:
    """A digest of each table that holds value, rights or history."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in TABLES:
                cursor.execute(
                    f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} AS t"
                )
                found[table] = cursor.fetchone()[0]
    return found
