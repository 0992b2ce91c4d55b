"""Forms of negotiations: they read what was typed; whether it may be, the verbs and the engine say."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.block import selectors
from exchange.block.models import LONGEST_NAME, LONGEST_WORDS, BlockGroup, Negotiation
from exchange.block.people import member_called
from exchange.block.terms import Terms, To, named_by
from exchange.intake import Refused
from exchange.matching.money import parse_price, yuan
from exchange.models import Instrument, Order
from exchange.refusals import text

LARGEST_T = 10**12
FIRM = [
    ("yes", _("Binding offer: locks money or tonnes at once")),
    ("no", _("Indication: nothing is locked, nobody is bound")),
]
#: Which field a refusal is about; the others stand above the form.
FIELDS = {
    "BAD_QUANTITY": "qty", "BAD_PRICE": "price", "PRICE_BAND": "price", "BAD_COUNTERPARTY": "member",
    "UNKNOWN_GROUP": "group", "EMPTY_GROUP": "group", "BAD_WORDS": "words", "INSUFFICIENT_HOLDINGS": "qty",
    "POSITION_LIMIT": "qty", "GROUP_NAME": "name", "GROUP_FULL": "member",
}  # fmt: skip


class PriceField(forms.CharField):
    """Yuan a tonne, as prices are typed everywhere; kept as a string with two places."""

    def clean(self, value: Any) -> str:
        fen = parse_price(str(super().clean(value)).strip())
        if fen is None or not 0 < fen < 10**12:
            raise forms.ValidationError(_("Give a price in yuan with at most two decimals, such as 48.00."))
        return yuan(fen)


class TonnesField(forms.CharField):
    """Whole tonnes; blanks between groups of digits are read over."""

    def clean(self, value: Any) -> int:
        digits = "".join(str(super().clean(value)).replace(",", "").split())
        if (
            not (digits.isascii() and digits.isdigit())
            or not 1 <= int(digits[:15]) <= LARGEST_T
            or len(digits) > 15
        ):
            raise forms.ValidationError(_("Give whole tonnes, at least 1."))
        return int(digits)


def _number(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "num", "autocomplete": "off", **attributes})


class IdForm(forms.Form):
    """`id` names the turn, so that a form sent twice is one turn."""

    id = forms.RegexField(r"^[A-Za-z0-9._-]{1,64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"id": uuid.uuid4().hex, **(options.get("initial") or {})}
        super().__init__(*args, **options)

    def refused(self, code: str) -> None:
        """Puts a refusal where it belongs; what was typed stays."""
        field = FIELDS.get(code)
        self.add_error(field if field in self.fields else None, text(code))


class TermsForm(IdForm):
    price = PriceField(label=_("Price, yuan/t"), max_length=20, widget=_number(inputmode="decimal"))
    qty = TonnesField(label=_("Quantity, t"), max_length=24, widget=_number(inputmode="numeric"))
    firm = forms.ChoiceField(label=_("Does it bind?"), choices=FIRM, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("A few words to the other side"), max_length=LONGEST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def terms(self) -> Terms:
        typed = self.cleaned_data
        return Terms(
            price=typed["price"], qty=typed["qty"], firm=typed["firm"] == "yes", words=typed["words"]
        )


class OpenForm(TermsForm):
    instrument = forms.ModelChoiceField(
        Instrument.objects.none(), label=_("Instrument"), to_field_name="code", empty_label=None
    )
    side = forms.ChoiceField(label=_("Side"), choices=Order.Side.choices, widget=forms.RadioSelect)
    audience = forms.ChoiceField(
        label=_("To whom"),
        choices=Negotiation.Audience.choices,
        widget=forms.RadioSelect,
    )
    member = forms.CharField(label=_("The member: its code or full name"), max_length=200, required=False)
    group = forms.ModelChoiceField(BlockGroup.objects.none(), label=_("The group"), required=False)

    field_order = ("instrument", "side", "price", "qty", "firm", "audience", "member", "group", "words")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.fields["instrument"].queryset = Instrument.objects.order_by("rank", "code")  # type: ignore[attr-defined]
        self.fields["group"].queryset = selectors.groups_of(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Finds to whom it goes: `to` is a member, a group, or None for all."""
        cleaned = super().clean() or {}
        audience = cleaned.get("audience")
        field = {"directed": "member", "group": "group"}.get(str(audience), "audience")
        if audience == Negotiation.Audience.GROUP and not cleaned.get("group"):
            if "group" not in self.errors:
                self.add_error("group", _("Choose one of your groups, or make one first."))
            return cleaned
        try:
            typed = cleaned.get(field)
            cleaned["to"] = (
                member_called(str(typed)) if field == "member" else typed if field == "group" else None
            )
            named_by(cleaned["to"], self.user)
        except Refused as refused:
            self.add_error(field, text(refused.code))
        return cleaned

    def to(self) -> To:
        found: To = self.cleaned_data["to"]
        return found


class AnsweringForm(IdForm):
    """`answering` is the turn that was on the page when the form was opened."""

    answering = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    withdraw_posting = forms.BooleanField(
        label=_("Withdraw my posted offer with it, so that what it locks is free"),
        required=False,
    )


class CounterForm(AnsweringForm, TermsForm):
    field_order = ("price", "qty", "firm", "words", "withdraw_posting")


class AcceptForm(AnsweringForm):
    pass


class EndForm(forms.Form):
    """A refusal, or a withdrawal, which answers nothing."""

    answering = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("A few words to the other side"), max_length=LONGEST_WORDS, required=False
    )


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name of the group"), max_length=LONGEST_NAME)


class MemberForm(forms.Form):
    member = forms.CharField(label=_("The member: its code or full name"), max_length=200)
