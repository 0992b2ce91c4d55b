"""What is entered of carbon inclusion. The verbs decide whether it holds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.credits.forms import Day
from registry.inclusion.models import Scene


class SceneForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    methodology = forms.ChoiceField(label=_("Methodology"), choices=Scene.Methodology.choices)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    operator = forms.CharField(label=_("Code of the operator"), max_length=64)
    opened_on = Day(_("Acts count from"))


class ConversionForm(forms.Form):
    until = Day(_("Until and with"))
    reason = forms.CharField(label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))


class RewardForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    points = forms.IntegerField(label=_("Price in points"), min_value=1)
