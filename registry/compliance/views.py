"""Pages of an emitter's year: what it needs, has and may use; surrenders; shortfalls."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from registry.compliance import selectors


@never_cache
@login_required
@require_safe
def one_surrender(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    found = get_object_or_404(selectors.surrenders_visible_to(request.user), pk=pk)
    return redirect("inbox_request", pk=found.request_id)
