"""The page of API keys: what there is, a new one, and an end to one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.api.authentication import address_of
from accounts.api.keys import make_key, revoke_key, visible_to
from accounts.models import ApiKey, User
from accounts.sign_in import alerts, step_up
from accounts.sign_in.forms import NewKey
from accounts.sign_in.views import reader

#: Keys of one person.
MOST_KEYS = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up.required
@sensitive_variables("plain")
def keys(request: HttpRequest) -> HttpResponse:
    """All that the reader may see; posted, a new one, whose text is on this answer and nowhere else."""
    user = reader(request)
    if request.method != "POST":
        return _page(request, user, NewKey())
    form = NewKey(request.POST)
    if ApiKey.objects.filter(user=user).count() >= MOST_KEYS:
        form.add_error(
            None,
            _("You have %(most)s keys, and no more are possible: revoke one first.") % {"most": MOST_KEYS},
        )
    if not form.is_valid():
        return _page(request, user, form, status=400)
    given = form.cleaned_data
    key, plain = make_key(
        user,
        given["name"],
        given["scopes"],
        allowed_ips=given["allowed_ips"],
        lifetime=form.lifetime(),
    )
    alerts.tell(user, alerts.KEY_MADE, name=key.name, address=address_of(request))
    return _page(request, user, NewKey(), plain=plain, made=key)


@login_required
@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Own keys, and an administrator's people's. No second factor: whoever is in a hurry to shut must not wait."""
    user = reader(request)
    found = get_object_or_404(visible_to(user), token_key=key)
    revoked(found, by=user)
    messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": found.name})
    return redirect("keys")


def revoked(key: ApiKey, *, by: User) -> None:
    """Revokes it, and tells its person where that is somebody else."""
    revoke_key(key)
    if key.user_id != by.pk:
        alerts.tell(key.user, alerts.KEY_REVOKED, name=key.name, by=by.email)


def _page(
    request: HttpRequest,
    user: User,
    form: NewKey,
    *,
    plain: str = "",
    made: ApiKey | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "form": form,
        "keys": visible_to(user),
        "plain": plain,
        "made": made,
        "now": timezone.now(),
        "sees_others": user.has_role(User.Role.ADMINISTRATOR),
        "scope_names": dict(ApiKey.Scope.choices),
    }
    return render(request, "account/keys.html", shown, status=status)
