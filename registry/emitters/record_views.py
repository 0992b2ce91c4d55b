"""Pages where a province's regulator, or the registry's issuer, keeps the record of emitters and units."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.approvals.errors import Refused, WrongField
from accounts.models import User
from registry.emitters import units
from registry.emitters.models import Emitter, Unit
from registry.emitters.record_forms import EmitterForm, NamesForm, RecordForm, UnitForm, YearForm
from registry.emitters.rights import edits_province, keeps_all_records, keeps_records
from registry.emitters.views import emitter_of, reader

asks = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Entry:
    """A form with its words; `verb` stores what was typed and says so in a sentence."""

    title: str
    intro: str
    form: RecordForm
    verb: Callable[[dict[str, Any]], str]
    back: str


def _answered(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The form; posted, what it says is stored at once, or the form says what is wrong and keeps what was typed."""
    if request.method != "POST":
        return _page(request, entry)
    if not entry.form.is_valid():
        return _page(request, entry, 400)
    try:
        said = entry.verb({"by": reader(request), "at": clock.now()})
    except Refused as refused:
        field = refused.field if isinstance(refused, WrongField) else None
        entry.form.add_error(field if field in entry.form.fields else None, refused.detail)
        return _page(request, entry, 409)
    messages.success(request, said)
    return redirect(entry.back)


def _page(request: HttpRequest, entry: Entry, status: int = 200) -> HttpResponse:
    context = {"entry": entry, "form": entry.form}
    return render(request, "registry/emitters/record_form.html", context, status=status)


def _kept(user: User, code: str) -> Emitter:
    """Raises Http404 for an emitter that the person does not see, PermissionDenied for one that it only sees."""
    emitter = emitter_of(user, code)
    if not keeps_records(user, emitter.organisation.province):
        raise PermissionDenied
    return emitter


@never_cache
@login_required
@asks
def new(request: HttpRequest) -> HttpResponse:
    """A new emitter; an import of many does the same."""
    user = reader(request)
    if not keeps_all_records(user) and not edits_province(user):
        raise PermissionDenied
    form = EmitterForm(request.POST or None, provinces=keeps_all_records(user))

    def verb(given: dict[str, Any]) -> str:
        typed = form.cleaned_data
        made = units.add_emitter(**{**typed, "name_en": typed["name_en"] or ""}, **given)
        return _("%(name)s is entered. Add its units next.") % {"name": made.organisation.name}

    intro = _("For one emitter. Many are better imported from a file: both are checked alike, and both keep their history.")  # fmt: skip
    entry = Entry(_("New emitter"), intro, form, verb, reverse("emitters"))
    answer = _answered(request, entry)
    if answer.status_code == 302:
        return redirect("emitter", code=form.cleaned_data["credit_code"])
    return answer


@never_cache
@login_required
@asks
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Its names; code, province and sector stay as they are."""
    emitter = _kept(reader(request), code)
    held = emitter.organisation
    form = NamesForm(request.POST or None, initial={"name_zh": held.name_zh, "name_en": held.name_en})

    def verb(given: dict[str, Any]) -> str:
        units.rename_emitter(emitter, **form.cleaned_data, **given)
        return _("The names are stored.")

    intro = _("Code, province and sector stay. The old names stay readable in the history.")
    title = _("Names of %(code)s") % {"code": held.code}
    return _answered(request, Entry(title, intro, form, verb, reverse("emitter", args=[code])))


@never_cache
@login_required
@asks
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A new unit, or with `?unit=CODE` the change of one."""
    emitter = _kept(reader(request), code)
    held = None
    if request.GET.get("unit"):
        held = get_object_or_404(Unit, emitter=emitter, code=request.GET["unit"].replace("\0", ""))
    form = UnitForm(request.POST or None, sector=emitter.sector, unit=held)

    def verb(given: dict[str, Any]) -> str:
        reason = form.cleaned_data["reason"]
        if held is None:
            units.add_unit(emitter, form.record(), reason=reason, **given)
        else:
            units.change_unit(held, form.record(), reason=reason, **given)
        return _("Unit %s is stored.") % form.record().code

    title = _("Change unit %(code)s") % {"code": held.code} if held else _("New unit")
    return _answered(
        request, Entry(title, emitter.organisation.name, form, verb, reverse("emitter", args=[code]))
    )


@never_cache
@login_required
@asks
def year(request: HttpRequest, code: str) -> HttpResponse:
    """Lists the emitter for a compliance year: its province alone."""
    user = reader(request)
    emitter = _kept(user, code)
    if not edits_province(user):
        raise PermissionDenied
    last = clock.now().year + 1
    form = YearForm(request.POST or None, emitter=emitter, last=last, first=units.FIRST_YEAR)

    def verb(given: dict[str, Any]) -> str:
        typed = form.cleaned_data
        units.cover([emitter], typed["year"], reason=typed["reason"], **given)
        return _("It is listed for %(year)s.") % {"year": typed["year"]}

    intro = _("An emitter that is listed is verified, allocated and owes for that year. One that leaves is left out of the next year's list.")  # fmt: skip
    title = _("List %(name)s for a year") % {"name": emitter.organisation.name}
    return _answered(request, Entry(title, intro, form, verb, reverse("emitter", args=[code])))
