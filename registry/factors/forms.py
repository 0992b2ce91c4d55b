"""What an issuer enters of a factor. The verb decides whether it holds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.credits.forms import Day
from registry.factors.shipped import ITEMS
from registry.factors.wording import ITEM_NAMES, UNIT_NAMES


class FactorForm(forms.Form):
    item = forms.ChoiceField(
        label=_("Factor of"),
        choices=lambda: [
            (code, f"{ITEM_NAMES[code]} ({UNIT_NAMES[item.gives]} / {UNIT_NAMES[item.unit]})")
            for code, item in ITEMS.items()
        ],
    )
    value = forms.DecimalField(label=_("Value a unit"), min_value=0, max_digits=14, decimal_places=6)
    valid_from = Day(_("From this day on"))
    source = forms.CharField(label=_("Source"), max_length=300)
    verified = forms.BooleanField(label=_("Read at its source"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
