"""Natural persons with identity cards of their own, and what a mail to them holds."""

import re

from django.core import mail
from django.utils import timezone

from accounts.people import identity, invitations, letters
from accounts.people.identity import CHECKS, WEIGHTS

LINK = re.compile(r"https?://[^\s#]+#(\S+)")
PASSWORD = "lantern quarry mosaic thirteen"


def resident_number(nth: int) -> str:
    """The card of the `nth` person born on 1990-03-07 in Wuhan."""
    first = f"420106{19900307}{nth:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first, strict=True))
    return first + CHECKS[total % 11]


def guest(nth: int, email: str = "") -> invitations.Guest:
    return invitations.guest(
        email=email or f"guest{nth}@plant.example", name=f"客人{nth}",
        identity=identity.checked("resident", resident_number(nth)),
    )  # fmt: skip


def typed(nth: int, **more: object) -> dict[str, object]:
    """What a form or the API gets."""
    return {
        "name": f"客人{nth}", "email": f"guest{nth}@plant.example", "identity_kind": "resident",
        "identity_number": resident_number(nth), "reason": "joins the desk", **more,
    }  # fmt: skip


def token_mailed_to(email: str) -> str:
    """Sends what waits, and reads the newest link that this address got."""
    letters.send_due(timezone.now())
    for message in reversed(mail.outbox):
        found = LINK.search(str(message.body))
        if email in message.to and found:
            return found[1]
    raise AssertionError(f"no link went to {email}")
