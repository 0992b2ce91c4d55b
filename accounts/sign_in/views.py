"""The pages of one's own safety: second factors, sessions; and allauth's views where they do a little more here."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic.edit import FormView

from accounts.models import User
from accounts.sign_in import access, second_factor, step_up
from accounts.sign_in.mfa_adapter import MfaAdapter

SIGN_INS_SHOWN = 20


def reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


@never_cache
@login_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Second factors, password, the last sign-ins."""
    user = reader(request)
    own = {one.type: one for one in Authenticator.objects.filter(user=user)}
    codes = own.get(Authenticator.Type.RECOVERY_CODES)
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return render(
        request,
        "mfa/index.html",
        {
            "must_set_up": second_factor.lacking(user, request.session) == second_factor.SET_UP,
            "app": own.get(Authenticator.Type.TOTP),
            "passkeys": passkeys,
            "has_codes": codes is not None,
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
            "sign_ins": user.sign_ins.order_by("-at")[:SIGN_INS_SHOWN],
        },
    )


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    found = UserSession.objects.purge_and_list(reader(request))
    found.sort(key=lambda session: session.last_seen_at, reverse=True)
    lines = [(session, session.session_key == request.session.session_key) for session in found]
    return render(request, "usersessions/usersession_list.html", {"lines": lines})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs one of the own browsers out; 404 for anybody else's."""
    session = get_object_or_404(UserSession, pk=pk, user=reader(request))
    access.end_session(session)
    messages.success(request, _("That session has ended."))
    return redirect("usersessions_list")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = access.end_sessions(reader(request), but=request.session.session_key)
    messages.success(request, _("Other sessions that have ended: %(count)s.") % {"count": ended})
    return redirect("usersessions_list")


class ActivateTotp(ActivateTOTPView):
    """Adds an app, or puts a new one in the place of the old; the code it starts with counts as shown."""

    @method_decorator(never_cache)
    @method_decorator(login_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not step_up.is_fresh(request):
            raise ReauthenticationRequired
        answer: HttpResponseBase = FormView.dispatch(self, request, *args, **kwargs)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        user = reader(self.request)
        with transaction.atomic():
            Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
            answer: HttpResponse = super().form_valid(form)
        _shown(self.request, user, Authenticator.Type.TOTP)
        return answer


class AddPasskey(AddWebAuthnView):
    """Adds a passkey; making it was showing it."""

    @method_decorator(never_cache)
    @method_decorator(login_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _shown(self.request, reader(self.request), Authenticator.Type.WEBAUTHN)
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """Not the last one of somebody who needs one."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not MfaAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, MfaAdapter.error_messages["cannot_delete_authenticator"])
            return HttpResponseRedirect(reverse("mfa_index"))
        answer: HttpResponse = super().form_valid(form)
        return answer

    def get_success_url(self) -> str:
        return reverse("mfa_index")


def _shown(request: HttpRequest, user: User, kind: str) -> None:
    record_authentication(request, user, "mfa", type=kind, reauthenticated=True)
