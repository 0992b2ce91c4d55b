"""/admin/: for the operators' staff, clean under the content policy, and no way round two people or the ledger."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import label_for_field
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from accounts.models import Organisation
from exchange.models import Instrument
from market_data.reference import site
from registry.models import Account, Asset, Deadline
from tests.support.market import make_market, office
from tests.support.registry import Registry, make_registry

INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:", re.IGNORECASE
)
VALUE = {
    "account", "transfer", "batch", "request", "decision", "document", "plan", "planrow", "adjustment", "surrender",
    "surrenderline", "compliance year", "complianceyear", "certificate", "cancellation", "carryover", "freeze", "pledge",
    "nontradetransfer", "trustedentry", "shortfall", "order", "trade", "event", "command", "apikey",
}  # fmt: skip
STAFF = ("issuer@registry", "checker@registry", "operator@office-exchange")


@pytest.fixture
def made(db: None) -> Registry:
    made = make_registry()
    make_market(members=1, codes=("CEA99",))
    made.person(office("exchange"), "operator", "operator")
    made.person(office("exchange"), "viewer", "viewer")
    Deadline.objects.create(year=2090, day=dt.date(2091, 12, 31))
    made.give("jianghai", "CEA24", 100)
    return made


def browser(made: Registry, name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(made.people[name])
    return client


def test_no_table_of_value_has_a_page_here() -> None:
    assert {model._meta.model_name for model in site._registry} & VALUE == set()


def pages() -> list[str]:
    lists = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in site._registry]
    return ["/admin/", *lists]


def test_only_the_operators_staff_comes_in(made: Registry) -> None:
    stranger = Client()
    for url in pages():
        assert stranger.get(url)["Location"].startswith("/accounts/login/")
    staff = {*STAFF, "issuer@office-registry", "checker@office-registry"}
    for name in made.people:
        client = browser(made, name)
        for url in pages():
            assert client.get(url).status_code == (200 if name in staff else 403), (name, url)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_page_obeys_the_content_policy(made: Registry, language: str) -> None:
    client = browser(made, "issuer@registry", language)
    single = [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/change/"
        for model in site._registry
        for row in model._default_manager.all()[:1]
    ]
    assert len(single) >= 5
    for url in pages() + single:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert INLINE.findall(answer.text) == [], url
    assert ("基础数据" in client.get("/admin/").text) == (language == "zh-CN")


CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_table_and_field_has_its_name_in_both_languages(made: Registry) -> None:
    english = set()
    with translation.override("zh-hans"):
        for model, page in site._registry.items():
            meta = model._meta
            words: list[Any] = [meta.verbose_name, meta.verbose_name_plural, meta.app_config.verbose_name]
            shown = page.fields or [field.name for field in meta.fields]
            words += [label_for_field(str(name), model, page) for name in [*shown, *page.list_display]]
            english |= {f"{meta.label}: {word}" for word in words if not CHINESE.search(str(word))}
    assert english == set()
    listed = browser(made, "issuer@registry", "zh-CN").get("/admin/registry/asset/").text
    assert "配额与减排量" in listed
    assert "English name" in browser(made, "issuer@registry").get("/admin/registry/asset/").text


def test_nothing_is_added_or_deleted_here(made: Registry) -> None:
    for name in STAFF:
        client = browser(made, name)
        for model in site._registry:
            base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert client.post(f"{base}add/", {}).status_code == 403
            row = model._default_manager.first()
            if row is not None:
                assert client.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
            before = model._default_manager.count()
            client.post(base, {"action": "delete_selected", "_selected_action": "1", "post": "yes"})
            assert model._default_manager.count() == before


def test_a_balance_cannot_be_posted_to(made: Registry) -> None:
    account = Account.objects.get(holder__code="jianghai", asset="CEA24")
    for name in STAFF:
        url = f"/admin/registry/account/{account.pk}/change/"
        assert browser(made, name).post(url, {"balance": "999999"}).status_code in {403, 404}
    account.refresh_from_db()
    assert account.balance == 100


def test_names_can_be_changed_and_nothing_beside_them(made: Registry) -> None:
    row = Instrument.objects.get(code="CEA99")
    url = f"/admin/exchange/instrument/{row.pk}/change/"
    form = {
        "name_zh": "新名",
        "name_en": "New name",
        "code": "HACK",
        "prev_close_fen": "1",
        "phase": "closed",
    }
    assert browser(made, "operator@office-exchange").post(url, form).status_code == 302
    changed = Instrument.objects.get(pk=row.pk)
    assert (changed.name_zh, changed.code) == ("新名", "CEA99")
    assert (changed.prev_close_fen, changed.phase) == (row.prev_close_fen, row.phase)
    assert LogEntry.objects.count() == 1
    assert browser(made, "issuer@registry").post(url, form).status_code == 403
    asset = "/admin/registry/asset/CEA24/change/"
    assert browser(made, "operator@office-exchange").post(asset, form).status_code == 403
    assert browser(made, "issuer@registry").post(asset, {**form, "kind": "credit"}).status_code == 302
    assert Asset.objects.values_list("name_zh", "kind").get(pk="CEA24") == ("新名", "allowance")


def test_people_and_organisations_are_read_only(made: Registry) -> None:
    house, person = made.organisations["jianghai"], made.people["trader@jianghai"]
    client = browser(made, "issuer@registry")
    assert (
        client.post(f"/admin/accounts/organisation/{house.pk}/change/", {"status": "closed"}).status_code
        == 403
    )
    assert client.post(f"/admin/accounts/user/{person.pk}/change/", {"roles": "checker"}).status_code == 403
    assert Organisation.objects.get(pk=house.pk).status == "active"


def test_a_deadline_moves_only_while_it_lies_ahead(made: Registry) -> None:
    client = browser(made, "issuer@registry")
    assert client.post("/admin/registry/deadline/2090/change/", {"day": "2092-01-31"}).status_code == 302
    assert Deadline.objects.get(year=2090).day == dt.date(2092, 1, 31)
    back = client.post("/admin/registry/deadline/2090/change/", {"day": "2020-01-01"})
    assert "A deadline lies ahead" in back.text
    Deadline.objects.filter(year=2090).update(day=dt.date(2021, 12, 31))
    assert client.post("/admin/registry/deadline/2090/change/", {"day": "2092-01-31"}).status_code == 403
    assert (
        browser(made, "operator@office-exchange")
        .post("/admin/registry/deadline/2090/change/", {})
        .status_code
        == 403
    )


def test_there_is_no_other_way_to_sign_in_or_change_a_password() -> None:
    (admin,) = [
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.namespace == "admin"
    ]
    names = {one.name for one in admin.url_patterns if isinstance(one, URLPattern)}
    assert not names & {"login", "password_change"}
