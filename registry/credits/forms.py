"""What an issuer enters: a project, and an issue of its credits. The verbs decide whether it holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.provinces import PROVINCES, province_name
from registry.models import Project


class Day(forms.DateField):
    """An ISO date, entered with the browser's calendar."""

    def __init__(self, label: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, widget=widget, input_formats=["%Y-%m-%d"])


class ProjectForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    scheme = forms.ChoiceField(label=_("Scheme"), choices=Project.Scheme.choices)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    owner = forms.CharField(label=_("Code of the owner"), max_length=64)
    methodology = forms.CharField(label=_("Methodology"), max_length=80)
    sector = forms.CharField(label=_("Sector"), max_length=80)
    province = forms.ChoiceField(
        label=_("Province"), choices=lambda: [(code, province_name(code)) for code in PROVINCES]
    )
    registered_on = Day(_("Registered on"))
    in_covered_sector = forms.BooleanField(label=_("In a covered sector"), required=False)


class IssueForm(forms.Form):
    period_from = Day(_("Period from"))
    period_to = Day(_("Period to"))
    verified_t = forms.IntegerField(label=_("Verified reductions (t)"), min_value=1)
    quantity_t = forms.IntegerField(label=_("Quantity (t)"), min_value=1)
    reason = forms.CharField(label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))
