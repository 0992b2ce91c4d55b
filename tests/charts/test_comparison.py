"""Lines of a comparison begin at nought on the first day that all of them have."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from tests.charts.conftest import composite_days, days
from tests.support.trading_day import Market

ADDRESS = "/api/v1/comparison/"


def ask(client: APIClient, codes: str, **more: str) -> object:
    return client.get(
        ADDRESS, {"instruments": codes, "from": "2021-09-01", "to": "2021-09-30", **more}
    ).json()


def test_each_line_is_per_cent_of_the_common_days_close(market: Market, anybody: APIClient) -> None:
    days(market.instruments["CEA21"], [4000, 5000, 4800, 5125])
    days(market.instruments["CEA22"], [8000, 7999], dt.date(2021, 9, 2))
    composite_days([1, 3, 3, 1])
    assert ask(anybody, "CEA22,CEA21,COMCEA") == {
        "day": "2021-09-02",
        "results": [
            {
                "instrument": "CEA22", "name": "CEA22", "base": "80.00",
                "points": [
                    {"day": "2021-09-02", "close": "80.00", "change_pct": "0.00"},
                    # 1 ÷ 8 000 = 0.0125 %, half away from zero
                    {"day": "2021-09-03", "close": "79.99", "change_pct": "-0.01"},
                ],
            },
            {
                "instrument": "CEA21", "name": "CEA21", "base": "50.00",
                "points": [
                    {"day": "2021-09-02", "close": "50.00", "change_pct": "0.00"},
                    {"day": "2021-09-03", "close": "48.00", "change_pct": "-4.00"},
                    {"day": "2021-09-04", "close": "51.25", "change_pct": "2.50"},
                ],
            },
            {
                "instrument": "COMCEA", "name": "Composite", "base": "0.03",
                "points": [
                    {"day": "2021-09-02", "close": "0.03", "change_pct": "0.00"},
                    {"day": "2021-09-03", "close": "0.03", "change_pct": "0.00"},
                    {"day": "2021-09-04", "close": "0.01", "change_pct": "-66.67"},
                ],
            },
        ],
    }  # fmt: skip


def test_without_a_common_day_there_are_no_lines(market: Market, anybody: APIClient) -> None:
    days(market.instruments["CEA21"], [4000])
    days(market.instruments["CEA22"], [8000], dt.date(2021, 9, 2))
    found = ask(anybody, "CEA21,CEA22")
    assert found["day"] is None  # type: ignore[index]
    assert [line["points"] for line in found["results"]] == [[], []]  # type: ignore[index]


def test_what_has_no_close_at_all_stands_aside(market: Market, anybody: APIClient) -> None:
    days(market.instruments["CEA21"], [4000, 4100])
    found = ask(anybody, "CEA22,CEA21")
    assert found["day"] == "2021-09-01"  # type: ignore[index]
    assert [len(line["points"]) for line in found["results"]] == [0, 2]  # type: ignore[index]
    assert found["results"][0]["base"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({}, 400, "instruments"),
        ({"instruments": ",".join(["CEA21"] * 9)}, 400, "instruments"),
        ({"instruments": "CEA21,NONE"}, 404, None),
        ({"instruments": "CEA21", "from": "2021-09-31"}, 400, "from"),
        ({"instruments": "CEA21", "from": "2021-09-02", "to": "2021-09-01"}, 400, "to"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    market: Market, anybody: APIClient, query: dict[str, str], status: int, field: str | None
) -> None:
    answer = anybody.get(ADDRESS, query)
    assert answer.status_code == status
    if field:
        assert list(answer.json()["errors"]) == [field]
