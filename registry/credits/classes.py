"""Which asset a project's credits are issued as: one dated table (registry-rules.md 4 and 6; domain.md 6).

Where a credit may be used is decided by when its project was registered and whether it stands inside a covered
sector; each answer is an asset of its own (decision 023). Pure: no framework, no clock.
"""

import datetime as dt
from dataclasses import dataclass

CCER, SHCER = "ccer", "shcer"
#: The national voluntary market opened on this day.
OPENED = dt.date(2024, 1, 22)


@dataclass(frozen=True, slots=True)
class CreditClass:
    """Projects of `scheme`, inside a covered sector or not, registered after `after` and not after `until`."""

    asset: str
    name_zh: str
    name_en: str
    scheme: str
    in_covered_sector: bool
    after: dt.date | None = None
    until: dt.date | None = None
    source: str = ""

    def takes(self, scheme: str, registered_on: dt.date, in_covered_sector: bool) -> bool:
        return (
            self.scheme == scheme
            and self.in_covered_sector == in_covered_sector
            and (self.after is None or registered_on > self.after)
            and (self.until is None or registered_on <= self.until)
        )


CLASSES = (
    CreditClass(
        "CCER", "国家核证自愿减排量", "China Certified Emission Reductions", CCER, False,
        after=OPENED, source="PLAN2526D 五(二)",
    ),
    CreditClass(
        "CCER-2017", "国家核证自愿减排量（2024年1月22日及以前登记）", "CCER registered by 2024-01-22", CCER, False,
        until=OPENED, source="MEE19 art. 29",
    ),
    CreditClass(
        "CCER-CS", "国家核证自愿减排量（配额管理范围内）", "CCER from inside covered sectors", CCER, True,
        source="MEE19 art. 29",
    ),
    CreditClass("SHCER", "上海碳普惠减排量", "Shanghai Certified Emission Reductions", SHCER, False),
)  # fmt: skip


def class_of(scheme: str, registered_on: dt.date, in_covered_sector: bool) -> CreditClass:
    """The class of a project. Raises LookupError where its credits could never be issued."""
    for row in CLASSES:
        if row.takes(scheme, registered_on, in_covered_sector):
            return row
    raise LookupError(f"no class of credits for {scheme}, covered {in_covered_sector}")
