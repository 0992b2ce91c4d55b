"""What a plan covers and under which rules: emitters, vintage, document, authority; its sums. Reads alone."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.models import Organisation
from registry.allocation.formulas import UnknownYear, industry_rules_of, rules_of
from registry.allocation.models import Plan
from registry.compliance.models import ComplianceYear
from registry.emitters.models import NATIONAL_SECTORS, Emitter, Sector
from registry.ledger.models import Asset

SUMMED = ("issue_t", "recall_t", "deducted_t", "returned_t", "final_t", "verified_t", "pre_t")


@dataclass(frozen=True, slots=True)
class Rules:
    """Of a sector's year: its vintage, its document, and the highest share of a pre-allocation."""

    vintage: str
    document: str
    share: Decimal


def rules_for(year: int, sector: str) -> Rules:
    """Raises Refused `UNKNOWN_YEAR`."""
    if sector not in NATIONAL_SECTORS:
        raise Refused("UNKNOWN_YEAR", _("sector: the national plans do not allocate to it."))
    try:
        if sector == Sector.POWER:
            power = rules_of(year)
            return Rules(power.vintage, power.document.number, power.preallocation_share)
        other = industry_rules_of(year)
        return Rules(other.vintage, other.document.number, other.preallocation_share)
    except UnknownYear as error:
        raise Refused("UNKNOWN_YEAR", _("year: no allocation plan covers this sector and year.")) from error


def vintage_of(year: int, sector: str = Sector.POWER) -> Asset:
    """The asset that a year's allocation is issued in (2019 and 2020: CEA19-20), made where it is missing.

    Raises Refused `UNKNOWN_YEAR`.
    """
    code = rules_for(year, sector).vintage
    asset, _made = Asset.objects.get_or_create(
        code=code,
        defaults={
            "kind": Asset.Kind.ALLOWANCE,
            "name_zh": f"全国碳排放配额 {code}",
            "name_en": f"National allowance {code}",
        },
    )
    return asset


def covered(year: int, province: str, sector: str) -> list[int]:
    """Ids of the emitters that are covered in the year and not closed, in order."""
    found = ComplianceYear.objects.filter(
        year=year, emitter__sector=sector, emitter__organisation__province=province
    ).exclude(emitter__organisation__status=Organisation.Status.CLOSED)
    return list(found.order_by("emitter_id").values_list("emitter_id", flat=True))


def left_out(plan: Plan) -> list[Emitter]:
    """Covered emitters that have no line in a final plan, for lack of verified figures: a correction adds them."""
    if plan.stage == Plan.Stage.CORRECTION:
        return []
    ids = covered(plan.year, plan.province, plan.sector)
    found = Emitter.objects.filter(pk__in=ids).exclude(pk__in=plan.rows.values("emitter"))
    return list(found.select_related("organisation").order_by("pk"))


def totals(plan: Plan) -> dict[str, int]:
    """Emitters, those issued to the province, and tonnes issued, recalled, deducted, returned, allocated, verified."""
    sums = plan.rows.aggregate(
        emitters=Count("pk"),
        differentiated=Count("pk", filter=Q(to_province=True)),
        **{name: Sum(name) for name in SUMMED},
    )
    return {name: int(value or 0) for name, value in sums.items()}


def authority_of(province: str) -> Organisation | None:
    """The province's authority, if it has an account here."""
    found = Organisation.objects.filter(kind=Organisation.Kind.PROVINCE, province=province)
    return found.exclude(status=Organisation.Status.CLOSED).first()
