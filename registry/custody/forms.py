"""Forms of custody, carry-over and cancellation. They read what was typed; whether it may be, the verbs say."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.approvals.verbs import LONGEST_REASON
from accounts.models import Organisation, User
from registry.cancellation.footprint import ITEMS, LARGEST, Footprint, footprint
from registry.custody import freezes, locks
from registry.custody.models import NonTradeTransfer
from registry.factors.selectors import in_force
from registry.factors.wording import ITEM_NAMES, UNIT_NAMES
from registry.ledger.models import Account, Asset
from registry.words import tonnes

LARGEST_T = 10**12
#: tonnes by purpose
Places = Mapping[str, int]
PLACES = [(place.value, place.label) for place in (Account.Purpose.REGISTRY, Account.Purpose.TRADING)]


def named_assets(names: Iterable[str]) -> list[str]:
    """Those that exist: what was typed stays in the form, and the verb says that it is not held."""
    wanted = [name for name in names if "\0" not in name]
    found = Asset.objects.exclude(kind=Asset.Kind.MONEY).filter(code__in=wanted)
    return list(found.values_list("code", flat=True))


def held_choices(holder: Organisation, typed: str, words: Callable[[Places], str]) -> list[tuple[str, str]]:
    """What the holder has, each with its tonnes; never a list of everything there is."""
    held = locks.free(holder.pk)
    shown = {code: f"{code} · {words(free)}" for code, free in held.items() if words(free)}
    shown |= {code: f"{code} · {tonnes(0)}" for code in named_assets([typed]) if code not in shown}
    return list(shown.items()) or [("", gettext("You hold nothing here"))]


def in_registry(free: Places) -> str:
    quantity = free.get(Account.Purpose.REGISTRY, 0)
    return tonnes(quantity) if quantity else ""


def in_both(free: Places) -> str:
    """ "registry 1 000 t, trading 250 t"."""
    return gettext("registry %(registry)s, trading %(trading)s") % {
        "registry": tonnes(free.get(Account.Purpose.REGISTRY, 0)),
        "trading": tonnes(free.get(Account.Purpose.TRADING, 0)),
    }  # fmt: skip


class OrganisationField(forms.CharField):
    """An organisation by its code."""

    def clean(self, value: Any) -> Organisation | None:
        code = super().clean(value)
        if not code:
            return None
        found = Organisation.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no organisation with this code."))
        return found


class Files(forms.FileInput):
    """Several files; `uploads.attach` looks at each."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": ".pdf,.png,.jpg,.jpeg,.csv,.xlsx"})


