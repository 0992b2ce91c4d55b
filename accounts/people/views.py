"""The pages of one's own people: who there is, invitations, one person, what was changed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.approvals.errors import Refused, WrongField
from accounts.models import User
from accounts.people import changing, invitations, roles, selectors
from accounts.people.forms import InviteForm, ReasonForm, RolesForm
from accounts.people.models import Invitation
from accounts.people.shown import line_of
from accounts.sign_in import step_up
from accounts.sign_in.views import reader

PAGE = 50


def administrator(request: HttpRequest) -> User:
    """Raises PermissionDenied for everybody else."""
    user = reader(request)
    if not user.has_role(User.Role.ADMINISTRATOR):
        raise PermissionDenied
    return user


def put_on(form: forms.Form, refused: Refused) -> None:
    """The refusal at its field, where the form has that field."""
    field = refused.field if isinstance(refused, WrongField) else ""
    if refused.code.startswith("REASON"):
        field = "reason"
    form.add_error(field if field in form.fields else None, refused.detail)


@never_cache
@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the own organisation; for its administrators also who is invited, and masked documents."""
    user = reader(request)
    house, manages = user.organisation, user.has_role(User.Role.ADMINISTRATOR)
    known = selectors.identities_of(house) if manages else {}
    page = Paginator(selectors.people_of(house), PAGE).get_page(request.GET.get("page"))
    rows = [(person, roles.names_of(person.roles), known.get(person.pk, "")) for person in page]
    invited = selectors.open_invitations(house) if manages else Invitation.objects.none()
    context = {
        "page": page, "rows": rows, "manages": manages, "house": house, "now": timezone.now(),
        "invited": [(one, roles.names_of(one.roles)) for one in invited],
    }  # fmt: skip
    return render(request, "people/index.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up.required
@sensitive_post_parameters("identity_number")
def invite(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    form = InviteForm(request.POST or None, organisation=user.organisation)
    if request.method != "POST":
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, 400)
    try:
        with transaction.atomic():
            made = invitations.invite(
                form.guest(), wanted=form.cleaned_data["roles"], by=user, reason=form.cleaned_data["reason"],
                at=clock.now(),
            )  # fmt: skip
    except Refused as refused:
        put_on(form, refused)
        return _form(request, form, 409)
    messages.success(request, _sent(made))
    return redirect("people")


def _sent(made: Invitation) -> str:
    if made.state == Invitation.State.OPEN:
        return _("Invited: the link is on its way to %(email)s.") % {"email": made.email}
    return _(
        "The invitation waits for a second person, because of its roles. You can follow it in your inbox."
    )


def _form(request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
    return render(request, "people/invite.html", {"form": form}, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up.required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the own people; posted with `roles` and `reason`, other roles for them."""
    user = administrator(request)
    found = get_object_or_404(
        User.objects.select_related("organisation"), pk=pk, organisation=user.organisation
    )
    form = RolesForm(request.POST or None, person=found)
    if request.method != "POST":
        return _person(request, found, form)
    if not form.is_valid():
        return _person(request, found, form, status=400)
    try:
        with transaction.atomic():
            asked = changing.change_roles(
                found.pk, wanted=form.cleaned_data["roles"], by=user, reason=form.cleaned_data["reason"],
                at=clock.now(),
            )  # fmt: skip
    except User.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        put_on(form, refused)
        return _person(request, found, form, status=409)
    if asked is not None:
        messages.success(
            request, _("The new roles wait for a second person. You can follow it in your inbox.")
        )
        return redirect("inbox_request", pk=asked.pk)
    messages.success(request, _("The new roles hold from now on."))
    return redirect("person", pk=found.pk)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Out at once. No second factor: whoever is in a hurry to shut must not wait."""
    user = administrator(request)
    found = get_object_or_404(
        User.objects.select_related("organisation"), pk=pk, organisation=user.organisation
    )
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _person(request, found, RolesForm(person=found), form, status=400)
    try:
        with transaction.atomic():
            changing.remove(found.pk, by=user, reason=form.cleaned_data["reason"], at=clock.now())
    except User.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        put_on(form, refused)
        return _person(request, found, RolesForm(person=found), form, status=409)
    messages.success(request, _("%(email)s is out: sessions, keys and open connections have ended.") % {"email": found.email})  # fmt: skip
    return redirect("people")


def _person(
    request: HttpRequest,
    found: User,
    form: RolesForm,
    leaving: ReasonForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    changes = selectors.changes_of(found.organisation).filter(person=found)[:PAGE]
    context: dict[str, Any] = {
        "person": found, "form": form, "roles_text": roles.names_of(found.roles),
        "leaving": leaving or ReasonForm(auto_id="leaving_%s"), "is_self": found.pk == reader(request).pk,
        "identity": selectors.identities_of(found.organisation).get(found.pk, ""),
        "lines": [line_of(change) for change in changes],
    }  # fmt: skip
    return render(request, "people/person.html", context, status=status)


@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator(request)
    try:
        with transaction.atomic():
            made = invitations.resend(pk, by=user, at=clock.now())
    except Invitation.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _sent(made))
    return redirect("people")


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator(request)
    try:
        with transaction.atomic():
            invitations.withdraw(pk, by=user, reason=request.POST.get("reason", ""), at=clock.now())
    except Invitation.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, _("Withdrawn: its link opens nothing any more."))
    return redirect("people")


@never_cache
@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed of the own organisation and its people, the newest first."""
    found = selectors.changes_of(reader(request).organisation)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/changes.html", {"page": page, "lines": [line_of(row) for row in page]})
