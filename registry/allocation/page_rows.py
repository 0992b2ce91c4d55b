"""The table of a plan's lines: found, sorted, in pages, exported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.provinces import province_name
from registry.allocation.models import Plan, PlanRow
from registry.allocation.selectors import totals_of, with_last_year
from registry.emitters.models import Sector
from registry.exports import Column, Kind

PAGE = 50
SORTS = {
    "emitter": "emitter__organisation__code", "verified": "verified_t", "due": "due_t", "gap": "gap_rate_pct",
    "change": "change_t", "issue": "issue_t", "recall": "recall_t", "deducted": "deducted_t",
}  # fmt: skip
COLUMNS = (
    Column(_("Code")), Column(_("Emitter")), Column(_("Verified, t"), Kind.TONNES),
    Column(_("Allocation, t"), Kind.TONNES), Column(_("Gap rate, %"), Kind.PERCENT),
    Column(_("Last year, t"), Kind.TONNES), Column(_("Change, t"), Kind.TONNES),
    Column(_("Deducted, t"), Kind.TONNES), Column(_("Returned, t"), Kind.TONNES),
    Column(_("Issue, t"), Kind.TONNES), Column(_("Recall, t"), Kind.TONNES),
    Column(_("Not collected, t"), Kind.TONNES), Column(_("To the province"), Kind.TEXT),
    Column(_("Surrendered, t"), Kind.TONNES),
)  # fmt: skip


#: Of the list of plans.
PLANS = (
    Column(_("Year")), Column(_("Stage")), Column(_("Province")), Column(_("Sector")), Column(_("State")),
    Column(_("Emitters"), Kind.TONNES), Column(_("Allocation, t"), Kind.TONNES), Column(_("Issue, t"), Kind.TONNES),
    Column(_("Recall, t"), Kind.TONNES), Column(_("Made"), Kind.MOMENT), Column(_("Issued"), Kind.MOMENT),
)  # fmt: skip


def plans(found: QuerySet[Plan]) -> Iterator[list[Any]]:
    """The list of plans as a file, with the totals of each."""
    listed = list(found)
    totals = totals_of(plan.pk for plan in listed)
    for plan in listed:
        sums = totals[plan.pk]
        yield [
            str(plan.year), plan.get_stage_display(), province_name(plan.province), str(Sector(plan.sector).label),
            plan.get_state_display(), sums["emitters"],
            sums["pre_t"] if plan.stage == Plan.Stage.PRE else sums["final_t"],
            sums["issue_t"], sums["recall_t"], plan.made_at, plan.issued_at,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """How the reader wants the table."""

    words: str
    sort: str
    down: bool
    only: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        sort = query.get("sort", "")
        down, name = sort.startswith("-"), sort.lstrip("-")
        known = name if name in SORTS else "emitter"
        return cls(query.get("q", "").strip()[:80], known, down and known == name, query.get("only", ""))


def found(plan: Plan, rows: QuerySet[PlanRow], asked: Asked) -> QuerySet[PlanRow]:
    """Without the units, which are long."""
    rows = with_last_year(rows.defer("units", "steps"), plan).select_related("emitter__organisation")
    if asked.words:
        house = "emitter__organisation__"
        rows = rows.filter(
            Q(**{f"{house}code__icontains": asked.words})
            | Q(**{f"{house}name_zh__icontains": asked.words})
            | Q(**{f"{house}name_en__icontains": asked.words})
        )
    if asked.only == "recall":
        rows = rows.filter(recall_t__gt=0)
    elif asked.only == "adjusted":
        rows = rows.filter(Q(deducted_t__gt=0) | Q(returned_t__gt=0))
    elif asked.only == "province":
        rows = rows.filter(to_province=True)
    by = F(SORTS[asked.sort])
    return rows.order_by(by.desc(nulls_last=True) if asked.down else by.asc(nulls_last=True), "pk")


def exported(rows: QuerySet[PlanRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows.iterator(chunk_size=500):
        figures: Any = row
        yield (
            row.emitter.organisation.code, row.emitter.organisation.name, row.verified_t, figures.due_t,
            row.gap_rate_pct, figures.last_t, figures.change_t, row.deducted_t, row.returned_t, row.issue_t,
            row.recall_t, row.uncollected_t, row.get_province_ground_display(), row.surrendered_t,
        )  # fmt: skip


def heads(asked: Asked, plan: Plan) -> list[dict[str, Any]]:
    """Column heads with the address part that sorts by them."""
    titles = [
        ("emitter", _("Emitter"), False), ("verified", _("Verified, t"), True), ("due", _("Allocation, t"), True),
        ("gap", _("Gap rate, %"), True), ("change", _("Change, t"), True), ("deducted", _("Deducted, t"), True),
        ("issue", _("Issue, t"), True), ("recall", _("Recall, t"), True),
    ]  # fmt: skip
    return [
        {
            "title": title,
            "right": right,
            "sort": f"-{name}" if asked.sort == name and not asked.down else name,
            "aria": ("descending" if asked.down else "ascending") if asked.sort == name else "none",
            "arrow": ("▼" if asked.down else "▲") if asked.sort == name else "",
        }
        for name, title, right in titles
    ]