class AskForm(forms.Form):
    """What every request comes with. `kept` are the files that were uploaded with an earlier step."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"] = forms.CharField(
            label=_("Reason, kept with the decision"), max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields["file"] = forms.FileField(
            label=_("Documents (PDF, PNG, JPG, CSV or XLSX, up to 10 MB each)"), required=False, widget=Files
        )

    def lines(self) -> dict[str, int]:
        """What was typed per asset; empty fields are left out."""
        return {
            name.removeprefix("qty-"): value
            for name, value in self.cleaned_data.items() if name.startswith("qty-") and value
        }  # fmt: skip

    def add_lines(self, lines: Mapping[str, str]) -> None:
        """A field of tonnes for each asset, with what is there of it; also for those that were typed."""
        typed = [name.removeprefix("qty-") for name in self.data if name.startswith("qty-")]
        for code in [*lines, *(code for code in named_assets(typed) if code not in lines)]:
            self.fields[f"qty-{code}"] = forms.IntegerField(
                label=_("%(asset)s, t") % {"asset": code}, min_value=1, max_value=LARGEST_T, required=False,
                help_text=lines.get(code, ""),
            )  # fmt: skip
        self.reason_last()

    def reason_last(self) -> None:
        """What is asked for comes before why."""
        last = ("reason", "file")
        self.order_fields([*(name for name in self.fields if name not in last), *last])


class QuantityForm(AskForm):
    """Of what the holder has in the registry holding."""

    asset = forms.ChoiceField(
        label=pgettext_lazy("asset", "Unit"),
        help_text=_("What your registry holding has; tonnes in trading are moved there first."),
    )
    quantity = forms.IntegerField(label=_("Tonnes, t"), min_value=1, max_value=LARGEST_T)

    def __init__(self, *args: Any, holder: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = held_choices(holder, self.data.get("asset", ""), in_registry)
        self.fields["asset"].choices = choices  # type: ignore[attr-defined]


class WhomForm(forms.Form):
    """Whose holdings are to be frozen: what it holds is shown next, to those who may freeze it."""

    organisation = OrganisationField(label=_("Code of the organisation"), max_length=64)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by

    def clean_organisation(self) -> Organisation:
        found: Organisation = self.cleaned_data["organisation"]
        try:
            freezes.check_reach(self.by, found)
        except Refused as refused:
            raise forms.ValidationError(refused.detail) from refused
        return found


class FreezeForm(AskForm):
    organisation = OrganisationField(
        label=_("Code of the organisation"), max_length=64,
        widget=forms.TextInput(attrs={"readonly": True}),
    )  # fmt: skip
    document_number = forms.CharField(label=_("Number of the document"), max_length=120)
    ordered_by = forms.CharField(label=_("Court or authority that ordered it"), max_length=200)
    whole = forms.BooleanField(label=_("Everything it holds; the organisation is suspended"), required=False)

    def __init__(self, *args: Any, holder: Organisation, **options: Any) -> None:
        super().__init__(*args, initial={"organisation": holder.code}, **options)
        self.add_lines({code: in_both(free) for code, free in locks.free(holder.pk).items()})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = any(cleaned.get(name) for name in self.fields if name.startswith("qty-"))
        if bool(cleaned.get("whole")) == lines:
            raise forms.ValidationError(_("Name tonnes, or everything: one of the two."))
        return cleaned


class EndForm(AskForm):
    """The end of a freeze or pledge."""


class PledgeForm(QuantityForm):
    pledgee = OrganisationField(label=_("Code of the pledgee"), max_length=64)
    loan = forms.DecimalField(
        label=_("Loan, yuan"), min_value=Decimal("0.01"), max_digits=15, decimal_places=2
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    contract_number = forms.CharField(label=_("Number of the contract"), max_length=120, required=False)


class TrustForm(AskForm):
    organisation = OrganisationField(label=_("Code of the organisation"), max_length=64)


class TransferForm(QuantityForm):
    receiver = OrganisationField(label=_("Code of the receiver, on your trusted list"), max_length=64)
    ground = forms.ChoiceField(label=_("Ground"), choices=NonTradeTransfer.Ground.choices)


class CarryOverForm(AskForm):
    def __init__(self, *args: Any, holder: Organisation, vintages: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        held = locks.free(holder.pk)
        self.add_lines({code: in_both(held[code]) for code in vintages if code in held})


class CancelForm(QuantityForm):
    beneficiary = forms.CharField(label=_("Beneficiary"), max_length=200)
    purpose = forms.CharField(label=_("Purpose"), max_length=500)

    def __init__(self, *args: Any, day: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.factors = in_force(day)
        self.fields["quantity"].required = False
        for factor in (self.factors[item] for item in ITEMS):
            name = f"{ITEM_NAMES[factor.item]} ({UNIT_NAMES[factor.unit]})"
            self.fields[f"event-{factor.item}"] = forms.DecimalField(
                label=name, min_value=0, max_value=LARGEST, max_digits=13, decimal_places=4, required=False,
                help_text=_("%(factor)s kg CO2e each. %(source)s")
                % {"factor": factor.value, "source": factor.source},
            )  # fmt: skip
        self.reason_last()

    def event(self) -> Footprint | None:
        """The footprint of the rows that were typed; None without any."""
        amounts = {
            name.removeprefix("event-"): value
            for name, value in self.cleaned_data.items() if name.startswith("event-") and value
        }  # fmt: skip
        return footprint(amounts, self.factors) if amounts else None

    def clean(self) -> dict[str, Any]:
        """Without a quantity, that of the event."""
        cleaned = super().clean() or {}
        self.cleaned_data = cleaned
        event = None if self.errors else self.event()
        if not self.errors and not cleaned.get("quantity"):
            if event is None:
                self.add_error("quantity", _("Name tonnes, or what the event used."))
            else:
                cleaned["quantity"] = event.tonnes
        return cleaned


class MoveForm(forms.Form):
    id = forms.RegexField(r"^[A-Za-z0-9._-]{1,64}$", widget=forms.HiddenInput)
    asset = forms.ChoiceField(label=pgettext_lazy("asset", "Unit"))
    quantity = forms.IntegerField(label=_("Tonnes, t"), min_value=1, max_value=LARGEST_T)
    source = forms.ChoiceField(label=_("From"), choices=PLACES)
    target = forms.ChoiceField(label=_("To"), choices=PLACES[::-1])

    def __init__(self, *args: Any, holder: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = held_choices(holder, self.data.get("asset", ""), in_both)
        self.fields["asset"].choices = choices  # type: ignore[attr-defined]
