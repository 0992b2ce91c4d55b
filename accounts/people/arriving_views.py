"""The page of an invitation: the link from the mail, then a password, then the second factor.

The token stands behind the # of the link; a script or the person puts it into the form, so that no address holds it.
"""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.approvals.errors import Refused
from accounts.people import invitations, roles
from accounts.people.forms import LinkForm, PasswordForm
from accounts.people.models import Invitation
from accounts.sign_in.passwords import Strength

KEPT = "invitation"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token", "password1", "password2")
def invitation(request: HttpRequest) -> HttpResponseBase:
    """Posted with `token`, the form of the password; posted with that, the account, signed in."""
    if "token" in request.POST:
        return _opened(request)
    token = str(request.session.get(KEPT, ""))
    found = invitations.opens(token) if token else None
    if found is None:
        return _link(request, LinkForm())
    if request.method != "POST":
        return _password(request, found, PasswordForm(invitation=found))
    form = PasswordForm(request.POST, invitation=found)
    if not form.is_valid():
        return _password(request, found, form, 400)
    try:
        with transaction.atomic():
            user = invitations.accept(token, password=form.cleaned_data["password1"], at=clock.now())
    except Refused as refused:
        form.add_error(None, refused.detail)
        return _password(request, found, form, 409)
    # Whoever was signed in at this browser is not the person who has come.
    logout(request)
    record_authentication(request, user, "password", email=user.email)
    answer: HttpResponseBase = perform_login(request, user, email_verification="none", email=user.email)
    return answer


def _opened(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _link(request, form, 400)
    token = form.cleaned_data["token"].strip()
    if invitations.opens(token) is None:
        form.add_error(None, invitations.dead().detail)
        return _link(request, form, 409)
    request.session[KEPT] = token
    return redirect("invitation")


def _link(request: HttpRequest, form: LinkForm, status: int = 200) -> HttpResponse:
    return render(request, "people/invitation_link.html", {"form": form}, status=status)


def _password(request: HttpRequest, found: Invitation, form: PasswordForm, status: int = 200) -> HttpResponse:
    context = {
        "invitation": found, "roles_text": roles.names_of(found.roles), "form": form,
        "password_help": Strength().get_help_text(),
    }  # fmt: skip
    return render(request, "people/invitation.html", context, status=status)
