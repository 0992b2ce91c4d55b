"""Identity documents: the number is checked, sealed, and shown with its last four characters alone.

Which accounts are one natural person is told by a digest of the number under a key of our own, so that a table of
people says nothing about their numbers (`User.person`; registry-rules.md 2: never the same person).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import WrongField
from accounts.models import User
from accounts.people.models import IdentityKind, Invitation
from accounts.seals import derived_keys, seal, unseal

PURPOSE, PERSON = "identity document", "natural person"
RESIDENT = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
PASSPORT = re.compile(r"[A-Z0-9]{6,20}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Identity:
    """A document whose number was checked. It never says its number by itself."""

    kind: str
    number: str = field(repr=False)

    @property
    def shown(self) -> str:
        return f"{'•' * 6}{self.number[-SHOWN:]}"

    def sealed(self) -> str:
        return seal(self.number, PURPOSE)

    def person(self) -> str:
        """The value of `User.person`: the one that an earlier SECRET_KEY gave, where somebody has that already."""
        found = [_digest(key, self.kind, self.number) for key in derived_keys(PERSON)]
        known = set(User.objects.filter(person__in=found).values_list("person", flat=True))
        known |= set(Invitation.objects.filter(person__in=found).values_list("person", flat=True))
        return next((digest for digest in found if digest in known), found[0])


def checked(kind: str, number: str) -> Identity:
    """Raises WrongField `WRONG_IDENTITY`."""
    if kind not in IdentityKind.values:
        raise WrongField("identity_kind", "WRONG_IDENTITY", _("Choose the kind of identity document."))
    plain = number.strip().upper()
    if kind == IdentityKind.RESIDENT and not is_resident_number(plain):
        raise WrongField(
            "identity_number",
            "WRONG_IDENTITY",
            _("This is no number of a resident identity card: 18 characters, the last one a check."),
        )
    if kind == IdentityKind.PASSPORT and not PASSPORT.fullmatch(plain):
        raise WrongField(
            "identity_number", "WRONG_IDENTITY", _("A passport's number has 6 to 20 letters and digits.")
        )
    return Identity(kind, plain)


def is_resident_number(number: str) -> bool:
    """Form and check character (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if not RESIDENT.fullmatch(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=False))
    return CHECKS[total % 11] == number[-1]


def opened(sealed: str) -> str:
    """The whole number, for `manage.py read_identity` alone."""
    return unseal(sealed, PURPOSE)


def _digest(key: bytes, kind: str, number: str) -> str:
    return hmac.new(key, f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()
