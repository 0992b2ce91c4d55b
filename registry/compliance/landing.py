"""/registry/: what there is to do for the reader's organisation, as cards."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import clock
from accounts.models import Organisation, User
from registry.compliance.models import ComplianceYear
from registry.compliance.selectors import day_of, with_state
from registry.compliance.shown import days_words, state_word

Kind = Organisation.Kind


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class YearCard:
    row: ComplianceYear
    state: str
    label: str
    days_words: str
    gap_t: int


@never_cache
@require_safe
def registry(request: HttpRequest) -> HttpResponse:
    """An emitter's years and tasks, an authority's, the operator's; what is public for everybody else."""
    user = request.user if isinstance(request.user, User) else None
    cards = [card for card in _cards(user) if _exists(card.address)]
    return render(
        request,
        "registry/compliance/landing.html",
        {"cards": cards, "years": _years(user), "public": [card for card in _public() if _exists(card.address)]},
    )  # fmt: skip


def _exists(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def _years(user: User | None) -> list[YearCard]:
    """Open ones first: by deadline, complete ones last."""
    if user is None:
        return []
    today = day_of(clock.now())
    found = with_state(ComplianceYear.objects.filter(emitter=user.organisation_id), today).order_by("-year")
    rows: list[Any] = list(found)
    cards = [
        YearCard(row, row.state, state_word(row.state), days_words((row.deadline - today).days), row.gap_t)
        for row in rows
    ]  # fmt: skip
    return sorted(cards, key=lambda card: (card.state == ComplianceYear.State.COMPLETE, -card.row.year))


def _cards(user: User | None) -> list[Card]:
    if user is None:
        return []
    kind = user.organisation.kind
    if kind in {Kind.PROVINCE, Kind.NATIONAL}:
        return [_inbox(), *_authority()]
    if kind == Kind.REGISTRY:
        return [_inbox(), *_operator()]
    if kind in Organisation.TRADING_KINDS:
        return [_inbox(), *([_person()] if kind == Kind.INDIVIDUAL else []), *_holder()]
    return []


def _inbox() -> Card:
    return Card(_("Inbox"), _("What waits for your decision, and what you sent."), reverse("inbox"))


def _authority() -> list[Card]:
    return [
        Card(_("Emitters"), _("Who is covered, with units and years."), "/registry/emitters/"),
        Card(_("Verified emissions"), _("Enter or import them; answer objections."), "/registry/emissions/"),
        Card(_("Allocation"), _("Work out a plan, look at it, send it for approval."), "/registry/allocation/"),
        Card(_("Adjustments"), _("Tonnes to be deducted when issuing."), "/registry/adjustments/"),
        Card(_("Surrender status"), _("Who has surrendered, who has not, the curve to the deadline."), "/regulator/"),
        Card(_("Shortfalls"), _("Fines and deductions with their working, for your decision."), reverse("shortfalls")),
        Card(_("Freezes"), _("Holdings frozen by a document."), "/registry/freezes/"),
    ]  # fmt: skip


def _operator() -> list[Card]:
    return [
        Card(
            _("Allocation"), _("Work out a plan, look at it, send it for approval."), "/registry/allocation/"
        ),
        Card(_("Adjustments"), _("Tonnes to be deducted when issuing."), "/registry/adjustments/"),
        Card(_("Credits"), _("Projects, periods and the issuance of credits."), "/registry/credits/"),
        Card(
            _("Carbon inclusion"), _("Scenes, reductions of persons, SHCER, rewards."), "/registry/inclusion/"
        ),
        Card(_("Factors"), _("Of footprints and reductions, by day and source."), "/public/factors/"),
        Card(_("Transfers"), _("Transfers without a trade, for approval."), "/registry/transfers/"),
        Card(_("Freezes"), _("Holdings frozen by a document."), "/registry/freezes/"),
        Card(_("Emitters"), _("Who is covered, with units and years."), "/registry/emitters/"),
        Card(_("Shortfalls"), _("Fines and deductions with their working."), reverse("shortfalls")),
    ]


def _person() -> Card:
    words = _("Your low-carbon acts, how much each reduced, and your points.")
    return Card(_("My carbon account"), words, "/registry/inclusion/me/")


def _holder() -> list[Card]:
    return [
        Card(_("Holdings"), _("By vintage and purpose; move between registry and trading."), "/registry/holdings/"),
        Card(_("Carry-over"), _("Older vintages into CEA25."), "/registry/carry-over/"),
        Card(_("Voluntary cancellation"), _("For a beneficiary and a purpose, with a certificate."), "/registry/cancellations/"),
        Card(_("Transfers"), _("Without a trade, to whom you trust."), "/registry/transfers/"),
        Card(_("Trusted list"), _("Whom you may send to, effective after four working days."), "/registry/trusted/"),
        Card(_("Pledges"), _("Tonnes that secure a loan."), "/registry/pledges/"),
        Card(_("Credits"), _("Your projects and what they were issued."), "/registry/credits/"),
    ]  # fmt: skip


def _public() -> list[Card]:
    return [
        Card(_("Public pages"), _("Emitters, emissions, allocation and surrender by year."), "/public/"),
        Card(_("Check a certificate"), _("By its number, without signing in."), reverse("certificates")),
    ]
