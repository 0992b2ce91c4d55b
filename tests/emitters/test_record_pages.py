"""Adding and changing emitters and units on the page and through the API: fields, rights, history."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from registry.models import ComplianceYear, Emitter, RecordChange, Unit
from tests.support.clients import speak
from tests.support.registry import Registry, beijing

REGULATOR, ISSUER = "regulator@shanghai", "issuer@registry"
CODE = "91310116660779822N"
UNITS = "/registry/emitters/jianghai/units/"
UNIT = {"code": "3#", "class": "II", "capacity_mw": "300", "cooling": "air", "name": "", "reason": "commissioned"}  # fmt: skip
EMITTER = {"credit_code": CODE, "name_zh": "新电厂", "name_en": "New Power", "sector": "power", "reason": "new plant"}  # fmt: skip
Sign = Callable[..., Client]


def now() -> object:
    return beijing(2025, 6, 20)


@pytest.fixture(autouse=True)
def platform_time(settings: Settings) -> None:
    settings.PLATFORM_CLOCK = f"{__name__}.now"


@pytest.fixture
def sign(registry: Registry) -> Sign:
    def client(person: str, language: str = "en") -> Client:
        made = Client(headers={"accept-language": language})
        made.force_login(registry.people[person], backend="django.contrib.auth.backends.ModelBackend")
        return made

    return client


@pytest.fixture
def api(registry: Registry) -> Callable[[str], APIClient]:
    return lambda person: speak(registry.people[person])


def wrong_fields(answer: Any) -> set[str]:
    return set(re.findall(r'id="id_(\w+)_error"', answer.content.decode()))


def test_a_province_enters_an_emitter_and_lists_it(sign: Sign) -> None:
    client = sign(REGULATOR)
    assert "New emitter" in client.get("/registry/emitters/").content.decode()
    assert 'name="province"' not in client.get("/registry/emitters/new/").content.decode()
    wrong = client.post("/registry/emitters/new/", {**EMITTER, "credit_code": CODE[:-1] + "M", "reason": ""})
    assert (wrong.status_code, wrong_fields(wrong)) == (400, {"credit_code", "reason"})
    assert 'value="New Power"' in wrong.content.decode()
    assert (
        client.post("/registry/emitters/new/", EMITTER).headers["Location"] == f"/registry/emitters/{CODE}/"
    )
    again = client.post("/registry/emitters/new/", EMITTER)
    assert (again.status_code, wrong_fields(again)) == (409, {"credit_code"})
    years = f"/registry/emitters/{CODE}/years/"
    assert client.post(years, {"year": "2024", "reason": "list of 2024"}).status_code == 302
    assert client.post(years, {"year": "2024", "reason": "again"}).status_code == 400, (
        "it is no choice any more"
    )
    assert ComplianceYear.objects.filter(emitter__organisation__code=CODE, year=2024).exists()
    page = client.get(f"/registry/emitters/{CODE}/").content.decode()
    assert "list of 2024" in page
    assert "new plant" in page


def test_the_registrys_issuer_chooses_the_province(sign: Sign) -> None:
    client = sign(ISSUER)
    wrong = client.post("/registry/emitters/new/", EMITTER)
    assert (wrong.status_code, wrong_fields(wrong)) == (400, {"province"})
    assert client.post("/registry/emitters/new/", {**EMITTER, "province": "530000"}).status_code == 302
    assert Emitter.objects.get(organisation__code=CODE).organisation.province == "530000"
    assert (
        client.post(f"/registry/emitters/{CODE}/years/", {"year": "2024", "reason": "x"}).status_code == 403
    )
    assert sign("regulator@yunnan").get(f"/registry/emitters/{CODE}/").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("en", "jianghai发电"), ("zh-hans", "变更名称")])
def test_a_rename_says_why_and_keeps_the_old_name(sign: Sign, language: str, words: str) -> None:
    client, path = sign(REGULATOR, language), "/registry/emitters/jianghai/names/"
    assert 'value="jianghai发电"' in client.get(path).content.decode()
    assert client.post(path, {"name_zh": "江海新能", "name_en": "Jianghai New"}).status_code == 400
    same = {"name_zh": "jianghai发电", "name_en": "jianghai Power", "reason": "x"}
    assert client.post(path, same).status_code == 409
    named = {"name_zh": "江海新能", "name_en": "Jianghai New", "reason": "merged"}
    assert client.post(path, named).status_code == 302
    page = client.get("/registry/emitters/jianghai/").content.decode()
    assert words in page
    assert "江海新能" in page


def test_a_unit_is_added_and_changed_on_the_page(sign: Sign) -> None:
    client = sign(REGULATOR)
    wrong = client.post(UNITS, {**UNIT, "capacity_mw": "big", "class": "V"})
    assert (wrong.status_code, wrong_fields(wrong)) == (400, {"capacity_mw", "class"})
    assert client.post(UNITS, UNIT).status_code == 302
    taken = client.post(UNITS, UNIT)
    assert (taken.status_code, wrong_fields(taken)) == (409, {"code"})
    change = client.get(UNITS, {"unit": "3#"}).content.decode()
    assert 'value="300"' in change, "what stands there is filled in"
    path = f"{UNITS}?unit=3%23"
    assert client.post(path, {**UNIT, "capacity_mw": "330", "reason": "uprated"}).status_code == 302
    assert str(Unit.objects.get(code="3#").capacity_mw) == "330.000"
    assert client.post(path, {**UNIT, "code": "4#", "reason": "x"}).status_code == 409
    page = client.get("/registry/emitters/jianghai/").content.decode()
    assert "uprated" in page
    assert '<span class="before">300</span> → <strong>330</strong>' in page
    assert '<td class="right">330</td>' in page, "without the zeros of the database"
    assert client.get(UNITS, {"unit": "9#"}).status_code == 404


def test_a_line_of_steel_is_not_asked_for_a_class(sign: Sign) -> None:
    page = sign(REGULATOR).get("/registry/emitters/hongta/units/").content.decode()
    assert 'name="class"' not in page
    assert 'name="capacity_mw"' in page


@pytest.mark.parametrize(
    ("person", "status"),
    [("regulator@yunnan", 404), ("regulator@mee", 403), ("checker@registry", 403), ("initiator@jianghai", 403)],
)  # fmt: skip
@pytest.mark.parametrize("page", ["names", "units", "years"])
def test_others_find_no_form(sign: Sign, person: str, status: int, page: str) -> None:
    client, path = sign(person), f"/registry/emitters/jianghai/{page}/"
    assert client.get(path).status_code == status
    assert client.post(path, {**UNIT, "name_zh": "x", "name_en": "y", "year": "2025"}).status_code == status
    assert client.post("/registry/emitters/new/", {}).status_code == (400 if "yunnan" in person else 403)
    assert not RecordChange.objects.exists()


def test_the_same_through_the_api(api: Callable[[str], APIClient]) -> None:
    province = api(REGULATOR)
    made = province.post("/api/v1/emitters/", EMITTER, format="json")
    assert (made.status_code, made.json()["code"], made.json()["units"]) == (201, CODE, [])
    base = f"/api/v1/emitters/{CODE}/"
    unit = {"code": "A/1#", "class": "II", "capacity_mw": "300", "cooling": "air", "reason": "commissioned"}
    assert province.post(f"{base}units/", unit, format="json").status_code == 201
    changed = province.patch(
        f"{base}units/A/1%23/", {"capacity_mw": "330.5", "reason": "uprated"}, format="json"
    )
    assert (changed.status_code, changed.json()["capacity_mw"], changed.json()["class"]) == (
        200,
        "330.5",
        "II",
    )
    listed = province.post(f"{base}years/", {"year": 2024, "reason": "list"}, format="json")
    assert (listed.status_code, listed.json()["years"]) == (201, [2024])
    named = province.patch(base, {"name_en": "New Energy", "reason": "renamed"}, format="json")
    assert (named.json()["name_zh"], named.json()["name_en"]) == ("新电厂", "New Energy")
    history = province.get(f"{base}changes/").json()["results"]
    assert [row["reason"] for row in history] == ["renamed", "list", "uprated", "commissioned", "new plant"]
    assert history[2]["unit"] == "A/1#"
    assert (history[2]["before"]["capacity_mw"], history[2]["after"]["capacity_mw"]) == ("300", "330.5")
    assert api("regulator@yunnan").get(f"{base}changes/").status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"credit_code": CODE[:-1] + "M"}, 400, "credit_code"), ({"sector": "paper"}, 400, "sector"),
        ({"name_zh": "=A1"}, 400, "name_zh"), ({"reason": ""}, 400, "reason"), ({"more": 1}, 400, "more"),
        ({"name_zh": 5}, 400, "name_zh"), ({"province": "530000"}, 403, None),
    ],
)  # fmt: skip
def test_a_wrong_emitter_is_refused_at_its_field(
    api: Callable[[str], APIClient], change: dict[str, Any], status: int, field: str | None
) -> None:
    answer = api(REGULATOR).post("/api/v1/emitters/", {**EMITTER, **change}, format="json")
    assert answer.status_code == status
    assert field is None or set(answer.json()["errors"]) == {field}
    assert not Emitter.objects.filter(organisation__code=CODE).exists()


@pytest.mark.parametrize(
    ("person", "status"), [("regulator@yunnan", 404), ("regulator@mee", 403), ("initiator@jianghai", 403)]
)
def test_others_keep_no_record_through_the_api(
    api: Callable[[str], APIClient], person: str, status: int
) -> None:
    client, base = api(person), "/api/v1/emitters/jianghai/"
    assert client.patch(base, {"name_zh": "x", "reason": "x"}, format="json").status_code == status
    assert client.post(f"{base}units/", UNIT, format="json").status_code == status
    assert (
        client.patch(f"{base}units/1%23/", {"name": "x", "reason": "x"}, format="json").status_code == status
    )
    assert client.post(f"{base}years/", {"year": 2025, "reason": "x"}, format="json").status_code == status
    assert not RecordChange.objects.exists()
