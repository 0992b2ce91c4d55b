"""Pages of a member's groups: make one, name it, take members in and out, close it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from exchange.block import groups, selectors
from exchange.block.forms import FIELDS, GroupForm, MemberForm
from exchange.block.models import BlockGroup
from exchange.block.page_access import for_traders, reader_of
from exchange.block.people import member_called
from exchange.intake import Refused
from exchange.refusals import text

both = require_http_methods(["GET", "HEAD", "POST"])


@for_traders
@both
def index(request: HttpRequest) -> HttpResponse:
    """One's own groups; posted, a new one."""
    user = reader_of(request)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("block_group", pk=groups.create(form.cleaned_data["name"], by=user).pk)
        except Refused as refused:
            form.add_error("name", text(refused.code))
    context = {"groups": selectors.groups_of(user), "form": form}
    return render(request, "blocks/groups.html", context, status=400 if form.errors else 200)


@for_traders
@both
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group and its members; posted, the change that `step` names."""
    user = reader_of(request)
    found = selectors.groups_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    renaming, adding = GroupForm(initial={"name": found.name}), MemberForm()
    if request.method == "POST":
        step = request.POST.get("step", "")
        renaming = GroupForm(request.POST) if step == "rename" else renaming
        adding = MemberForm(request.POST) if step in {"add", "remove"} else adding
        try:
            said = (
                CHANGES[step](found, renaming if step == "rename" else adding, user)
                if step in CHANGES
                else ""
            )
            if said:
                messages.success(request, said)
                return redirect("block_groups") if step == "close" else redirect("block_group", pk=pk)
        except Refused as refused:
            form = renaming if step == "rename" else adding
            form.add_error(FIELDS.get(refused.code), text(refused.code))
    members = sorted((row.organisation for row in found.memberships.all()), key=lambda member: member.code)
    context = {"group": found, "members": members, "renaming": renaming, "adding": adding}
    bad = renaming.errors or adding.errors
    return render(request, "blocks/group.html", context, status=400 if bad else 200)


Form = GroupForm | MemberForm


def _renamed(found: BlockGroup, form: Form, user: User) -> str:
    if not form.is_valid():
        return ""
    groups.rename(found.pk, form.cleaned_data["name"], by=user)
    return _("Renamed.")


def _added(found: BlockGroup, form: Form, user: User) -> str:
    if not form.is_valid():
        return ""
    member = member_called(form.cleaned_data["member"])
    groups.add(found.pk, member, by=user)
    return _("%(name)s is in the group.") % {"name": member.name}


def _removed(found: BlockGroup, form: Form, user: User) -> str:
    if not form.is_valid():
        return ""
    member = member_called(form.cleaned_data["member"])
    groups.remove(found.pk, member, by=user)
    return _("%(name)s is not in the group any more; offers made before stay open to it.") % {
        "name": member.name
    }


def _closed(found: BlockGroup, form: Form, user: User) -> str:
    groups.close(found.pk, by=user)
    return _("The group is closed; offers made to it stay.")


CHANGES: dict[str, Callable[[BlockGroup, Form, User], str]] = {
    "rename": _renamed,
    "add": _added,
    "remove": _removed,
    "close": _closed,
}
