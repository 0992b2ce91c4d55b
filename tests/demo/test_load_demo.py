"""The demo's data: there when asked for, the same when asked again, refused where it has no place."""

import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError
from knox.crypto import hash_token
from pytest_django import Settings

from accounts.models import ApiKey, Organisation, User
from exchange import clock, sessions
from exchange.models import (
    Bar,
    Bulletin,
    CalendarDay,
    Command,
    CompositeBar,
    Instrument,
    InstrumentParameters,
    Order,
    Trade,
)
from market_data.demo import keys, people
from registry.audit.run import reconcile
from registry.ledger import selectors
from registry.models import Account, Batch, Transfer
from tests.history.conftest import HEADER, ROWS
from tests.support.demo import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder", "short_calendar")]

SIGN_INS = {
    "trader@jianghai.example": "emitter",
    "approver@jianghai.example": "emitter",
    "trader@yunling.example": "emitter",
    "approver@yunling.example": "emitter",
    "regulator@mee.example": "national",
    "regulator@shanghai.example": "province",
    "regulator@yunnan.example": "province",
    "issuer@registry.example": "registry",
    "checker@registry.example": "registry",
    "operator@exchange.example": "exchange",
    "approver@exchange.example": "exchange",
    "analyst@example.com": "analyst",
    "operator@shenhui.example": "institution",
    "approver@shenhui.example": "institution",
    "linxi@example.com": "individual",
    "trader@pujiang.example": "emitter",
    "approver@pujiang.example": "emitter",
}


def counts() -> dict[str, int]:
    models = (
        Account, ApiKey, Bar, Batch, Bulletin, Command, CompositeBar, Instrument, InstrumentParameters, Order,
        Organisation, Trade, Transfer, User,
    )  # fmt: skip
    return {model.__name__: model._default_manager.count() for model in models}


