"""Alerts as a table: the same for a file of the page and of the API."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from market_data.surveillance.models import Alert
from market_data.surveillance.words import sentence
from registry.exports import Column, Kind

ALERTS = (
    Column(gettext_lazy("No.")),
    Column(gettext_lazy("Day"), Kind.DATE),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Instrument")),
    Column(gettext_lazy("Members")),
    Column(gettext_lazy("What was seen")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Found at"), Kind.MOMENT),
)


def alert_rows(alerts: Iterable[Alert]) -> Iterator[Sequence[Any]]:
    for alert in alerts:
        yield (
            alert.pk, alert.day, alert.get_kind_display(), alert.instrument.code if alert.instrument else None,
            ", ".join(party.organisation.code for party in alert.parties.all()), sentence(alert),
            alert.get_state_display(), alert.found_at,
        )  # fmt: skip
