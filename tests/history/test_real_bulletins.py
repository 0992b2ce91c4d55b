"""The real daily bulletins against the rules (facts named in the data folder's README). Never committed."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from exchange import calendar_source
from exchange.history.bulletins import BulletinRow, read
from exchange.history.importing import import_bulletins, previous_trading_days
from exchange.matching.composite import Composite
from exchange.matching.money import band, parse_price, round_half_up
from exchange.models import Bar, Bulletin, CompositeBar

pytestmark = pytest.mark.real_data

LAUNCH = dt.date(2021, 7, 16)


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[BulletinRow]:
    with (real_data / "cea_daily.csv").open(newline="") as file:
        found, malformed = read(file, before=dt.date(2100, 1, 1))
    assert malformed == []
    assert len(found) == 357
    return found


@pytest.fixture(scope="module")
def pairs(rows: list[BulletinRow]) -> list[tuple[BulletinRow, BulletinRow]]:
    """Rows with the row of the trading day before."""
    days = sorted(day for day, trades in calendar_source.library_days().items() if trades)
    before = dict(zip(days[1:], days, strict=False))
    by_day = {row.day: row for row in rows}
    return [(by_day[before[row.day]], row) for row in rows if before.get(row.day) in by_day]


def test_the_launch_days_arithmetic_stands(rows: list[BulletinRow]) -> None:
    launch = rows[0]
    assert (launch.day, launch.listed.volume_t, launch.listed.turnover_fen) == (
        LAUNCH,
        4_103_953,
        21_023_005_325,
    )
    assert round_half_up(launch.listed.turnover_fen, launch.listed.volume_t) == launch.close_fen == 5123
    assert band(4800, 1_000)[1] == launch.high_fen == 5280
    assert round_half_up((launch.close_fen - 4800) * 10_000, 4800) == 673


def test_close_is_turnover_by_volume_on_every_listed_day(rows: list[BulletinRow]) -> None:
    listed = [row for row in rows if row.basis == "listed" and row.listed.volume_t]
    assert len(listed) == 114
    for row in listed:
        assert round_half_up(row.listed.turnover_fen, row.listed.volume_t) == row.close_fen, row.day


def test_prices_stay_inside_the_band_of_the_previous_close(
    pairs: list[tuple[BulletinRow, BulletinRow]],
) -> None:
    compared = 0
    for before, row in pairs:
        lowest, highest = band(before.close_fen, 1_000)
        for price in (row.open_fen, row.high_fen, row.low_fen):
            if price is not None:
                assert lowest <= price <= highest, row.day
                compared += 1
    assert compared == 3 * 113


def test_blocks_stay_inside_thirty_percent_while_there_is_one_vintage(
    pairs: list[tuple[BulletinRow, BulletinRow]],
) -> None:
    """In the composite's era a block's band is its own vintage's, which this file does not have."""
    compared = 0
    for before, row in pairs:
        if row.basis == "listed" and row.block.volume_t:
            lowest, highest = band(before.close_fen, 3_000)
            volume = row.block.volume_t
            assert lowest * volume <= row.block.turnover_fen <= highest * volume, row.day
            compared += 1
    assert compared > 50


def test_totals_and_cumulative_figures_add_up(pairs: list[tuple[BulletinRow, BulletinRow]]) -> None:
    for before, row in pairs:
        methods = (row.listed, row.block, row.auction)
        assert sum(method.volume_t for method in methods) == row.total.volume_t, row.day
        assert sum(method.turnover_fen for method in methods) == row.total.turnover_fen, row.day
        assert before.cumulative.volume_t + row.total.volume_t == row.cumulative.volume_t, row.day
        assert before.cumulative.turnover_fen + row.total.turnover_fen == row.cumulative.turnover_fen, row.day


def test_days_without_a_trade_still_publish_a_close(pairs: list[tuple[BulletinRow, BulletinRow]]) -> None:
    silent = [(before, row) for before, row in pairs if row.total.volume_t == 0]
    assert silent
    for before, row in silent:
        assert row.close_fen == before.close_fen, row.day


def test_the_composite_is_the_mean_of_the_vintages_closes(real_data: Path) -> None:
    with (real_data / "composite_close.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 41
    for line in lines:
        prices = {
            name.removesuffix("_close"): price
            for name, cell in line.items()
            if name.startswith("CEA") and cell and (price := parse_price(cell))
        }
        composite = Composite(dict.fromkeys(prices, 1), 1, prices)
        assert composite.value(prices) == parse_price(line["published_composite_close"]), line["date"]


@pytest.mark.django_db
def test_the_whole_file_imports_without_a_finding_and_the_chart_begins_with_the_launch(
    real_data: Path, rows: list[BulletinRow]
) -> None:
    for _ in range(2):
        with (real_data / "cea_daily.csv").open(newline="") as file:
            outcome = import_bulletins(file)
        assert (outcome.rows, outcome.findings, outcome.malformed) == (357, [], [])
    assert Bar.objects.filter(instrument__code="CEA19-20", source="imported").count() == 114
    assert CompositeBar.objects.count() == Bulletin.objects.count() == 357
    assert CompositeBar.objects.earliest("day").day == LAUNCH
    assert set(CompositeBar.objects.values_list("day", flat=True)) <= set(previous_trading_days())
    last = Bulletin.objects.latest("day")
    assert (last.day, last.cumulative_volume_t) == (rows[-1].day, rows[-1].cumulative.volume_t)
