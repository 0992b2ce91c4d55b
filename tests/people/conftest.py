"""A plant with administrators, a registry with issuer and checker, and a stranger's plant."""

from dataclasses import dataclass, field

import pytest

from accounts import clock
from accounts.approvals import verbs
from accounts.approvals.models import Request
from accounts.models import Organisation, User
from accounts.people import invitations
from accounts.people.models import Invitation
from tests.support.people import PASSWORD, guest, token_mailed_to


@dataclass
class Cast:
    """People by e-mail's first part; houses by code."""

    people: dict[str, User] = field(default_factory=dict)
    houses: dict[str, Organisation] = field(default_factory=dict)

    def __getitem__(self, name: str) -> User:
        found = self.people[name]
        found.refresh_from_db()
        return found

    def house(self, code: str, kind: str, province: str = "") -> Organisation:
        self.houses[code] = Organisation.objects.create(
            code=code, kind=kind, name_zh=f"{code}单位", name_en=f"{code} House", province=province
        )
        return self.houses[code]

    def add(self, name: str, code: str, *roles: str) -> User:
        self.people[name] = User.objects.create_user(
            f"{name}@{code}.example", None, organisation=self.houses[code], roles=list(roles), person=name
        )
        return self.people[name]

    def invite(self, nth: int, *roles: str, by: str = "boss", email: str = "") -> Invitation:
        return invitations.invite(
            guest(nth, email), wanted=roles, by=self[by], reason="joins the desk", at=clock.now()
        )

    def approve(self, request: Request | None, by: str) -> Request:
        assert request is not None
        return verbs.approve(request.pk, by=self[by], reason="in order", at=clock.now())


@pytest.fixture
def cast(db: None) -> Cast:
    cast = Cast()
    cast.house("plant", "emitter", "310000")
    cast.house("other", "institution")
    cast.house("registry", "registry")
    cast.add("boss", "plant", "administrator")
    cast.add("trader", "plant", "trader")
    cast.add("approver", "plant", "approver")
    cast.add("stranger", "other", "administrator", "trader")
    cast.add("issuer", "registry", "issuer")
    cast.add("checker", "registry", "checker")
    return cast


def accepted(email: str, password: str = PASSWORD) -> User:
    """The person opens the mailed link and sets a password."""
    return invitations.accept(token_mailed_to(email), password=password, at=clock.now())
