"""Forms of an emitter's own record. They read what was typed as an import reads it; the verbs decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.approvals.verbs import LONGEST_REASON
from accounts.provinces import PROVINCES, province_name
from registry.emitters.files import fields
from registry.emitters.files.fields import Reader
from registry.emitters.files.problems import Bad
from registry.emitters.models import Emitter, Sector, Unit
from registry.emitters.refusals import in_words
from registry.emitters.units import CODE, NAME, UNIT_NAME, UnitRecord, capacity_of


class Read(forms.CharField):
    """A text that a reader of files takes; nothing is None."""

    def __init__(self, reader: Reader, **options: Any) -> None:
        super().__init__(**options)
        self.reader = reader

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.reader(text)
        except Bad as bad:
            raise forms.ValidationError(in_words(bad, text)) from bad


class RecordForm(forms.Form):
    """What every change comes with: why."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"] = forms.CharField(
            label=_("Reason, kept with the change"),
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
        )


class NamesForm(RecordForm):
    name_zh = Read(NAME, label=_("Chinese name"), max_length=200)
    name_en = Read(NAME, label=_("English name"), max_length=200)


class EmitterForm(RecordForm):
    """`provinces`: whether the person chooses one; a province's own people do not."""

    credit_code = Read(
        fields.credit_code, label=_("Unified social credit code"), max_length=18,
        help_text=_("18 digits and capitals; it becomes the emitter's code on the platform."),
    )  # fmt: skip
    name_zh = Read(NAME, label=_("Chinese name"), max_length=200)
    name_en = Read(NAME, label=_("English name"), max_length=200, required=False)
    province = forms.ChoiceField(label=_("Province"))
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)

    def __init__(self, *args: Any, provinces: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if provinces:
            choices = [("", "–"), *((code, province_name(code)) for code in PROVINCES)]
            self.fields["province"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["province"]


class UnitForm(RecordForm):
    """A new unit, or `unit` with what stands there. Class and cooling are of the power sector."""

    code = Read(CODE, label=_("Code"), max_length=40)
    name = Read(UNIT_NAME, label=_("Name"), max_length=120, required=False)
    capacity_mw = Read(
        fields.capacity, label=_("Capacity (MW)"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, *args: Any, sector: str, unit: Unit | None, **options: Any) -> None:
        super().__init__(*args, initial=_initial(unit) if unit else None, **options)
        if sector == Sector.POWER:
            self.fields["class"] = forms.ChoiceField(
                label=_("Class"),
                choices=[("", "–"), *((code, f"{code} · {name}") for code, name in Unit.UnitClass.choices)],
            )
            self.fields["cooling"] = forms.ChoiceField(
                label=_("Cooling"), choices=[("", "–"), *Unit.Cooling.choices]
            )
        if unit is not None:
            self.fields["code"].widget.attrs["readonly"] = True
        self.order_fields(["code", "name", "class", "capacity_mw", "cooling", "reason"])

    def record(self) -> UnitRecord:
        typed = self.cleaned_data
        return UnitRecord(
            code=typed["code"], name=typed["name"] or "", unit_class=typed.get("class", ""),
            capacity_mw=typed["capacity_mw"], cooling=typed.get("cooling", ""),
        )  # fmt: skip


def _initial(unit: Unit) -> dict[str, str]:
    return {
        "code": unit.code, "name": unit.name, "class": unit.unit_class, "capacity_mw": capacity_of(unit),
        "cooling": unit.cooling,
    }  # fmt: skip


class YearForm(RecordForm):
    year = forms.TypedChoiceField(label=_("Compliance year"), coerce=int)

    def __init__(self, *args: Any, emitter: Emitter, last: int, first: int, **options: Any) -> None:
        super().__init__(*args, **options)
        listed = set(emitter.years.values_list("year", flat=True))
        free = [year for year in range(last, first - 1, -1) if year not in listed]
        self.fields["year"].choices = [(year, str(year)) for year in free]  # type: ignore[attr-defined]
        self.order_fields(["year", "reason"])
