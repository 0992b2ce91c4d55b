"""A large file costs rows, not statements. How long 5 000 rows take, `manage.py bench imports` says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.emitters.importing import jobs
from registry.models import ImportJob
from tests.emitters.support import csv_file, headings
from tests.emitters.test_imports import AT, code_of, line, own, uploaded
from tests.support.registry import Registry


@pytest.mark.parametrize("kind", ["emitters", "activity"])
def test_a_large_file_takes_no_more_statements_than_a_small_one(registry: Registry, kind: str) -> None:
    counted = []
    for first, count in ((0, 20), (100, 400)):
        if kind == "activity":
            apply_at_once(registry, emitter_rows(first, count), "emitters")
        with CaptureQueriesContext(connection) as statements:
            rows = emitter_rows(first, count) if kind == "emitters" else figure_rows(first, count)
            apply_at_once(registry, rows, kind)
        counted.append(len(statements))
    assert counted[1] <= counted[0] + 4  # a batch of inserts more


def emitter_rows(first: int, count: int) -> list[list[object]]:
    """`count` units of half as many emitters."""
    return [line(number // 2, f"{number % 2 + 1}#") for number in range(first, first + count)]


def figure_rows(first: int, count: int) -> list[list[object]]:
    return [
        own(entity=code_of(number // 2), unit=f"{number % 2 + 1}#") for number in range(first, first + count)
    ]


def apply_at_once(registry: Registry, rows: list[list[object]], kind: str) -> None:
    """Uploaded, confirmed, and applied here rather than by a worker."""
    job = uploaded(registry, csv_file(rows, headings(kind)), kind=kind, year=2024)
    ImportJob.objects.filter(pk=job.pk).update(
        state="confirmed", confirmed_by=registry.people["regulator@shanghai"]
    )
    assert jobs.run(job.pk, at=AT).state == "applied"
