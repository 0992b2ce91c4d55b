"""Carbon inclusion's tables as files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from registry.exports import Column, Kind
from registry.inclusion.models import ActivityRecord
from registry.inclusion.selectors import SceneTotals
from registry.inclusion.wording import kilograms, unit_of
from registry.public.columns import name_of
from registry.words import decimal_text

TOTALS = (
    Column(gettext_lazy("Scene")), Column(gettext_lazy("Name")), Column(gettext_lazy("Methodology")),
    Column(gettext_lazy("Operator")), Column(gettext_lazy("Persons"), Kind.TONNES),
    Column(gettext_lazy("Records"), Kind.TONNES), Column(gettext_lazy("Reduced (g CO2e)"), Kind.TONNES),
    Column(gettext_lazy("SHCER issued (t)"), Kind.TONNES),
)  # fmt: skip
RECORDS = (
    Column(gettext_lazy("Day"), Kind.DATE), Column(gettext_lazy("Scene")), Column(gettext_lazy("Record")),
    Column(gettext_lazy("Amount")), Column(gettext_lazy("Unit of amount")), Column(gettext_lazy("Baseline, kg a unit")),
    Column(gettext_lazy("Scene, kg a unit")), Column(gettext_lazy("Reduced, kg")),
    Column(gettext_lazy("Points a kg")), Column(gettext_lazy("Points"), Kind.TONNES),
)  # fmt: skip


def total_rows(rows: Iterable[SceneTotals]) -> Iterator[Sequence[Any]]:
    for row in rows:
        project = row.scene.project
        yield (
            project.code, name_of(project), row.scene.get_methodology_display(), project.owner.name, row.accounts,
            row.records, row.reduction_g, row.issued_t,
        )  # fmt: skip


def record_rows(rows: Iterable[ActivityRecord]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.day, row.scene.project.code, row.record, decimal_text(row.amount), unit_of(row.scene.methodology),
            decimal_text(row.baseline), decimal_text(row.scene_factor), kilograms(row.reduction_g),
            decimal_text(row.points_a_kg), row.points,
        )  # fmt: skip
