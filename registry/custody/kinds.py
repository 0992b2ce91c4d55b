"""What takes two people in custody: freezes, pledges, the trusted list, transfers without a trade."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.kinds import Kind, Stage, own_organisation, register, registry_operator
from accounts.approvals.models import Decision, Request
from accounts.models import Organisation, User
from registry.custody import freezes, pledges, transfers, trusted
from registry.custody.models import NonTradeTransfer
from registry.ledger.models import Account
from registry.words import lines_in_words, yuan

Role = User.Role
OWN_APPROVER = Stage(Role.APPROVER, own_organisation, gettext_lazy("Second person of the organisation"))
CHECKER = Stage(Role.CHECKER, registry_operator, gettext_lazy("Checker of the registry"))
LIFETIME = dt.timedelta(days=30)
Change = tuple[str, str, str]


def pledgee_of(request: Request) -> Organisation:
    return Organisation.objects.get(pk=request.payload["pledgee"])


def moved(lines: dict[str, int], source: str, target: str) -> list[Change]:
    """From where to where, for the inbox."""
    names = Account.Purpose
    return [(lines_in_words(lines), str(names(source).label), str(names(target).label))]


class Custody(Kind):
    """`about` is whose holdings they are, where somebody else asks."""

    lifetime: dt.timedelta | None = LIFETIME

    def place(self, request: Request) -> str:
        return "holdings"

    def link(self, request: Request) -> str:
        return reverse(self.place(request))

    def name_of(self, request: Request) -> str:
        return (request.about or request.organisation).name


class Freezing(Custody):
    name = freezes.FREEZE
    title = gettext_lazy("Freeze")
    initiator_roles = frozenset({Role.ISSUER.value, Role.REGULATOR.value})
    stages = (CHECKER,)
    lifetime = None
    about_may_see = False

    def place(self, request: Request) -> str:
        return "freezes"

    def summary(self, request: Request) -> str:
        asked = request.payload
        what = _("everything it holds") if asked["whole"] else lines_in_words(asked["lines"])
        return _("Freeze %(what)s of %(name)s, by %(document)s of %(ordered_by)s") % {
            "what": what, "name": self.name_of(request),
            "document": asked["document"], "ordered_by": asked["ordered_by"],
        }  # fmt: skip

    def changes(self, request: Request) -> list[Change]:
        free, frozen = _("Registry and trading holding"), str(Account.Purpose.FROZEN.label)
        if not request.payload["whole"]:
            return [(lines_in_words(request.payload["lines"]), free, frozen)]
        active, suspended = Organisation.Status.ACTIVE.label, Organisation.Status.SUSPENDED.label
        return [
            (_("everything it holds"), free, frozen),
            (self.name_of(request), str(active), str(suspended)),
        ]

    def approved(self, request: Request, decision: Decision) -> None:
        freezes.freeze_now(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        freezes.refused(request)


class Unfreezing(Custody):
    name = freezes.UNFREEZE
    title = gettext_lazy("Unfreeze")
    initiator_roles = Freezing.initiator_roles
    stages = (CHECKER,)
    lifetime = None
    about_may_see = False

    def place(self, request: Request) -> str:
        return "freezes"

    def summary(self, request: Request) -> str:
        return _("End the freeze of %(name)s by %(document)s: every tonne goes back to where it was") % {
            "name": self.name_of(request), "document": request.payload["document"],
        }  # fmt: skip

    def approved(self, request: Request, decision: Decision) -> None:
        freezes.unfreeze_now(request, decision.at)


class Pledging(Custody):
    name = pledges.PLEDGE
    title = gettext_lazy("Pledge")
    initiator_roles = frozenset({Role.INITIATOR.value})
    stages = (OWN_APPROVER, Stage(Role.APPROVER, pledgee_of, gettext_lazy("Approver of the pledgee")))

    def place(self, request: Request) -> str:
        return "pledges"

    def summary(self, request: Request) -> str:
        asked = request.payload
        return _("%(name)s pledges %(lines)s to %(pledgee)s for a loan of %(loan)s yuan, %(start)s to %(end)s") % {
            "name": request.organisation.name, "lines": lines_in_words(asked["lines"]),
            "pledgee": pledgee_of(request).name, "loan": yuan(asked["loan_fen"]),
            "start": asked["starts_on"], "end": asked["ends_on"],
        }  # fmt: skip

    def changes(self, request: Request) -> list[Change]:
        return moved(request.payload["lines"], "registry", "pledged")

    def approved(self, request: Request, decision: Decision) -> None:
        pledges.pledge_now(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        pledges.pledge_back(request, at)


class Releasing(Custody):
    name = pledges.RELEASE
    title = gettext_lazy("Release of a pledge")
    initiator_roles = frozenset({Role.INITIATOR.value})
    stages: tuple[Stage, ...] = (OWN_APPROVER,)

    def place(self, request: Request) -> str:
        return "pledges"

    def summary(self, request: Request) -> str:
        return _("Give the pledged %(lines)s back to %(name)s") % {
            "lines": lines_in_words(request.payload["lines"]), "name": self.name_of(request),
        }  # fmt: skip

    def changes(self, request: Request) -> list[Change]:
        return moved(request.payload["lines"], "pledged", "registry")

    def approved(self, request: Request, decision: Decision) -> None:
        pledges.release_now(request, decision.at)


class Disposing(Releasing):
    name = pledges.DISPOSAL
    title = gettext_lazy("Disposal of a pledge")
    stages = (OWN_APPROVER, CHECKER)

    def summary(self, request: Request) -> str:
        return _("Hand the pledged %(lines)s of %(name)s to %(pledgee)s for sale: its loan was not repaid") % {
            "lines": lines_in_words(request.payload["lines"]), "name": self.name_of(request),
            "pledgee": request.organisation.name,
        }  # fmt: skip

    def changes(self, request: Request) -> list[Change]:
        return [
            (lines_in_words(request.payload["lines"]),
             f"{self.name_of(request)}: {Account.Purpose.PLEDGED.label}",
             f"{request.organisation.name}: {Account.Purpose.TRADING.label}")
        ]  # fmt: skip

    def approved(self, request: Request, decision: Decision) -> None:
        pledges.dispose_now(request, decision.at)


class Trusting(Custody):
    name = trusted.TRUST
    title = gettext_lazy("Trusted list")
    initiator_roles = frozenset(trusted.MANAGERS)
    stages = (OWN_APPROVER,)

    def place(self, request: Request) -> str:
        return "trusted"

    def summary(self, request: Request) -> str:
        other = Organisation.objects.get(pk=request.payload["trusted"])
        return _("Put %(other)s (%(code)s) on the trusted list of %(name)s, effective four working days later") % {
            "other": other.name, "code": other.code, "name": request.organisation.name,
        }  # fmt: skip

    def approved(self, request: Request, decision: Decision) -> None:
        trusted.list_now(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        trusted.refused(request)


class Transferring(Custody):
    name = transfers.TRANSFER
    title = gettext_lazy("Transfer without a trade")
    initiator_roles = frozenset({Role.INITIATOR.value})
    stages = (OWN_APPROVER, CHECKER)

    def place(self, request: Request) -> str:
        return "transfers"

    def _words(self, request: Request) -> dict[str, Any]:
        asked = request.payload
        return {
            "name": request.organisation.name,
            "lines": lines_in_words(asked["lines"]),
            "receiver": Organisation.objects.get(pk=asked["receiver"]).name,
            "ground": NonTradeTransfer.Ground(asked["ground"]).label,
        }

    def summary(self, request: Request) -> str:
        return _("%(name)s transfers %(lines)s to %(receiver)s: %(ground)s") % self._words(request)

    def changes(self, request: Request) -> list[Change]:
        words = self._words(request)
        place = Account.Purpose.REGISTRY.label
        return [(words["lines"], f"{words['name']}: {place}", f"{words['receiver']}: {place}")]

    def approved(self, request: Request, decision: Decision) -> None:
        transfers.transfer_now(request, decision.at)

    def released(self, request: Request, at: dt.datetime) -> None:
        transfers.transfer_back(request, at)


for kind in (Freezing, Unfreezing, Pledging, Releasing, Disposing, Trusting, Transferring):
    register(kind())
