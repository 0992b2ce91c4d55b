"""A range of reports as one file: made once by whoever claims it, with limits, gone after a day."""

import datetime as dt
import hashlib
import io
import zipfile

import pytest
from django.utils import timezone
from pyarrow import parquet

from accounts.models import User
from exchange import clock
from market_data import tasks
from market_data.end_of_day import settle
from market_data.models import Download, DownloadPart, Report
from market_data.reports import bundles, downloads
from market_data.reports.downloads import DownloadRefused, Wish
from market_data.reports.publish import correct
from tests.support.trading_day import LAUNCH_DAY, Market, busy_market

pytestmark = pytest.mark.django_db
NEXT_DAY = LAUNCH_DAY + dt.timedelta(days=3)
MARKET = Wish("market", LAUNCH_DAY, NEXT_DAY, "zip", ("json", "csv"))
OWN = Wish("member", LAUNCH_DAY, NEXT_DAY, "parquet", table="trades")


@pytest.fixture
def market() -> Market:
    market = busy_market()
    settle(LAUNCH_DAY)
    market.open_day(NEXT_DAY)
    market.trade("48.00", 10)
    settle(NEXT_DAY)
    return market


@pytest.fixture
def person(market: Market) -> User:
    return User.objects.create_user("a@jianghai.example", "x", organisation=market.members["jianghai"])


def ask(person: User, wish: Wish) -> Download:
    return downloads.ask(person, wish, language="en", at=clock.now())


def file_of(download: Download) -> bytes:
    return b"".join(downloads.pieces(download))


def made(download: Download) -> Download:
    downloads.make(str(download.pk), at=clock.now())
    download.refresh_from_db()
    return download


def test_a_zip_holds_every_day_in_every_format_and_proves_itself(person: User) -> None:
    download = made(ask(person, MARKET))
    assert (download.state, download.done, download.total) == ("done", 2, 2)
    data = file_of(download)
    assert hashlib.sha256(data).hexdigest() == download.sha256
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = [f"tanshi-market-{day}.{form}" for day in (LAUNCH_DAY, NEXT_DAY) for form in ("json", "csv")]
    assert archive.namelist() == [*names, "SHA256SUMS"]
    for line in archive.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    report = Report.objects.get(kind="market", day=NEXT_DAY)
    assert hashlib.sha256(archive.read(names[2])).hexdigest() == report.sha256


def test_one_parquet_holds_the_own_trades_of_all_days(person: User) -> None:
    download = made(ask(person, OWN))
    assert download.name == "tanshi-statements-jianghai-2021-07-16-2021-07-19-trades.parquet"
    rows = parquet.read_table(io.BytesIO(file_of(download))).to_pylist()
    assert {row["day"] for row in rows} == {LAUNCH_DAY, NEXT_DAY}
    assert len(rows) == sum(
        len(each.content["trades"])
        for each in Report.objects.filter(kind="member", organisation=person.organisation)
    )


def test_only_the_latest_version_of_a_day_is_in_it(person: User) -> None:
    first = Report.objects.get(kind="market", day=LAUNCH_DAY)
    correct(first, {**first.content, "instruments": []}, reason="left one out", at=clock.now())
    archive = zipfile.ZipFile(io.BytesIO(file_of(made(ask(person, MARKET)))))
    assert archive.namelist()[:1] == ["tanshi-market-2021-07-16-v2.json"]


def test_statements_of_others_are_never_in_it(market: Market, person: User) -> None:
    download = made(ask(person, Wish("member", LAUNCH_DAY, NEXT_DAY, "zip", ("json", "csv"))))
    archive = zipfile.ZipFile(io.BytesIO(file_of(download)))
    assert all("jianghai" in name for name in archive.namelist()[:-1])
    assert not any(b"yunling" in archive.read(name) for name in archive.namelist())


def test_what_is_written_twice_is_made_once(person: User) -> None:
    download = ask(person, MARKET)
    made(download)
    before = list(download.parts.values_list("pk", flat=True))
    made(download)
    assert list(download.parts.values_list("pk", flat=True)) == before


def test_a_download_whose_worker_died_is_made_by_the_next_one(person: User) -> None:
    download = ask(person, MARKET)
    claimed = downloads.claim(str(download.pk))
    assert claimed is not None
    assert downloads.claim(str(download.pk)) is None
    assert downloads.waiting() == []
    Download.objects.update(alive_at=timezone.now() - dt.timedelta(minutes=3))
    assert downloads.waiting() == [str(download.pk)]
    tasks.tend_downloads()
    download.refresh_from_db()
    assert download.state == "done"


def test_a_file_is_gone_after_its_day(person: User) -> None:
    download = made(ask(person, MARKET))
    assert download.expires_at is not None
    assert downloads.remove_expired(download.expires_at - dt.timedelta(seconds=1)) == 0
    assert downloads.remove_expired(download.expires_at) == 1
    assert not DownloadPart.objects.exists()


def test_what_grows_too_large_says_so(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_BYTES", 100)
    for wish in (MARKET, OWN):
        download = made(ask(person, wish))
        assert download.state == "failed"
        assert download.detail == "More than 0 MB: choose fewer days or formats."
        assert not download.parts.exists()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish("market", NEXT_DAY, LAUNCH_DAY, "zip", ("csv",)), "BAD_RANGE"),
        (Wish("market", dt.date(2001, 1, 1), NEXT_DAY, "zip", ("csv",)), "TOO_LONG"),
        (Wish("member", LAUNCH_DAY, LAUNCH_DAY + dt.timedelta(days=370), "zip", ("csv",)), "TOO_LONG"),
        (Wish("market", LAUNCH_DAY, NEXT_DAY, "zip", ()), "BAD_FORMAT"),
        (Wish("member", LAUNCH_DAY, NEXT_DAY, "zip", ("txt",)), "BAD_FORMAT"),
        (Wish("market", LAUNCH_DAY, NEXT_DAY, "parquet", table="trades"), "BAD_TABLE"),
        (Wish("market", LAUNCH_DAY, NEXT_DAY, "tar"), "BAD_SHAPE"),
        (Wish("secret", LAUNCH_DAY, NEXT_DAY, "zip", ("csv",)), "BAD_KIND"),
        (Wish("market", NEXT_DAY + dt.timedelta(days=1), NEXT_DAY + dt.timedelta(days=9), "zip", ("csv",)), "NOTHING"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_with_the_field(person: User, wish: Wish, code: str) -> None:
    with pytest.raises(DownloadRefused) as refused:
        ask(person, wish)
    assert refused.value.code == code
    assert not Download.objects.exists()


def test_nobody_has_many_at_once(person: User) -> None:
    for _ in range(downloads.MOST_WAITING):
        ask(person, MARKET)
    with pytest.raises(DownloadRefused) as refused:
        ask(person, MARKET)
    assert refused.value.code == "TOO_MANY"


def test_formats_come_in_the_askers_language(person: User) -> None:
    wish = Wish("market", LAUNCH_DAY, LAUNCH_DAY, "zip", ("txt",))
    data = file_of(made(ask(person, wish)))
    name = bundles.name_of(Download.objects.get())
    assert name.endswith(".zip")
    text = zipfile.ZipFile(io.BytesIO(data)).read("tanshi-market-2021-07-16.txt").decode()
    assert text.startswith("National carbon market")
