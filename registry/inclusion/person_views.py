"""The person's own page: account, scenes, records with their working, points, rewards. Nobody else's eyes."""

import datetime as dt
import re
import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.api.fields import CLIENT_ID
from accounts.approvals.errors import Refused
from accounts.models import Organisation, User
from registry import exports
from registry.compliance.selectors import day_of
from registry.credits.views import reader_of
from registry.inclusion import columns, personal, points, selectors
from registry.inclusion.models import PersonalAccount, Scene
from registry.inclusion.wording import kilograms, points_words, working_words

PAGE, ENTRIES = 20, 20


def person_of(request: HttpRequest) -> User:
    """Raises PermissionDenied for whoever is no individual."""
    user = reader_of(request)
    if user.organisation.kind != Organisation.Kind.INDIVIDUAL:
        raise PermissionDenied
    return user


@require_safe
@never_cache
@login_required
def me(request: HttpRequest) -> HttpResponseBase:
    user = person_of(request)
    account = personal.account_of(user)
    if account is None:
        return render(request, "registry/inclusion/me.html", {"account": None})
    records = selectors.records_of(account)
    if exports.wanted(request):
        rows = columns.record_rows(records.iterator(chunk_size=1_000))
        return exports.table_response(request, "my-reductions", columns.RECORDS, rows)
    return render(request, "registry/inclusion/me.html", _shown(request, account))


def _shown(request: HttpRequest, account: PersonalAccount) -> dict[str, object]:
    page = Paginator(selectors.records_of(account), PAGE).get_page(request.GET.get("page"))
    joined = {one.scene_id: one for one in account.joinings.filter(left_on__isnull=True)}
    today = day_of(clock.now())
    balance = points.balance_of(account)
    return {
        "account": account, "kg": kilograms(selectors.reduced_g(account)), "balance": balance,
        "scenes": [
            (scene, joined.get(scene.pk)) for scene in selectors.scenes()
            if scene.pk in joined or scene.closed_on is None or scene.closed_on >= today
        ],
        "page": page, "records": [(row, working_words(row), points_words(row)) for row in page],
        "entries": selectors.points_of(account)[:ENTRIES],
        "rewards": [(row, row.points <= balance) for row in selectors.rewards(today)],
        "spend_id": secrets.token_hex(16),
    }  # fmt: skip


@require_POST
@login_required
def act(request: HttpRequest) -> HttpResponse:
    """`what`: open, join, leave or spend."""
    user, now = person_of(request), clock.now()
    try:
        said = _done(request, user, now)
    except Refused as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, said)
    return redirect("inclusion_me")


def _done(request: HttpRequest, user: User, now: dt.datetime) -> str:
    """What was done, in words. Raises Refused."""
    what = request.POST.get("what")
    if what == "open":
        personal.open_account(by=user, at=now)
        return _("Your carbon account is open. Join the scenes whose acts shall count.")
    if what == "spend":
        today = day_of(now)
        reward = get_object_or_404(selectors.rewards(today), code=request.POST.get("reward", ""))
        client_id = request.POST.get("id", "")
        if not re.fullmatch(CLIENT_ID, client_id):
            raise Refused("BAD_ID", _("Open the page anew and try again."))
        entry = points.spend(reward, client_id=client_id, by=user, at=now)
        return _("Redeemed. You have %(balance)s points left.") % {"balance": entry.balance}
    scene = get_object_or_404(
        Scene.objects.select_related("project"), project__code=request.POST.get("scene", "")
    )
    if what == "join":
        personal.join(scene, by=user, at=now)
        return _("Joined: acts from today on count.")
    if what == "leave":
        personal.leave(scene, by=user, at=now)
        return _("Left: nothing of later days is recorded. What was recorded stays yours.")
    raise Refused("UNKNOWN", _("Choose what to do."))
