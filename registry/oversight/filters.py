"""What a reader asks of a list in its address. Anything unknown is left out, never an error page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet

from accounts.provinces import PROVINCES
from registry.models import ComplianceYear, Sector

#: `?sort=` → the column; a minus in front turns it round. Text columns go up, figures down by default.
SORTS = {
    "code": "emitter__organisation__code",
    "province": "emitter__organisation__province",
    "sector": "emitter__sector",
    "verified": "verified_t",
    "allocated": "allocated_t",
    "surrendered": "surrendered_t",
    "credits": "credits_t",
    "gap": "gap_t",
    "state": "state",
}
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Filters:
    province: str = ""
    sector: str = ""
    state: str = ""
    text: str = ""
    sort: str = "code"

    @property
    def query(self) -> str:
        """As an address again, without the page."""
        return urlencode({name: value for name, value in self.pairs() if value})

    @property
    def unsorted(self) -> str:
        return urlencode({name: value for name, value in self.pairs() if value and name != "sort"})

    def pairs(self) -> list[tuple[str, str]]:
        return [
            ("province", self.province),
            ("sector", self.sector),
            ("state", self.state),
            ("q", self.text),
            ("sort", "" if self.sort == "code" else self.sort),
        ]


def read(query: Mapping[str, str]) -> Filters:
    sort = query.get("sort", "code")
    return Filters(
        province=_known(query.get("province", ""), PROVINCES),
        sector=_known(query.get("sector", ""), Sector.values),
        state=_known(query.get("state", ""), ComplianceYear.State.values),
        text=query.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT],
        sort=sort if sort.removeprefix("-") in SORTS else "code",
    )


def _known(value: str, known: object) -> str:
    return value if value in known else ""  # type: ignore[operator]


def apply(rows: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    """`rows` carry `state`; text is looked for in code and names."""
    if filters.province:
        rows = rows.filter(emitter__organisation__province=filters.province)
    if filters.sector:
        rows = rows.filter(emitter__sector=filters.sector)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.text:
        path = "emitter__organisation__"
        rows = rows.filter(
            Q(**{f"{path}code__icontains": filters.text})
            | Q(**{f"{path}name_zh__icontains": filters.text})
            | Q(**{f"{path}name_en__icontains": filters.text})
        )
    column = F(SORTS[filters.sort.removeprefix("-")])
    down = filters.sort.startswith("-")
    order = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
    return rows.order_by(order, "emitter__organisation__code")
