"""Kinds of requests: each domain says who may ask, who decides in which stages, and what follows.

    class Surrendering(Kind):
        name = "surrender"
        title = _("Surrender")
        initiator_roles = frozenset({User.Role.INITIATOR})
        stages = (
            Stage(User.Role.APPROVER, own_organisation, _("Approver of the emitter")),
            Stage(User.Role.REGULATOR, province_of_about, _("Province authority")),
        )
        def approved(self, request, decision): …post to the ledger…

    register(Surrendering())

The last line runs in `AppConfig.ready` of the domain's app.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation

if TYPE_CHECKING:
    from accounts.approvals.models import Decision, Request


@dataclass(frozen=True)
class Stage:
    """One decision on the way: people in `role` of the organisation that `decider` names."""

    role: str
    decider: "Callable[[Request], Organisation]"
    #: lazy, for the pages: "Approver of the emitter"
    name: Any = ""


class Kind:
    """What a request of this kind means. A subclass of each domain; one instance of it is registered.

    `approved`, `stage_approved` and `released` run in the transaction of the decision, while the request is
    locked: what they raise undoes the decision. Errors that are refusals, not bugs, are told to `expect`.
    """

    name: str = ""
    title: Any = ""
    initiator_roles: frozenset[str] = frozenset()
    stages: tuple[Stage, ...] = ()
    #: how long it may wait; None: until somebody decides
    lifetime: dt.timedelta | None = None
    #: whether the organisation that it is about sees it before it is decided; not where that would warn it
    about_may_see: bool = True

    def summary(self, request: "Request") -> str:
        """What it does, in one sentence of the active language, with numbers and units."""
        return str(self.title)

    def changes(self, request: "Request") -> list[tuple[str, str, str]]:
        """What changes, for the inbox: (what, before, after), as words with units."""
        return []

    def link(self, request: "Request") -> str:
        """The address of the page of what it is about, or nothing."""
        return ""

    def stage_approved(self, request: "Request", decision: "Decision") -> None:
        """A stage that is not the last was approved."""

    def approved(self, request: "Request", decision: "Decision") -> None:
        """The last stage was approved: the effect."""

    def released(self, request: "Request", at: dt.datetime) -> None:
        """Refused, withdrawn or expired: what was pending goes back."""


_kinds: dict[str, Kind] = {}
_expected: dict[type[Exception], tuple[str, Any]] = {}


def register(kind: Kind) -> None:
    """Makes a kind known under its name. Raises ValueError for a name that is taken, or a kind without stages."""
    known = _kinds.get(kind.name)
    if not kind.name or not kind.stages or (known is not None and type(known) is not type(kind)):
        raise ValueError(f"not a kind, or one of another domain: {kind.name!r}")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    """Raises LookupError for a name that nobody registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no kind of request is called {name!r}") from None


def kinds() -> list[Kind]:
    """All of them, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def expect(error: type[Exception], code: str, detail: Any) -> None:
    """Tells pages and API that this error of an effect is a refusal, and its words (lazy)."""
    _expected[error] = (code, detail)


def refusal_of(error: Exception) -> Refused | None:
    """The refusal that an error of a verb stands for; None for a bug."""
    if isinstance(error, Refused):
        return error
    for expected, (code, detail) in _expected.items():
        if isinstance(error, expected):
            return Refused(code, str(detail))
    return None


def own_organisation(request: "Request") -> Organisation:
    """The asking organisation itself decides, by another of its people."""
    return request.organisation


def national_authority(request: "Request") -> Organisation:
    """The national authority. Raises Refused `NO_DECIDER` where there is none."""
    return _only(Organisation.Kind.NATIONAL)


def registry_operator(request: "Request") -> Organisation:
    """The registry operator. Raises Refused `NO_DECIDER` where there is none."""
    return _only(Organisation.Kind.REGISTRY)


def exchange_operator(request: "Request") -> Organisation:
    """The exchange operator. Raises Refused `NO_DECIDER` where there is none."""
    return _only(Organisation.Kind.EXCHANGE)


def about(request: "Request") -> Organisation:
    """Whom it is about decides, by one of its people."""
    assert request.about is not None, "this kind of request is always about somebody"
    return request.about


def province_of_about(request: "Request") -> Organisation:
    """The authority of the province of whom it is about. Raises Refused `NO_DECIDER` where there is none."""
    concerned = request.about or request.organisation
    return _only(Organisation.Kind.PROVINCE, province=concerned.province or "-")


def _only(kind: str, **of: str) -> Organisation:
    found = Organisation.objects.filter(kind=kind, **of).exclude(status=Organisation.Status.CLOSED)
    first = found.order_by("pk").first()
    if first is None:
        raise Refused(
            "NO_DECIDER", _("Nobody can decide this: the responsible authority has no account here yet.")
        )
    return first
