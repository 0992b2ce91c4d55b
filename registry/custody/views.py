"""Pages: what an organisation holds, its movements in the ledger, and the lists of what it asked for."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from registry import exports, positions
from registry.custody import selectors, tables, trusted
from registry.custody.asking import reader_of
from registry.custody.forms import MoveForm
from registry.exports import Column, Kind
from registry.ledger.models import Account, Asset, Transfer
from registry.ledger.post import InsufficientBalance

PAGE = 50
#: Of the ledger, the page of holdings shows these; the rest is on a page of its own.
LATEST = 10
MOVERS = (User.Role.TRADER.value, User.Role.INITIATOR.value)

MATRIX_COLUMNS = (
    Column("asset"),
    *(Column(place.label, Kind.TONNES) for place in Account.HELD),
    Column("total", Kind.TONNES),
)
MOVEMENT_COLUMNS = (
    Column("day", Kind.DATE), Column("at", Kind.MOMENT), Column("asset"), Column("kind"), Column("from"),
    Column("to"), Column("amount_t_or_fen"), Column("change_t_or_fen"), Column("other"), Column("cause"),
)  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def holdings(request: HttpRequest) -> HttpResponseBase:
    """Tonnes by vintage and purpose; posted, a move between registry and trading."""
    user = reader_of(request)
    rows = selectors.matrix(user.organisation_id)
    if exports.wanted(request):
        lines = ([row.asset.code, *(t for _place, t in row.places), row.total_t] for row in rows)
        return exports.table_response(request, "holdings", MATRIX_COLUMNS, lines)
    may_move = user.has_role(*MOVERS) and user.organisation.may_trade
    form = MoveForm(request.POST or None, holder=user.organisation, initial={"id": uuid.uuid4().hex})
    status = 200
    if request.method == "POST":
        if may_move and form.is_valid() and _moved(form, user.organisation):
            messages.success(request, _("Moved."))
            return redirect("holdings")
        status = 400 if may_move else 403
    latest = list(selectors.movements(user.organisation_id)[:LATEST])
    context: dict[str, Any] = {
        "rows": rows,
        "places": [place.label for place in Account.HELD],
        "form": form,
        "may_move": may_move,
        "suspended": user.organisation.status != Organisation.Status.ACTIVE,
        "movements": selectors.seen_by(user.organisation_id, latest),
        "frozen": selectors.freezes(user).filter(organisation=user.organisation_id, state="frozen"),
        "covered": hasattr(user.organisation, "emitter"),
        "may_ask": user.has_role(User.Role.INITIATOR),
    }
    return render(request, "registry/custody/holdings.html", context, status=status)


def _moved(form: MoveForm, organisation: Organisation) -> bool:
    """Whether it was; else the form says why not."""
    asked = form.cleaned_data
    try:
        positions.move(
            organisation=organisation, client_id=asked["id"], asset=asked["asset"],
            quantity_t=asked["quantity"], source=asked["source"], target=asked["target"],
        )  # fmt: skip
    except positions.NoSuchMove as refused:
        form.add_error("target" if refused.field == "to" else "asset", refused.detail)
    except positions.OtherMove:
        form.add_error(None, _("id: used for another move. Send it with a new id."))
    except positions.NotActive:
        words = _("Your organisation is suspended, frozen or closed: its holdings stay where they are.")
        form.add_error(None, words)
    except positions.SurrenderOnly as refused:
        form.add_error("quantity", refused.words)
    except InsufficientBalance:
        form.add_error("quantity", _("quantity: more than there is to move. Move less."))
    else:
        return True
    return False


@never_cache
@login_required
@require_safe
def movements(request: HttpRequest) -> HttpResponseBase:
    """One's own transfers with the balances after each; filters for asset, kind and purpose."""
    holder = reader_of(request).organisation_id
    asset, kind = request.GET.get("asset", ""), request.GET.get("kind", "")
    purpose = request.GET.get("purpose", "")
    found = selectors.movements(holder, asset=asset[:16], kind=kind[:16], purpose=purpose[:16])
    if exports.wanted(request):
        return exports.table_response(request, "movements", MOVEMENT_COLUMNS, _movement_rows(holder, found))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    held = Account.objects.filter(holder=holder).exclude(purpose=Account.Purpose.SOURCE)
    context = {
        "page": page,
        "movements": selectors.seen_by(holder, list(page)),
        "asset": asset, "kind": kind, "purpose": purpose, "query": query.urlencode(),
        "assets": sorted(set(held.values_list("asset_id", flat=True))),
        "kinds": Transfer.Kind.choices,
        "purposes": [(place.value, place.label) for place in Account.HELD],
        "money": Asset.CNY,
    }  # fmt: skip
    return render(request, "registry/custody/movements.html", context)


