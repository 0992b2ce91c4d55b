"""Forms of auctions. They read what was typed; whether it may be, the verbs and the engine say."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.provinces import PROVINCES, province_name
from exchange import clock
from exchange.auction.models import Auction
from exchange.auction.terms import Terms
from exchange.matching.money import parse_price
from exchange.models import Instrument
from registry.custody.forms import LARGEST_T, AskForm, OrganisationField

CODES = re.compile(r"[\s,，、;；]+")


class AuctionForm(AskForm):
    """An application, an announcement or a paid allocation, by `origin`."""

    instrument = forms.ModelChoiceField(
        Instrument.objects.defer("board").select_related("asset"), label=_("Instrument"), to_field_name="code",
        empty_label=None,
    )  # fmt: skip
    quantity = forms.IntegerField(label=_("Tonnes offered, t"), min_value=1, max_value=LARGEST_T)
    floor_rule = forms.ChoiceField(label=_("Floor"), choices=Auction.Floor.choices)
    price_model = forms.ChoiceField(label=_("Price model"), choices=Auction.Price.choices)
    day = forms.DateField(label=_("Trading day"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(
        label=_("Bids from, Beijing time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=_("Bids until, Beijing time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    bidders = forms.ChoiceField(label=_("Who may bid"), choices=Auction.Bidders.choices)
    province = forms.ChoiceField(label=_("Only emitters of this province"), required=False)
    named = forms.CharField(
        label=_("Codes of the named organisations"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Separated by commas or blanks."),
    )  # fmt: skip
    surrender_only = forms.BooleanField(
        label=_("What is bought can only be surrendered, and never be traded"), required=False
    )

    def __init__(self, *args: Any, origin: Auction.Origin, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["province"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((code, province_name(code)) for code in sorted(PROVINCES)),
        ]  # fmt: skip
        if origin == Auction.Origin.ANNOUNCEMENT:
            self.fields["seller"] = OrganisationField(label=_("Code of the seller"), max_length=64)
            self.order_fields(["seller", *self.fields])
        self.reason_last()

    def clean_named(self) -> tuple[Organisation, ...]:
        codes = {code for code in CODES.split(self.cleaned_data["named"]) if code}
        found = tuple(Organisation.objects.filter(code__in=codes).order_by("code"))
        unknown = sorted(codes - {one.code for one in found})
        if unknown:
            raise forms.ValidationError(
                _("There is no organisation with the code %(code)s."), params={"code": unknown[0][:64]}
            )
        return found

    def terms(self) -> Terms:
        """What was typed, of a valid form."""
        typed = self.cleaned_data
        return Terms(
            instrument=typed["instrument"], quantity_t=typed["quantity"], floor_rule=typed["floor_rule"],
            price_model=typed["price_model"], bidders=typed["bidders"], province=typed["province"],
            named=typed["named"], surrender_only=typed["surrender_only"],
            opens_at=dt.datetime.combine(typed["day"], typed["opens"], clock.BEIJING),
            closes_at=dt.datetime.combine(typed["day"], typed["closes"], clock.BEIJING),
        )  # fmt: skip


class BidForm(forms.Form):
    """A bid, and the id under which it is sent: the same page sent twice bids once."""

    id = forms.RegexField(r"^[A-Za-z0-9._-]{1,64}$", widget=forms.HiddenInput)
    price = forms.CharField(
        label=_("Price, yuan/t"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    qty = forms.IntegerField(label=_("Tonnes, t"), min_value=1, max_value=LARGEST_T)
    replaces = forms.RegexField(r"^[A-Za-z0-9._-]{1,64}$", widget=forms.HiddenInput, required=False)

    def clean_price(self) -> str:
        """As typed, without blanks; whether it is lawful the rules say."""
        typed: str = self.cleaned_data["price"].strip()
        if parse_price(typed) is None:
            raise forms.ValidationError(_("Give a price in yuan with at most two decimals, such as 48.00."))
        return typed
