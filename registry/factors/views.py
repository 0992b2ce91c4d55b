"""Factors for everybody, with their sources and days; the issuer's form for the next one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import clock
from accounts.approvals import uploads
from registry import exports
from registry.compliance.selectors import day_of
from registry.credits.projects import is_issuer
from registry.credits.views import reader_of, refused
from registry.factors import entering, selectors
from registry.factors.forms import FactorForm
from registry.factors.shipped import ITEMS, Factor
from registry.factors.wording import GROUP_NAMES, ITEM_NAMES, UNIT_NAMES
from registry.public.views import briefly

COLUMNS = (
    exports.Column(gettext_lazy("Used for")), exports.Column(gettext_lazy("Factor of")),
    exports.Column(gettext_lazy("Value a unit")), exports.Column(gettext_lazy("Result")),
    exports.Column(gettext_lazy("Unit of amount")), exports.Column(gettext_lazy("Holds since"), exports.Kind.DATE),
    exports.Column(gettext_lazy("Source")), exports.Column(gettext_lazy("Read at its source")),
)  # fmt: skip


def as_line(row: Factor) -> tuple[object, ...]:
    item = ITEMS[row.item]
    return (
        GROUP_NAMES[item.group], ITEM_NAMES[row.item], str(row.value), UNIT_NAMES[item.gives],
        UNIT_NAMES[item.unit], row.valid_from, row.source, _("yes") if row.verified else _("no"),
    )  # fmt: skip


@require_safe
@briefly
def public(request: HttpRequest) -> HttpResponseBase:
    """Every factor that held, holds, or will hold; those in force today first told apart."""
    rows = selectors.all_rows()
    if exports.wanted(request):
        return exports.table_response(request, "factors", COLUMNS, map(as_line, rows))
    today = day_of(clock.now())
    force = selectors.in_force(today)
    shown = [
        {
            "row": row, "group": GROUP_NAMES[ITEMS[row.item].group], "name": ITEM_NAMES[row.item],
            "unit": f"{UNIT_NAMES[ITEMS[row.item].gives]} / {UNIT_NAMES[row.unit]}",
            "state": _state(row, force, row.valid_from > today),
        }
        for row in rows
    ]  # fmt: skip
    context = {"rows": shown, "may_enter": is_issuer(request.user)}
    return render(request, "public/factors.html", context)


def _state(row: Factor, force: dict[str, Factor], ahead: bool) -> str:
    if ahead:
        return "ahead"
    return "holds" if force.get(row.item) == row else "past"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An issuer asks for a factor's next value."""
    user = reader_of(request)
    if not is_issuer(user):
        raise PermissionDenied
    form = FactorForm(request.POST if request.method == "POST" else None)
    files = uploads.kept(request, user)
    if request.method == "POST":
        valid = form.is_valid()
        try:
            uploads.attach(request, user, files)
            if valid:
                entering.propose(**form.cleaned_data, by=user, at=clock.now(), documents=files)
        except Exception as error:
            refused(form, error)
        if not form.errors:
            messages.success(request, _("Sent: the value now waits for a checker."))
            return redirect("public_factors")
    context = {"form": form, "kept": files}
    return render(request, "registry/inclusion/factor.html", context, status=400 if form.errors else 200)
