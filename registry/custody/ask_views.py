"""Pages that ask for what takes two people in custody."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.approvals.models import Request
from accounts.models import User
from registry.custody import forms, freezes, pledges, selectors, transfers, trusted
from registry.custody.asking import Question, answered, reader_of

asks = require_http_methods(["GET", "HEAD", "POST"])


def need(request: HttpRequest, *roles: str) -> User:
    """Raises PermissionDenied for a person without any of the roles."""
    user = reader_of(request)
    if not user.has_role(*roles):
        raise PermissionDenied
    return user


def asked_for(row: Any) -> Request:
    found: Request | None = row.request
    assert found is not None, "whatever is asked for has a request"
    return found


def _form(form: type[Any], request: HttpRequest, **more: Any) -> Any:
    return form(request.POST or None, **more)


@never_cache
@login_required
@asks
def new_freeze(request: HttpRequest) -> HttpResponse:
    user = need(request, User.Role.ISSUER, User.Role.REGULATOR)
    typed_whom = request.POST if request.method == "POST" else request.GET
    whom = forms.WhomForm(typed_whom or None, by=user)
    if not whom.is_valid():
        status = 400 if whom.is_bound else 200
        return render(request, "registry/custody/freeze_whom.html", {"form": whom}, status=status)
    form = _form(forms.FreezeForm, request, holder=whom.cleaned_data["organisation"])

    def verb(given: dict[str, Any]) -> Request:
        typed = form.cleaned_data
        return asked_for(
            freezes.submit(
                organisation=typed["organisation"], lines=form.lines(),
                document_number=typed["document_number"], ordered_by=typed["ordered_by"], **given,
            )
        )  # fmt: skip

    intro = _("Named tonnes are taken from the registry holding first, then from trading, when the checker approves. The organisation learns of it then.")  # fmt: skip
    return answered(request, Question(_("New freeze"), intro, reverse("freezes"), form, verb))


@never_cache
@login_required
@asks
def lift_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    user = need(request, User.Role.ISSUER, User.Role.REGULATOR)
    freeze = get_object_or_404(selectors.freezes(user), pk=pk)
    return answered(
        request,
        Question(
            _("End of a freeze"), f"{freeze.organisation.name}: {freeze.document_number}", reverse("freezes"),
            _form(forms.EndForm, request), lambda given: freezes.lift(freeze.pk, **given),
        ),
    )  # fmt: skip


@never_cache
@login_required
@asks
def new_pledge(request: HttpRequest) -> HttpResponse:
    user = need(request, User.Role.INITIATOR)
    form = _form(forms.PledgeForm, request, holder=user.organisation)

    def verb(given: dict[str, Any]) -> Request:
        typed = form.cleaned_data
        terms = pledges.Terms(
            asset=typed["asset"], quantity_t=typed["quantity"], loan_fen=int(typed["loan"] * 100),
            starts_on=typed["starts_on"], ends_on=typed["ends_on"], contract_number=typed["contract_number"],
        )  # fmt: skip
        return asked_for(pledges.submit(pledgee=typed["pledgee"], terms=terms, **given))

    intro = _("The tonnes must be in the registry holding; they are set aside at once.")
    return answered(request, Question(_("New pledge"), intro, reverse("pledges"), form, verb))


@never_cache
@login_required
@asks
def release_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    user = need(request, User.Role.INITIATOR)
    pledge = get_object_or_404(selectors.pledges(user), pk=pk)
    return answered(
        request,
        Question(
            _("Release of a pledge"), _("The tonnes go back to the pledgor's registry holding."),
            reverse("pledges"), _form(forms.EndForm, request),
            lambda given: pledges.release(pledge.pk, **given),
        ),
    )  # fmt: skip


@never_cache
@login_required
@asks
def dispose_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    user = need(request, User.Role.INITIATOR)
    pledge = get_object_or_404(selectors.pledges(user), pk=pk)
    intro = _("After the term's last day, with a document that shows the default: the tonnes come to your trading account, to be sold by listed trading.")  # fmt: skip
    return answered(
        request,
        Question(
            _("Disposal of a pledge"), intro, reverse("pledges"), _form(forms.EndForm, request),
            lambda given: pledges.dispose(pledge.pk, **given),
        ),
    )  # fmt: skip


@never_cache
@login_required
@asks
def new_entry(request: HttpRequest) -> HttpResponse:
    need(request, *trusted.MANAGERS)
    form = _form(forms.TrustForm, request)
    del form.fields["file"]

    def verb(given: dict[str, Any]) -> Request:
        return asked_for(
            trusted.add(
                trusted=form.cleaned_data["organisation"], by=given["by"], reason=given["reason"], at=given["at"]
            )
        )  # fmt: skip

    intro = _("Effective four working days after your second person's approval.")
    return answered(
        request, Question(_("New entry of the trusted list"), intro, reverse("trusted"), form, verb)
    )


@never_cache
@login_required
@asks
def new_transfer(request: HttpRequest) -> HttpResponse:
    user = need(request, User.Role.INITIATOR)
    form = _form(forms.TransferForm, request, holder=user.organisation)

    def verb(given: dict[str, Any]) -> Request:
        typed = form.cleaned_data
        return asked_for(
            transfers.submit(
                receiver=typed["receiver"], asset=typed["asset"], quantity_t=typed["quantity"],
                ground=typed["ground"], **given,
            )
        )  # fmt: skip

    intro = _(
        "The tonnes must be in the registry holding; they are set aside at once. The proof is a document."
    )
    return answered(
        request, Question(_("New transfer without a trade"), intro, reverse("transfers"), form, verb)
    )
