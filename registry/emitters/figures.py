"""What is verified of one unit's year: which figures there are, and which of them a sector needs."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals.errors import WrongField
from registry.emitters.files.fields import MAX_INTENSITY, MAX_QUANTITY
from registry.emitters.models import INDUSTRY, ActivityReport, Sector, Unit

#: Field and what it is called, with its unit of measure.
LABELS = {
    "generation_mwh": gettext_lazy("Generation (MWh)"),
    "supply_mwh": gettext_lazy("Supply (MWh)"),
    "heat_gj": gettext_lazy("Heat (GJ)"),
    "load_factor": gettext_lazy("Load factor"),
    "heat_ratio": gettext_lazy("Heat ratio"),
    "cooling": gettext_lazy("Cooling"),
    "output_t": gettext_lazy("Output (t)"),
    "intensity": gettext_lazy("Intensity (tCO2/t)"),
    "verified_t": gettext_lazy("Verified emissions (t)"),
}
OF_POWER = ("generation_mwh", "supply_mwh", "heat_gj", "load_factor", "heat_ratio", "cooling")
OF_INDUSTRY = ("output_t", "intensity")
#: by sector; a pilot's emitter reports its verified emissions alone
REPORTED: dict[str, tuple[str, ...]] = {
    Sector.POWER: OF_POWER, Sector.STEEL: OF_INDUSTRY, Sector.CEMENT: OF_INDUSTRY, Sector.ALUMINIUM: OF_INDUSTRY,
    Sector.PILOT: (),
}  # fmt: skip
#: Field, highest value, decimals: as the database keeps them, so that nothing is rounded on the way.
BOUNDS: dict[str, tuple[Decimal, int]] = {
    "generation_mwh": (MAX_QUANTITY, 4), "supply_mwh": (MAX_QUANTITY, 4), "heat_gj": (MAX_QUANTITY, 4),
    "load_factor": (Decimal(1), 10), "heat_ratio": (Decimal(1), 10),
    "output_t": (MAX_QUANTITY, 4), "intensity": (MAX_INTENSITY, 8), "verified_t": (MAX_QUANTITY, 0),
}  # fmt: skip


class WrongFigure(WrongField):
    """A figure that cannot be."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(field, "WRONG_FIGURE", detail)


@dataclass(frozen=True, slots=True)
class Figures:
    """A unit's verified year: MWh, GJ, fractions, tonnes of product, tCO2 a tonne, and whole tonnes of CO2."""

    verified_t: int
    generation_mwh: Decimal = Decimal(0)
    supply_mwh: Decimal = Decimal(0)
    heat_gj: Decimal = Decimal(0)
    load_factor: Decimal = Decimal(0)
    heat_ratio: Decimal = Decimal(0)
    cooling: str = ""
    output_t: Decimal | None = None
    intensity: Decimal | None = None

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)


def figures_of(report: ActivityReport) -> Figures:
    return Figures(**{name: getattr(report, name) for name in LABELS})


def labels_of(sector: str) -> dict[str, str]:
    """The figures that a sector reports, in the order in which they are shown."""
    return {name: str(LABELS[name]) for name in (*REPORTED[sector], "verified_t")}


def refuse_wrong(figures: Figures, sector: str) -> None:
    """Raises WrongFigure for a figure outside its bounds, or one that this sector lacks or does not have."""
    for name, (highest, decimals) in BOUNDS.items():
        value = getattr(figures, name)
        if value is not None:
            _refuse_unbound(name, value, highest, decimals)
    if figures.cooling and figures.cooling not in Unit.Cooling.values:
        raise WrongFigure("cooling", _("One of the listed values is needed."))
    if sector in INDUSTRY and (figures.output_t is None or figures.intensity is None):
        missing = "output_t" if figures.output_t is None else "intensity"
        raise WrongFigure(missing, _("This sector reports it: write 0 where there was none."))
    if sector not in INDUSTRY and (figures.output_t is not None or figures.intensity is not None):
        wrong = "intensity" if figures.output_t is None else "output_t"
        raise WrongFigure(wrong, _("This sector does not report it: leave it empty."))


def _refuse_unbound(name: str, value: object, highest: Decimal, decimals: int) -> None:
    if type(value) is not int and type(value) is not Decimal:
        raise WrongFigure(name, _("A number is needed."))
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= highest:
        words = _("Between 0 and %(highest)s, not %(value)s.")
        raise WrongFigure(name, words % {"highest": highest, "value": value})
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise WrongFigure(name, _("At most %(decimals)s decimals: round it.") % {"decimals": decimals})