def test_without_demo_nothing_is_loaded(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        load()
    assert not User.objects.exists()


def test_a_database_of_somebody_else_is_left_alone() -> None:
    Organisation.objects.create(code="real", kind="emitter", name_zh="真", name_en="Real")
    with pytest.raises(CommandError, match="no demo"):
        load()
    assert not User.objects.exists()


def test_everybody_can_sign_in() -> None:
    load()
    users = {user.email: user for user in User.objects.select_related("organisation")}
    assert {email: user.organisation.kind for email, user in users.items()} == SIGN_INS
    for user in users.values():
        assert user.is_demo
        assert user.check_password("demo")
        assert not user.is_superuser
    assert users["operator@exchange.example"].has_role("operator")
    assert users["approver@jianghai.example"].roles != users["trader@jianghai.example"].roles


def test_the_second_run_changes_nothing() -> None:
    CalendarDay.objects.all().delete()  # the whole past, as in a real start
    first = load()
    assert Bar.objects.filter(instrument__code="CEA19-20").count() > 1_000
    before = counts()
    second = load()
    assert counts() == before
    assert second == first


def test_the_sign_ins_are_printed_when_asked_for() -> None:
    printed = load(sign_ins=True)
    assert all(email in printed for email in SIGN_INS)
    assert "`demo`" in printed


def test_keys_work_are_kept_for_their_owner_alone_and_stored_hashed(tmp_path: Path) -> None:
    printed = load()
    file = tmp_path / "demo-keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for email, key in json.loads(file.read_text()).items():
        assert key in printed
        stored = ApiKey.objects.get(user__email=email)
        assert stored.digest == hash_token(key)
        assert key not in {stored.digest, stored.token_key}
    assert ApiKey.objects.get(user__email="analyst@example.com").scopes == ["read"]


@pytest.mark.parametrize("content", [None, "not json", "[]", '{"analyst@example.com": 7}'])
def test_keys_whose_file_is_lost_or_spoilt_are_made_anew(tmp_path: Path, content: str | None) -> None:
    load()
    file = tmp_path / "demo-keys.json"
    old = json.loads(file.read_text())
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    load()
    new = json.loads(file.read_text())
    assert set(new) == set(old)
    assert not set(new.values()) & set(old.values())
    assert ApiKey.objects.count() == len(keys.SCOPES)


def test_a_key_that_its_owner_revoked_is_replaced(tmp_path: Path) -> None:
    load()
    old = json.loads((tmp_path / "demo-keys.json").read_text())
    ApiKey.objects.filter(user__email="analyst@example.com").delete()
    load()
    new = json.loads((tmp_path / "demo-keys.json").read_text())
    assert {email for email in new if new[email] != old[email]} == {"analyst@example.com"}


def test_the_traders_have_money_and_tonnes_and_the_books_are_clean() -> None:
    load()
    for code in ("jianghai", "yunling"):
        balances = selectors.balances(Organisation.objects.get(code=code).pk)
        assert balances["CNY", "trading"] >= 1_000_000_00
        assert balances["CEA25", "trading"] >= 100_000
        assert balances["CEA25", "registry"] > 0
    assert reconcile().clean


def test_only_trading_kinds_hold_anything() -> None:
    load()
    held = Account.objects.exclude(purpose="source").filter(balance__gt=0)
    # What an authority offers in an auction waits in its `pending`, and nowhere else.
    others = held.exclude(holder__kind="national", purpose="pending")
    assert set(others.values_list("holder__kind", flat=True)) <= Organisation.TRADING_KINDS


def test_all_instruments_are_listed_with_dated_parameters_and_their_pasts_close() -> None:
    load()
    codes = ["CEA25", "CEA24", "CEA23", "CEA22", "CEA21", "CEA19-20", "CCER", "SHEA"]
    assert list(Instrument.objects.values_list("code", flat=True)) == codes
    for instrument in Instrument.objects.all():
        assert instrument.parameters.exists()
        last = instrument.bars.filter(source="simulated").latest("day")
        assert instrument.prev_close_fen == last.close_fen
        assert instrument.name_zh
        assert instrument.name_en
    assert CompositeBar.objects.earliest("day").day.isoformat() == "2021-07-16"
    assert set(CompositeBar.objects.values_list("source", flat=True)) == {"simulated"}
    assert CompositeBar.objects.latest("day").day < clock.today()


def test_every_book_has_listings_on_both_sides_while_the_market_is_open() -> None:
    load()
    if sessions.phase_due(clock.now()) == "closed":
        assert not Order.objects.exists()
        return
    assert not Command.objects.exclude(reason="").exists()
    assert not Command.objects.filter(decided_event__isnull=True).exists()
    for instrument in Instrument.objects.all():
        book = instrument.board["book"]
        assert len(book["buy"]) == len(book["sell"]) == 5, instrument.code
    assert not Trade.objects.exclude(kind="auction").exists()
    own = Order.objects.filter(organisation__code__in=["jianghai", "yunling"])
    assert set(own.values_list("kind", flat=True)) <= {"auction", "bid"}


def test_a_history_file_takes_the_place_of_the_simulated_past(tmp_path: Path) -> None:
    file = tmp_path / "daily.csv"
    file.write_text("\n".join([HEADER, *ROWS]))
    printed = load(history=file)
    assert "4 rows" in printed
    assert not Bar.objects.filter(source="simulated").exists()
    assert CompositeBar.objects.filter(source="imported").count() == 4
    assert Instrument.objects.get(code="CEA25").prev_close_fen == 9701
    before = counts()
    load(history=file)
    load()
    assert counts() == before


def test_a_history_file_given_later_replaces_the_simulated_past(tmp_path: Path) -> None:
    load()
    file = tmp_path / "daily.csv"
    file.write_text("\n".join([HEADER, *ROWS]))
    load(history=file)
    assert not Bar.objects.filter(source="simulated").exists()
    assert CompositeBar.objects.filter(source="imported").count() == 4


def test_a_history_file_that_is_none_is_refused_plainly(tmp_path: Path) -> None:
    file = tmp_path / "daily.csv"
    file.write_text("something else\n")
    with pytest.raises(CommandError, match=r"daily\.csv: The first line lacks"):
        load(history=file)


def test_all_companies_are_invented() -> None:
    """Names that a reader could take for a real trader's do not belong here: kinds that trade are these few."""
    traders = {house.code for house in people.EVERYBODY if house.kind in Organisation.TRADING_KINDS}
    assert traders == {
        "jianghai", "yunling", "beichen", "qingyu", "chiyan", "baisha", "lanxin", "shenhui", "linxi", "pujiang",
    }  # fmt: skip
