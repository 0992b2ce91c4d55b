"""Contract specifications: parameters by date, and the composite's sum, for everybody."""

import datetime as dt

from django.test import Client
from django.utils import translation

from exchange.models import InstrumentParameters
from market_data.specification import accepted_in, bands, parameters_by_date
from tests.support.trading_day import Market


def test_each_date_has_its_own_column(market: Market) -> None:
    instrument = market.instruments["CEA21"]
    InstrumentParameters.objects.create(
        instrument=instrument,
        valid_from=dt.date(2022, 1, 4),
        tick_fen=5,
        band_bps=500,
        position_limit_t=1_000_000,
    )
    with translation.override("zh-hans"):
        dates, terms = parameters_by_date(instrument)
    assert dates == [dt.date(2022, 1, 4), dt.date(2000, 1, 1)]
    by_label = {term.label: term.values for term in terms}
    assert by_label["最小变动价位（元/吨）"] == ["0.05", "0.01"]
    assert by_label["挂牌协议涨跌幅（±%）"] == ["5.00", "10.00"]
    assert by_label["持仓限额（吨）"] == ["1\u00a0000\u00a0000", "无"]
    later = instrument.parameters.get(valid_from=dt.date(2022, 1, 4))
    assert [fact.value for fact in bands(instrument, later)] == ["45.60–50.40", "33.60–62.40"]


def test_a_vintage_says_which_years_take_it() -> None:
    assert accepted_in("CEA23") == [2023, 2024]
    assert accepted_in("CEA25") == [2025, 2026]
    assert accepted_in("SHEA") == []


def test_the_page_marks_what_is_still_to_come(market: Market) -> None:
    InstrumentParameters.objects.create(
        instrument=market.instruments["CEA21"], valid_from=dt.date(2021, 8, 2), fee_bps=30
    )
    page = Client(headers={"accept-language": "en"}).get("/instruments/CEA21/").content.decode()
    assert "from 2021-08-02" in page
    assert page.count("to come") == 1
    assert "43.20–52.80" in page  # of today's parameters


def test_the_composites_page_shows_its_sum(market: Market) -> None:
    market.trade("48.03", 2)
    page = Client(headers={"accept-language": "en"}).get("/instruments/COMCEA/").content.decode()
    assert "96.03 ÷ 2 = <strong>48.02</strong>" in page
    assert Client().get("/instruments/NONE/").status_code == 404
