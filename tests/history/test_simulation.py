"""The simulated past: the same everywhere, plausible, and within every rule that an import is checked by."""

import datetime as dt
import hashlib

import pytest

from exchange.calendar_source import dates
from exchange.history import demo_past
from exchange.history.bulletins import BulletinRow, Method
from exchange.history.checks import check_all
from exchange.history.series import FIRST_DAY, HEADLINE, SERIES, enter_weights, list_instruments
from exchange.history.simulation import Dice, SimulatedDay, simulate
from exchange.matching.money import round_half_up
from exchange.models import Bar, Bulletin, CalendarDay, CompositeBar, CompositeWeights

#: Monday to Friday are trading days enough for the dice.
DAYS = [day for day in dates(FIRST_DAY, dt.date(2026, 11, 20)) if day.weekday() < 5]


@pytest.fixture(scope="module")
def past() -> list[SimulatedDay]:
    return list(simulate(DAYS))


def test_it_is_the_same_on_every_machine(past: list[SimulatedDay]) -> None:
    assert past == list(simulate(DAYS))
    dice = Dice("tanshi")
    assert (
        hashlib.sha256(repr([dice.below(1000) for _ in range(50)]).encode()).hexdigest()[:16]
        == "e6849045d64a7cc9"
    )


@pytest.mark.parametrize("code", [series.code for series in SERIES])
def test_every_day_keeps_the_rules_that_an_import_is_checked_by(past: list[SimulatedDay], code: str) -> None:
    rows = list(rows_of(code, past))
    assert len(rows) > 200
    previous = dict(zip(DAYS, [None, *DAYS], strict=False))
    assert check_all(rows, previous) == []


def rows_of(code: str, past: list[SimulatedDay]) -> list[BulletinRow]:
    """The days of one instrument as bulletins."""
    rows = []
    volume = turnover = 0
    for line, simulated in enumerate(past, start=2):
        if (figures := simulated.figures.get(code)) is None:
            continue
        total = Method(figures.volume + figures.block_volume, figures.turnover + figures.block_turnover)
        volume, turnover = volume + total.volume_t, turnover + total.turnover_fen
        rows.append(
            BulletinRow(
                line, simulated.day, "listed", figures.open, figures.high, figures.low, figures.close,
                Method(figures.volume, figures.turnover), Method(figures.block_volume, figures.block_turnover),
                Method(0, 0), total, Method(volume, turnover),
            )
        )  # fmt: skip
    if code != HEADLINE:  # the launch price is the national market's
        rows = [row for row in rows if row.day != FIRST_DAY]
    return rows


def test_each_day_begins_where_the_last_one_ended(past: list[SimulatedDay]) -> None:
    closes: dict[str, int] = {}
    composite = 4800
    for simulated in past:
        assert simulated.composite.prev_close == composite
        composite = simulated.composite.close
        for code, figures in simulated.figures.items():
            assert figures.prev_close == closes.get(code, figures.prev_close)
            closes[code] = figures.close


def test_the_composite_is_the_mean_of_the_closes_of_its_vintages(past: list[SimulatedDay]) -> None:
    vintages = ("CEA19-20", "CEA21", "CEA22", "CEA23", "CEA24")
    compared = 0
    for simulated in past:
        if dt.date(2025, 4, 29) <= simulated.day < dt.date(2026, 1, 5) and any(
            simulated.figures[code].trades for code in vintages
        ):
            total = sum(simulated.figures[code].close for code in vintages)
            assert simulated.composite.close == round_half_up(total, 5)
            compared += 1
    assert compared > 150


def test_prices_stay_plausible_and_some_days_are_quiet(past: list[SimulatedDay]) -> None:
    closes = [simulated.composite.close for simulated in past]
    assert min(closes) > 3_500
    assert max(closes) < 11_000
    quiet = [figures for simulated in past for figures in simulated.figures.values() if not figures.trades]
    assert quiet
    assert all(figures.open == figures.close == figures.prev_close for figures in quiet)
    assert all(figures.high is figures.low is figures.last is None for figures in quiet)


@pytest.mark.django_db
def test_it_is_stored_once_and_marked_as_simulated() -> None:
    days = DAYS[:40]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_trading=True, source="XSHG") for day in days)
    list_instruments(SERIES, {series.code: 5000 for series in SERIES})
    past = demo_past.simulated_past(days[-1])
    assert [simulated.day for simulated in past] == days[:-1]
    demo_past.store(past)
    demo_past.store(past)
    assert Bar.objects.count() == 2 * 39
    assert CompositeBar.objects.count() == Bulletin.objects.count() == 39
    for model in (Bar, CompositeBar, Bulletin):
        assert set(model.objects.values_list("source", flat=True)) == {"simulated"}
    last = Bulletin.objects.latest("day")
    national = Bar.objects.filter(instrument__code="CEA19-20")
    assert last.cumulative_volume_t == sum(bar.volume_t + bar.block_volume_t for bar in national)


@pytest.mark.django_db
def test_the_composites_weights_are_dated() -> None:
    enter_weights()
    enter_weights()
    weights = {row.valid_from: row.weights for row in CompositeWeights.objects.all()}
    assert set(weights[dt.date(2025, 4, 29)].values()) == {1}
    assert len(weights[dt.date(2025, 4, 29)]) == 5
    assert weights[dt.date(2026, 1, 5)] == {"CEA25": 1}
