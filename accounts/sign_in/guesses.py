"""How often somebody may guess a password or a code: buckets that empty by guessing and refill with time.

They lie in PostgreSQL: what all web processes share, what a flush of Valkey does not forget, and where two
guesses at once cannot both be the last one. Whose bucket it is decides who is kept out (docs/decisions/035):

- one account from one address: whoever guesses empties only their own;
- one account from all strange addresses: a swarm is slowed, and the person's own browser, which has signed in
  before, is not counted there, so that strangers cannot lock a person out for ever;
- one address for all accounts: one password tried on many people.
"""

import datetime as dt
import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from accounts.api.authentication import address_of
from accounts.models import User
from accounts.sign_in import devices
from accounts.sign_in.models import GuessBucket

TAKE = """
    INSERT INTO accounts_guessbucket (key, full_at) VALUES (%(key)s, %(now)s + %(step)s)
    ON CONFLICT (key) DO UPDATE SET full_at = GREATEST(accounts_guessbucket.full_at, %(now)s) + %(step)s
    WHERE GREATEST(accounts_guessbucket.full_at, %(now)s) + %(step)s <= %(now)s + %(burst)s * %(step)s
    RETURNING full_at
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` guesses at once, then one each `step`."""

    name: str
    burst: int
    step: dt.timedelta


SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
FROM_ADDRESS = Rate("address", 30, 20 * SECOND)
ACCOUNT_FROM_ADDRESS = Rate("account-address", 5, MINUTE)
ACCOUNT_FROM_STRANGERS = Rate("account-strangers", 20, 3 * MINUTE)
ACCOUNT_FROM_DEVICE = Rate("account-device", 10, MINUTE)
RESET_FROM_ADDRESS = Rate("reset-address", 10, 2 * MINUTE)
RESET_OF_ACCOUNT = Rate("reset-account", 3, 20 * MINUTE)
#: A code of an app lives 90 seconds (its own half minute and one either side); it opens once.
CODE_ONCE = Rate("code-once", 1, 5 * MINUTE)


class Guess:
    """One guess, taken out of every bucket it belongs to."""

    def __init__(self, *buckets: tuple[Rate, str]) -> None:
        self.buckets = buckets

    def take(self, now: dt.datetime | None = None) -> int:
        """0 if there was one left in each; else the seconds until there is, and nothing was taken."""
        now = now or timezone.now()
        for number, (rate, whose) in enumerate(self.buckets):
            if not _take(rate, whose, now):
                for taken in self.buckets[:number]:
                    _give_back(*taken)
                return _wait(rate, whose, now)
        return 0

    def give_back(self) -> None:
        """It was right, and so no guess."""
        for rate, whose in self.buckets:
            _give_back(rate, whose)


def of_account(request: HttpRequest, email: str, kind: str) -> Guess:
    """A guess at `email`'s password or code (`kind`); the same work whether there is such an account or not."""
    email, address = email.strip().lower(), network_of(address_of(request))
    account = f"{kind} {email}"
    if devices.is_known(request, email):
        return Guess((ACCOUNT_FROM_DEVICE, f"{account} {devices.digest_of(request)}"))
    return Guess(
        (ACCOUNT_FROM_ADDRESS, f"{account} {address}"),
        (FROM_ADDRESS, f"{kind} {address}"),
        (ACCOUNT_FROM_STRANGERS, account),
    )


def use_once(user: User, code: str) -> bool:
    """False where this code of an app has opened something already."""
    return Guess((CODE_ONCE, f"{user.pk} {code}")).take() == 0


def network_of(address: str) -> str:
    """An IPv6 sender has 2^64 addresses of its own: they count as one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


def forget_full(now: dt.datetime) -> int:
    """Removes buckets that nobody guesses from any more."""
    return GuessBucket.objects.filter(full_at__lt=now).delete()[0]


def _key(rate: Rate, whose: str) -> str:
    return hashlib.sha256(f"{rate.name}\n{whose}".encode()).hexdigest()


def _take(rate: Rate, whose: str, now: dt.datetime) -> bool:
    values: dict[str, Any] = {"key": _key(rate, whose), "now": now, "step": rate.step, "burst": rate.burst}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return cursor.fetchone() is not None


def _give_back(rate: Rate, whose: str) -> None:
    values: list[Any] = [rate.step, _key(rate, whose)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_guessbucket SET full_at = full_at - %s WHERE key = %s",
            values,
        )


def _wait(rate: Rate, whose: str, now: dt.datetime) -> int:
    full_at = GuessBucket.objects.filter(key=_key(rate, whose)).values_list("full_at", flat=True).first()
    left = (full_at or now) + rate.step - now - rate.burst * rate.step
    return max(1, int(-(-left.total_seconds() // 1)))
