"""Importing bulletins: what is written, what is left alone, what is said (issue: Real data)."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exchange import clock
from exchange.history import demo_past
from exchange.history.importing import import_bulletins
from exchange.history.series import BY_CODE, SERIES, list_instruments
from exchange.models import Bar, Bulletin, CompositeBar, Instrument
from tests.history.conftest import COMPOSITE, HEADER, LAUNCH, QUIET, ROWS, SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]


def rows_of(model: type) -> list[dict[str, object]]:
    return [{**row, "id": None} for row in model.objects.order_by("day").values()]  # type: ignore[attr-defined]


def everything() -> list[object]:
    return [rows_of(model) for model in (Bar, CompositeBar, Bulletin)]


def test_listed_rows_are_the_days_of_the_only_vintage_and_every_row_the_national_markets() -> None:
    outcome = import_bulletins([HEADER, *ROWS])
    assert (outcome.rows, outcome.bars, outcome.composite_bars) == (4, 3, 4)
    assert outcome.findings == []
    assert outcome.malformed == []
    launch, second, quiet = Bar.objects.filter(instrument__code="CEA19-20").order_by("day")
    assert (launch.prev_close_fen, launch.open_fen, launch.high_fen, launch.low_fen, launch.close_fen) == (
        4800, 4800, 5280, 4800, 5000,
    )  # fmt: skip
    assert (launch.source, launch.final, launch.volume_t, launch.turnover_fen) == (
        "imported",
        True,
        1000,
        5_000_000,
    )
    assert (second.prev_close_fen, second.block_volume_t, second.block_turnover_fen) == (
        5000,
        100_000,
        450_000_000,
    )
    assert (quiet.open_fen, quiet.high_fen, quiet.low_fen, quiet.close_fen) == (5050, None, None, 5050)
    composite = CompositeBar.objects.get(day="2025-01-02")
    assert (composite.close_fen, composite.open_fen, composite.source) == (9701, 9701, "imported")
    bulletin = Bulletin.objects.get(day="2025-01-02")
    assert (bulletin.open_fen, bulletin.prev_close_fen, bulletin.volume_t, bulletin.basis) == (
        None, None, 40, "composite",
    )  # fmt: skip
    assert bulletin.cumulative_volume_t == 200_000


def test_the_chart_begins_with_the_launch_day() -> None:
    import_bulletins([HEADER, *ROWS])
    assert CompositeBar.objects.earliest("day").day == dt.date(2021, 7, 16)


def test_importing_twice_changes_nothing() -> None:
    import_bulletins([HEADER, *ROWS])
    before = everything()
    import_bulletins([HEADER, *ROWS])
    assert everything() == before


def test_a_corrected_file_corrects_the_days() -> None:
    import_bulletins([HEADER, *ROWS])
    import_bulletins([HEADER, LAUNCH.replace("52.80", "52.70")])
    assert Bar.objects.get(day="2021-07-16").high_fen == 5270
    assert Bar.objects.count() == 3


def test_the_platforms_own_days_are_left_alone() -> None:
    instrument = list_instruments([BY_CODE["CEA19-20"]], {"CEA19-20": 4800})[0]
    figures = {"prev_close_fen": 4800, "open_fen": 4801, "close_fen": 4802}
    Bar.objects.create(instrument=instrument, day="2021-07-19", **figures)
    CompositeBar.objects.create(day="2025-01-02", high_fen=4803, low_fen=4801, **figures)
    outcome = import_bulletins([HEADER, *ROWS])
    assert outcome.own_days == [dt.date(2021, 7, 19), dt.date(2025, 1, 2)]
    assert Bar.objects.get(day="2021-07-19").close_fen == 4802
    assert CompositeBar.objects.get(day="2025-01-02").close_fen == 4802
    assert not Bulletin.objects.filter(day="2025-01-02").exists()


def test_another_instruments_file_is_not_the_national_market() -> None:
    import_bulletins([HEADER, LAUNCH], "SHEA")
    assert Bar.objects.get().instrument.code == "SHEA"
    assert not CompositeBar.objects.exists()
    assert not Bulletin.objects.exists()


def test_an_imported_history_replaces_the_simulated_one() -> None:
    list_instruments(SERIES, {series.code: 5000 for series in SERIES})
    assert demo_past.store(demo_past.simulated_past(dt.date(2025, 1, 11))) > 0
    import_bulletins([HEADER, *ROWS])
    for model in (Bar, CompositeBar, Bulletin):
        assert not model.objects.filter(source="simulated").exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SECOND.replace(",50.50,300", ",50.51,300"), "close 50.51, but turnover ÷ volume is 50.50"),
        (SECOND.replace(",51.00,", ",55.01,"), "high 55.01 is outside 45.00–55.00"),
        (SECOND.replace("50.10,51.00,50.00", "44.99,51.00,44.99"), "open 44.99 is outside"),
        (SECOND.replace("50.10,51.00,50.00", "50.10,51.00,44.99"), "low 44.99 is outside"),
        (SECOND.replace(",51.00,50.00,", ",50.05,50.00,"), "open 50.10 is above high 50.05"),
        (SECOND.replace("100000,4500000.00", "100000,6500000.01"), "block: average 65.00 is outside ±30 %"),
        (SECOND.replace("100000,4500000.00", "100000,0.00"), "block: 100000 t for 0.00 yuan"),
        (SECOND.replace("100000,4500000.00", "99999,4500000.00"), "below the least block"),
        (SECOND.replace("100300,", "100301,"), "total 100301 t, but the methods make 100300 t"),
        (SECOND.replace(",101300,", ",101301,"), "cumulative 101301 t, but the sum is 101300 t"),
        (SECOND.replace("4565150.10", "4565150.11"), "cumulative 4565150.11 yuan, but the sum is 4565150.10"),
        (SECOND.replace("2021-07-19", "2021-07-18"), "is no trading day of the calendar"),
    ],
)
def test_what_the_rules_contradict_is_named_with_its_line_and_imported_all_the_same(
    row: str, said: str
) -> None:
    outcome = import_bulletins([HEADER, LAUNCH, row])
    assert outcome.malformed == []
    assert any(finding.line == 3 and said in finding.text for finding in outcome.findings), outcome.findings
    assert Bar.objects.count() == 2


def test_a_day_without_a_listed_trade_keeps_the_previous_close() -> None:
    outcome = import_bulletins([HEADER, LAUNCH, SECOND, QUIET.replace("50.50,,,50.50", "50.50,,,50.49")])
    assert [str(finding) for finding in outcome.findings] == [
        "line 4: 2021-07-20 no listed trade, but close 50.49 is not the previous close 50.50"
    ]


def test_bands_and_sums_are_not_checked_across_a_gap() -> None:
    after_gap = SECOND.replace("2021-07-19", "2021-07-21").replace("50.10,51.00,50.00", "60.00,61.00,44.00")
    assert import_bulletins([HEADER, LAUNCH, after_gap.replace("4565150.10", "9.00")]).findings == []


def test_the_launch_day_is_checked_against_the_listing_reference_price() -> None:
    outcome = import_bulletins([HEADER, LAUNCH.replace("52.80", "52.81")])
    assert [finding.text for finding in outcome.findings] == ["2021-07-16 high 52.81 is outside 43.20–52.80"]


def test_rows_may_stand_in_any_order() -> None:
    outcome = import_bulletins([HEADER, QUIET, SECOND, LAUNCH])
    assert outcome.findings == []
    assert outcome.bars == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SECOND.replace("2021-07-19", "2021-02-30"), "date: '2021-02-30' is not a date"),
        (SECOND.replace("2021-07-19", "19.07.2021"), "is not a date"),
        (SECOND.replace("2021-07-19", "20210719"), "is not a date"),
        (SECOND.replace("2021-07-19", "2021-07-16"), "stands in line 2 already"),
        (SECOND.replace("50.50,300", "NaN,300"), "close: 'NaN' is not an amount of yuan"),
        (SECOND.replace("50.50,300", "5.05e1,300"), "close: '5.05e1'"),
        (SECOND.replace("50.50,300", "-50.50,300"), "close: '-50.50'"),
        (SECOND.replace("50.50,300", "50.505,300"), "close: '50.505'"),
        (SECOND.replace("50.50,300", "٣,300"), "close: '٣'"),
        (SECOND.replace("50.50,300", "0.00,300"), "close: a price is above 0"),
        (SECOND.replace("50.50,300", ",300"), "close: '' is not"),
        (SECOND.replace("50.50,300", "50.50,-300"), "listed_volume_t: '-300' is not a whole number"),
        (SECOND.replace("50.50,300", "50.50,300.5"), "listed_volume_t: '300.5'"),
        (SECOND.replace("50.50,300", "50.50,1" + "0" * 30), "listed_volume_t"),
        (SECOND.replace("listed", "vintage"), "price_basis"),
        (SECOND + ",1", "17 fields where the first line has 16"),
        ("2021-07-19", "1 fields"),
        ("\x00,\x00", "2 fields"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_and_named(row: str, said: str) -> None:
    outcome = import_bulletins([HEADER, LAUNCH, row, QUIET])
    assert [(finding.line, said in finding.text) for finding in outcome.malformed] == [(3, True)], (
        outcome.malformed
    )
    assert set(Bar.objects.values_list("day", flat=True)) == {dt.date(2021, 7, 16), dt.date(2021, 7, 20)}


def test_a_day_that_is_not_over_is_left_out() -> None:
    outcome = import_bulletins([HEADER, LAUNCH, SECOND.replace("2021-07-19", clock.today().isoformat())])
    assert "is not over" in outcome.malformed[0].text
    assert Bar.objects.count() == 1


def test_the_command_tells_by_its_exit_status_that_rows_were_left_out(tmp_path: Path) -> None:
    file = tmp_path / "daily.csv"
    file.write_text(
        "\n".join([HEADER, LAUNCH, "oops", SECOND.replace(",51.00,", ",55.01,")]), encoding="utf-8-sig"
    )
    out = StringIO()
    with pytest.raises(CommandError, match="1 rows were left out") as error:
        call_command("import_history", str(file), stdout=out)
    assert error.value.returncode == 1
    assert "cannot be read, left out: line 3:" in out.getvalue()
    assert "does not fit: line 4: 2021-07-19 high 55.01" in out.getvalue()
    assert Bar.objects.count() == 2


def test_findings_alone_are_no_failure(tmp_path: Path) -> None:
    file = tmp_path / "daily.csv"
    file.write_text("\n".join([HEADER, LAUNCH, COMPOSITE, SECOND.replace(",51.00,", ",55.01,")]))
    call_command("import_history", str(file), stdout=StringIO())


@pytest.mark.parametrize("content", [b"", b"date,close\n2021-07-16,48.00\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_refused_plainly(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "daily.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"daily\.csv"):
        call_command("import_history", str(file), stdout=StringIO())
    assert not Instrument.objects.exists()


def test_an_unknown_instrument_or_file_is_said_plainly(tmp_path: Path) -> None:
    file = tmp_path / "daily.csv"
    file.write_text("\n".join([HEADER, LAUNCH]))
    with pytest.raises(CommandError, match="no instrument 'CEA99'"):
        call_command("import_history", str(file), instrument="CEA99", stdout=StringIO())
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_history", str(tmp_path / "nowhere.csv"), stdout=StringIO())
