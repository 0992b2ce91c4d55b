"""The bulletin: national figures go on where the kept bulletins stop, and the notice says them in two languages."""

import datetime as dt

import pytest

from exchange.models import Bar, Bulletin, CompositeBar
from market_data.end_of_day import settle
from market_data.models import Report
from market_data.reports import notice
from market_data.reports.bulletin import national_day, national_days, shown
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market

pytestmark = pytest.mark.django_db
BEFORE = LAUNCH_DAY - dt.timedelta(days=1)


def kept(day: dt.date, *, volume: int, cumulative: int, source: str = "simulated") -> Bulletin:
    return Bulletin.objects.create(
        day=day, source=source, basis="composite", prev_close_fen=4_700, open_fen=None, high_fen=None, low_fen=None,
        close_fen=4_800, volume_t=volume, turnover_fen=volume * 4_800, block_volume_t=0, block_turnover_fen=0,
        auction_volume_t=0, auction_turnover_fen=0, cumulative_volume_t=cumulative,
        cumulative_turnover_fen=cumulative * 4_800,
    )  # fmt: skip


@pytest.fixture
def market() -> Market:
    market = busy_market()
    kept(BEFORE, volume=300, cumulative=1_000)
    settle(LAUNCH_DAY)
    return market


def test_the_own_day_goes_on_from_the_last_kept_bulletin(market: Market) -> None:
    found = national_day(LAUNCH_DAY)
    assert found is not None
    assert found.total_volume_t == 400 + 377 + 111 + 77
    assert found.cumulative_volume_t == 1_000 + found.total_volume_t
    assert found.cumulative_turnover_fen == 1_000 * 4_800 + found.total_turnover_fen
    composite = CompositeBar.objects.get(day=LAUNCH_DAY)
    assert (found.open_fen, found.high_fen, found.close_fen) == (
        composite.open_fen,
        composite.high_fen,
        composite.close_fen,
    )


def test_a_later_range_has_the_same_cumulative_figures(market: Market) -> None:
    next_day = LAUNCH_DAY + dt.timedelta(days=3)
    market.open_day(next_day)
    market.trade("48.00", 10)
    settle(next_day)
    both = list(national_days(BEFORE, next_day))
    assert [each.day for each in both] == [BEFORE, LAUNCH_DAY, next_day]
    assert list(national_days(next_day, next_day)) == both[2:]
    assert both[2].cumulative_volume_t == both[1].cumulative_volume_t + 10


def test_other_markets_do_not_count_as_the_national_one(market: Market) -> None:
    instrument = market.instruments["CEA22"]
    instrument.code = "SHEA"
    instrument.save()
    found = national_day(LAUNCH_DAY)
    assert found is not None
    assert found.total_volume_t == 400 + 377 + 111


def test_a_day_without_a_listed_trade_prints_no_high_and_no_low(market: Market) -> None:
    quiet = LAUNCH_DAY + dt.timedelta(days=3)
    market.open_day(quiet)
    settle(quiet)
    found = national_day(quiet)
    assert found is not None
    assert (found.high_fen, found.low_fen, found.total_volume_t) == (None, None, 0)
    assert found.open_fen == found.close_fen == found.prev_close_fen
    said = notice.chinese(quiet, shown(found))
    assert "最高价" not in said
    assert "收盘价与前一日持平" in said
    assert "今日无大宗协议交易；今日无单向竞价" in said


def test_the_report_holds_the_bulletin_and_a_day_not_closed_has_none(market: Market) -> None:
    content = Report.objects.get(kind="market").content
    found = national_day(LAUNCH_DAY)
    assert found is not None
    assert content["bulletin"] == shown(found)
    assert content["totals"]["cumulative_volume"] == found.cumulative_volume_t
    assert national_day(LAUNCH_DAY + dt.timedelta(days=1)) is None
    assert Bar.objects.filter(day=LAUNCH_DAY, final=True).count() == 2


#: The launch day, of public record.
LAUNCH = {
    "source": "imported", "basis": "listed", "open": "48.00", "high": "52.80", "low": "48.00", "close": "51.23",
    "prev_close": "48.00", "change": "3.23", "change_pct": "6.73", "volume": 4103953, "turnover": "210230053.25",
    "block_volume": 0, "block_turnover": "0.00", "auction_volume": 0, "auction_turnover": "0.00",
    "total_volume": 4103953, "total_turnover": "210230053.25", "cumulative_volume": 4103953,
    "cumulative_turnover": "210230053.25", "cumulative_since": "2021-07-16",
}  # fmt: skip


def test_the_notice_in_chinese() -> None:
    assert notice.chinese(LAUNCH_DAY, LAUNCH) == (
        "全国碳市场每日行情及成交信息20210716\n"
        "\n"
        "今日全国碳市场行情为：开盘价48.00元/吨，最高价52.80元/吨，最低价48.00元/吨，收盘价51.23元/吨，"
        "收盘价较前一日上涨6.73%。\n"
        "今日挂牌协议交易成交量4,103,953吨，成交额210,230,053.25元；今日无大宗协议交易；今日无单向竞价。\n"
        "今日全国碳排放配额总成交量4,103,953吨，总成交额210,230,053.25元。\n"
        "截至2021年7月16日，全国碳市场碳排放配额累计成交量4,103,953吨，累计成交额210,230,053.25元。\n"
        "\n"
        "数据来源：上海环境能源交易所每日公告（导入）。\n"
    )


def test_the_notice_in_english() -> None:
    said = notice.english(
        LAUNCH_DAY, {**LAUNCH, "change_pct": "-0.49", "block_volume": 5, "source": "market"}
    )
    assert said == (
        "National carbon market: prices and trades of 16 July 2021\n"
        "\n"
        "The listed price opened at 48.00, reached 52.80, fell to 48.00 and closed at 51.23 yuan/t; "
        "the close is 0.49 % below that of the day before.\n"
        "Listed agreements: 4,103,953 t for 210,230,053.25 yuan. Block agreements: 5 t for 0.00 yuan. "
        "One-way auctions: none today.\n"
        "In all: 4,103,953 t for 210,230,053.25 yuan.\n"
        "From 16 July 2021 to 16 July 2021: 4,103,953 t for 210,230,053.25 yuan.\n"
    )
