"""`bench issuance`: a province's final allocation, approved and issued in one transaction."""

import time
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandError

from accounts.approvals import verbs
from accounts.models import Organisation, User
from config.bench.setting import durability
from exchange import clock
from registry.allocation import plans
from registry.audit.run import reconcile
from registry.models import ActivityReport, ComplianceYear, Emitter, Transfer, Unit
from registry.partitions import make_partitions

PROVINCE, YEAR = "370000", 2024


def run(entities: int = 2_000, units: int = 2) -> dict[str, Any]:
    """Makes `entities` with `units` each and a verified year; then times working out, sending, and issuing."""
    if Organisation.objects.exists():
        raise CommandError("Benchmarks write millions of rows: give them an empty database (make bench).")
    issuer, checker = make_province(entities, units)
    at = clock.now()
    begun = time.perf_counter()
    plan = plans.make(YEAR, PROVINCE, "power", "final", by=issuer, at=at)
    made = time.perf_counter()
    request = plans.send(plan, by=issuer, reason="bench", at=at)
    sent = time.perf_counter()
    verbs.approve(request.pk, by=checker, reason="bench", at=at)
    issued = time.perf_counter()
    assert Transfer.objects.filter(kind="issuance").count() == entities, "everybody is issued to"
    assert reconcile().clean, "the books are right after the run"
    return {
        "bench": "issuance",
        "value": round(issued - sent, 2),
        "unit": f"s to approve and issue a plan of {entities} entities in one transaction",
        "baselines": {},
        "ratios": {},
        "details": {
            "entities": entities,
            "units": entities * units,
            "work_out_s": round(made - begun, 2),
            "send_s": round(sent - made, 2),
            **durability(),
        },
    }


def make_province(
    entities: int, units: int, *, province: str = PROVINCE, year: int = YEAR
) -> tuple[User, User]:
    """Covered power plants with a verified year, and the two people of the registry operator."""
    operator = Organisation.objects.create(code="registry", kind="registry", name_zh="R", name_en="R")
    issuer, checker = (
        User.objects.create_user(f"{role}@bench.example", None, organisation=operator, roles=[role])
        for role in ("issuer", "checker")
    )
    houses = Organisation.objects.bulk_create(
        Organisation(code=f"P{n:05d}", kind="emitter", name_zh=f"P{n}", name_en=f"P{n}", province=province)
        for n in range(entities)
    )
    emitters = Emitter.objects.bulk_create(Emitter(organisation=house, sector="power") for house in houses)
    made = Unit.objects.bulk_create(
        Unit(emitter=emitter, code=f"U{n}", unit_class="I", cooling="water")
        for emitter in emitters
        for n in range(units)
    )
    at = clock.now()
    ActivityReport.objects.bulk_create(
        ActivityReport(
            unit=unit, year=year, generation_mwh=Decimal(1_000_000 + unit.pk), heat_gj=Decimal(100_000),
            load_factor=Decimal("0.60"), verified_t=850_000, at=at,
        )
        for unit in made
    )  # fmt: skip
    ComplianceYear.objects.bulk_create(
        ComplianceYear(emitter=emitter, year=year, verified_t=850_000 * units) for emitter in emitters
    )
    make_partitions(clock.today())
    return issuer, checker
