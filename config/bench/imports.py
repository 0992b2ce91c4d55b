"""`bench imports`: a province's file of verified figures, checked, shown, confirmed and applied whole."""

import csv
import io
import time
from typing import Any

from django.core.management.base import CommandError

from accounts.models import Organisation, User
from config.bench.issuance import PROVINCE, YEAR, make_province
from exchange import clock
from registry.emitters.files.columns import KINDS, example
from registry.emitters.importing import jobs
from registry.models import ActivityReport, ImportJob, Unit


def run(rows: int = 5_000) -> dict[str, Any]:
    """A file with one row for each of `rows` units, two a plant; every figure is a new one."""
    if Organisation.objects.exists():
        raise CommandError("Benchmarks write millions of rows: give them an empty database (make bench).")
    make_province(rows // 2, 2)
    province = Organisation.objects.create(
        code="province", kind="province", name_zh="P", name_en="P", province=PROVINCE
    )
    person = User.objects.create_user(
        "regulator@bench.example", None, organisation=province, roles=["regulator"]
    )
    content, before = table(), ActivityReport.objects.count()
    began = time.perf_counter()
    job = jobs.upload(
        kind="activity", year=YEAR, file_name="bench.csv", content=content, by=person, at=clock.now()
    )
    checked = time.perf_counter()
    if job.state != ImportJob.State.CHECKED:
        raise CommandError(f"The file was refused: {job.problems[:3]}")
    ImportJob.objects.filter(pk=job.pk).update(
        state=ImportJob.State.CONFIRMED, confirmed_by=person, reason="bench"
    )
    assert jobs.run(job.pk, at=clock.now()).state == ImportJob.State.APPLIED, "the file is applied"
    applied = time.perf_counter()
    assert ActivityReport.objects.count() == before + rows, "every row is a new figure"
    return {
        "bench": "imports",
        "value": round(applied - began, 2),
        "unit": f"s to check and apply a file of {rows} rows",
        "baselines": {},
        "ratios": {},
        "details": {
            "rows": rows,
            "check_s": round(checked - began, 2),
            "apply_s": round(applied - checked, 2),
        },
    }


def table() -> bytes:
    """A CSV with other figures than those that `make_province` wrote."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in KINDS["activity"]])
    writer.writeheader()
    template = dict(zip(*example("activity"), strict=True))
    for entity, unit in Unit.objects.values_list("emitter__organisation__code", "code").order_by("pk"):
        writer.writerow({**template, "entity": entity, "unit": unit, "verified_t": "2600000"})
    return out.getvalue().encode()
