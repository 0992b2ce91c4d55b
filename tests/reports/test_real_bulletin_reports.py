"""The real bulletins come out of our reports as they went in, to the tonne and the fen. Never committed."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from exchange.history.importing import import_bulletins
from exchange.models import Bar, CompositeBar, Instrument
from market_data.reports import history, notice
from market_data.reports.bulletin import national_days, shown
from market_data.reports.render import notice_of

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]

PAIRS = {
    "open": "open", "high": "high", "low": "low", "close": "close",
    "listed_volume_t": "volume", "listed_amount_cny": "turnover",
    "block_volume_t": "block_volume", "block_amount_cny": "block_turnover",
    "auction_volume_t": "auction_volume", "auction_amount_cny": "auction_turnover",
    "total_volume_t": "total_volume", "total_amount_cny": "total_turnover",
    "cum_volume_t": "cumulative_volume", "cum_amount_cny": "cumulative_turnover",
}  # fmt: skip


@pytest.fixture
def rows(real_data: Path) -> list[dict[str, str]]:
    with (real_data / "cea_daily.csv").open(newline="") as file:
        import_bulletins(file)
        file.seek(0)
        return list(csv.DictReader(file))


def test_every_real_bulletin_is_reproduced_to_the_fen(rows: list[dict[str, str]]) -> None:
    days = [dt.date.fromisoformat(row["date"]) for row in rows]
    found = list(national_days(days[0], days[-1]))
    assert [each.day for each in found] == days
    for row, each in zip(rows, found, strict=True):
        content = shown(each)
        ours = {name: "" if content[ours] is None else str(content[ours]) for name, ours in PAIRS.items()}
        assert ours == {name: row[name] for name in PAIRS}, each.day
        assert content["basis"] == row["price_basis"]
        assert content["source"] == "imported"


def test_the_notice_of_a_real_day_says_its_figures(rows: list[dict[str, str]]) -> None:
    row = rows[-1]
    day = dt.date.fromisoformat(row["date"])
    (line,) = history.national(day, day)
    said = notice_of(day, line)
    for name in ("total_volume_t", "total_amount_cny", "cum_volume_t", "cum_amount_cny"):
        assert notice.grouped(row[name]) in said
    assert f"收盘价{row['close']}元/吨" in said


def test_own_days_go_on_from_the_last_real_cumulative_figure(rows: list[dict[str, str]]) -> None:
    last = rows[-1]
    own = dt.date.fromisoformat(last["date"]) + dt.timedelta(days=5)
    CompositeBar.objects.create(
        day=own, prev_close_fen=7463, open_fen=7463, high_fen=7500, low_fen=7400, close_fen=7450
    )
    Bar.objects.create(
        instrument=Instrument.objects.get(code="CEA19-20"), day=own, final=True, prev_close_fen=7463, open_fen=7463,
        close_fen=7450, volume_t=3, turnover_fen=3 * 7450 + 1, block_volume_t=100_000, block_turnover_fen=745_000_000,
    )  # fmt: skip
    (line,) = history.national(own, own)
    assert line["cumulative_volume"] == int(last["cum_volume_t"]) + 100_003
    fen = int(last["cum_amount_cny"].replace(".", "")) + 3 * 7450 + 1 + 745_000_000
    assert line["cumulative_turnover"] == f"{fen // 100}.{fen % 100:02d}"


def test_the_period_ends_are_the_last_days_of_the_real_years(rows: list[dict[str, str]]) -> None:
    """Figures of a year are the difference of two cumulative ones (domain.md 9.7): here over all kept days."""
    year = [row for row in rows if row["date"] >= "2025"]
    lines = list(history.national(dt.date(2025, 1, 1), dt.date(2025, 12, 31)))
    assert len(lines) == len(year) == 243
    volume = sum(line["total_volume"] for line in lines)
    assert lines[-1]["cumulative_volume"] - lines[0]["cumulative_volume"] == volume - lines[0]["total_volume"]
