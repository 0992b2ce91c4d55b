"""One way for every form that asks for what takes two people: typed → checked → sent.

The check does everything that sending does and takes it back: what would be refused is refused there already, and
the summary and the changes shown are those that the second person will read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from accounts.approvals import uploads
from accounts.approvals.kinds import kind_of, refusal_of
from accounts.approvals.models import Document, Request
from accounts.models import User
from registry.custody.forms import AskForm

Verb = Callable[[dict[str, Any]], Request]


@dataclass(frozen=True)
class Question:
    """A form with its words. `verb` gets who asks, when, why and the files, and gives the request."""

    title: str
    intro: str
    back: str
    form: AskForm
    verb: Verb
    more: tuple[str, ...] = ()


def reader_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "nobody else gets past the sign-in"
    return request.user


def answered(request: HttpRequest, question: Question) -> HttpResponse:
    """The form; posted with `step=check` what would happen; with `step=send` it is asked for."""
    form = question.form
    if request.method != "POST":
        return _form(request, question, [])
    user = reader_of(request)
    kept = uploads.kept(request, user)
    if not form.is_valid():
        return _form(request, question, kept, 400)
    if request.POST.get("step") == "change":
        return _form(request, question, kept)
    try:
        uploads.attach(request, user, kept)
        given = {"by": user, "reason": form.cleaned_data["reason"], "at": clock.now(), "documents": kept}
        if request.POST.get("step") != "send":
            return _check(request, question, kept, given)
        asked = question.verb(given)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        form.add_error("reason" if refusal.code.startswith("REASON") else None, refusal.detail)
        return _form(request, question, kept, 409)
    messages.success(request, _("Sent. It now waits for the people who decide."))
    return redirect("inbox_request", pk=asked.pk)


def _check(
    request: HttpRequest, question: Question, kept: list[Document], given: dict[str, Any]
) -> HttpResponse:
    """Raises what the verb refuses."""
    with transaction.atomic():
        asked = question.verb(given)
        kind = kind_of(asked.kind)
        shown = {
            "summary": kind.summary(asked),
            "changes": kind.changes(asked),
            "stages": [str(stage.name) for stage in kind.stages],
        }
        transaction.set_rollback(True)
    typed = [(name, request.POST[name]) for name in question.form.fields if request.POST.get(name)]
    context = {"question": question, "kept": kept, "typed": typed, "reason": given["reason"], **shown}
    return render(request, "registry/custody/check.html", context)


def _form(request: HttpRequest, question: Question, kept: list[Document], status: int = 200) -> HttpResponse:
    context = {"question": question, "form": question.form, "kept": kept}
    return render(request, "registry/custody/form.html", context, status=status)