def _movement_rows(holder: int, found: Any) -> Iterator[list[Any]]:
    for row in found.iterator(chunk_size=2_000):
        (line,) = selectors.seen_by(holder, [row], running=False)
        yield [
            row.day, row.at, row.asset_id, row.kind, line.source, line.target, row.amount, line.change,
            line.other.code if line.other else "", row.cause,
        ]  # fmt: skip


@never_cache
@login_required
@require_safe
def freezes(request: HttpRequest) -> HttpResponseBase:
    user = reader_of(request)
    may = user.has_role(User.Role.ISSUER) or user.has_role(User.Role.REGULATOR)
    return _listing(
        request, tables.freezes(selectors.freezes(user), may_end=may), _("Freezes"),
        _("By a court's or authority's document and two people. A frozen tonne still counts as held."),
        reverse("freeze_new") if may else "", _("New freeze"),
    )  # fmt: skip


@never_cache
@login_required
@require_safe
def pledges(request: HttpRequest) -> HttpResponseBase:
    user = reader_of(request)
    may = user.has_role(User.Role.INITIATOR)
    return _listing(
        request, tables.pledges(selectors.pledges(user), user, may_end=may), _("Pledges"),
        _("Pledged tonnes secure a loan and cannot be moved until the pledgee releases them."),
        reverse("pledge_new") if may and user.organisation.may_trade else "", _("New pledge"),
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trusted_list(request: HttpRequest) -> HttpResponseBase:
    """The list; posted with `remove`, takes one off at once."""
    user = reader_of(request)
    if request.method == "POST":
        return _removed(request, user)
    may = user.has_role(*trusted.MANAGERS)
    return _listing(
        request, tables.trusted(selectors.trusted_entries(user), user, may_end=may), _("Trusted list"),
        _("Only to these can tonnes go without a trade. A new entry takes a second person and is effective four working days later; removing holds at once."),
        reverse("trusted_new") if may and user.organisation.may_trade else "", _("New entry"),
    )  # fmt: skip


def _removed(request: HttpRequest, user: User) -> HttpResponse:
    number = request.POST.get("remove", "")
    known = selectors.trusted_entries(user)
    entry = known.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    try:
        if entry is not None:
            trusted.remove(entry.pk, by=user, at=clock.now())
            messages.success(request, _("Removed: nothing more can be sent there."))
    except Refused as refused:
        messages.error(request, refused.detail)
    return redirect("trusted")


@never_cache
@login_required
@require_safe
def transfers(request: HttpRequest) -> HttpResponseBase:
    user = reader_of(request)
    may = user.has_role(User.Role.INITIATOR) and user.organisation.may_trade
    return _listing(
        request, tables.transfers(selectors.transfers(user)), _("Transfers without a trade"),
        _("For succession, merger or court enforcement, with proof, to an organisation of the trusted list."),
        reverse("transfer_new") if may else "", _("New transfer"),
    )  # fmt: skip


def _listing(
    request: HttpRequest, table: tables.Table, title: str, intro: str, new: str, new_words: str
) -> HttpResponseBase:
    """The table; with `?as=`, as a file."""
    if exports.wanted(request):
        return table.file(request)
    page = Paginator(table.found, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": title, "intro": intro, "new": new, "new_words": new_words,
        "columns": table.columns, "page": page, "rows": [table.row(row) for row in page],
        "empty": table.empty,
    }  # fmt: skip
    return render(request, "registry/custody/list.html", context)
