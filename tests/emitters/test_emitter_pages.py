"""Pages of emitters, entry and imports: what each reader sees, in both languages, and what the forms do."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from registry.emitters import activity
from registry.emitters.figures import Figures
from registry.emitters.forms import shown
from registry.models import ActivityReport, ImportJob, Objection, Unit
from tests.emitters.support import csv_file, headings
from tests.emitters.test_imports import BOTH, own
from tests.support.registry import Registry, beijing

AT = beijing(2025, 6, 16)
REGULATOR, INITIATOR = "regulator@shanghai", "initiator@jianghai"
Sign = Callable[[str], Client]


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
def report(registry: Registry, unit: Unit, figures: Figures) -> ActivityReport:
    return activity.enter(unit, 2024, figures, by=registry.people[REGULATOR], reason="", at=AT)


OWN = ["/registry/emitters/jianghai/"]
LISTS = ["/registry/emitters/", "/registry/emissions/2024/", "/registry/imports/"]
ENTRY = ["/registry/emissions/2024/jianghai/"]


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("regulator@shanghai", [*OWN, *LISTS, *ENTRY]), ("regulator@mee", [*OWN, *LISTS, *ENTRY]),
        ("issuer@registry", [*OWN, *LISTS, *ENTRY]), ("initiator@jianghai", [*OWN, *ENTRY]),
        ("initiator@cangjiang", []), ("regulator@yunnan", LISTS),
    ],
)  # fmt: skip
def test_who_sees_which_page(sign: Sign, report: ActivityReport, person: str, seen: list[str]) -> None:
    client = sign(person)
    for path in [*OWN, *LISTS, *ENTRY]:
        answer = client.get(path)
        if path == "/registry/emitters/" and person.startswith("initiator"):
            assert answer.headers["Location"] == f"/registry/emitters/{person.split('@')[1]}/"
        else:
            assert answer.status_code == (200 if path in seen else 404), path
    assert Client().get(OWN[0]).status_code == 302


def test_a_province_lists_its_own_emitters_only_and_in_files_too(sign: Sign, registry: Registry) -> None:
    for path in ("/registry/emitters/", "/registry/emitters/?as=csv", "/registry/emissions/2024/"):
        text = sign("regulator@yunnan").get(path).getvalue().decode()
        assert "cangjiang" in text
        assert "jianghai" not in text.replace("cangjiang", "")
    assert sign("regulator@mee").get("/registry/emitters/?as=xlsx").getvalue()[:2] == b"PK"


def test_the_list_is_filtered_and_sorted(sign: Sign, registry: Registry) -> None:
    client = sign("regulator@mee")

    def listed(query: str) -> list[str]:
        return re.findall(
            r'/registry/emitters/(\w+)/"', client.get(f"/registry/emitters/?{query}").content.decode()
        )

    assert listed("") == ["cangjiang", "hongta", "jianghai"]
    assert listed("sort=-code") == ["jianghai", "hongta", "cangjiang"]
    assert listed("sector=steel") == ["hongta"]
    assert listed("province=530000") == ["cangjiang"]
    assert listed("q=JIANG&sort=code") == ["cangjiang", "jianghai"]
    assert listed("year=2019") == []
    assert len(listed("sort=nonsense&year=x&province=1&sector=y")) == 3


@pytest.mark.parametrize(("language", "words"), [("en", "Verified figures"), ("zh-hans", "核查数据及其历史")])
def test_pages_speak_the_readers_language(
    sign: Callable[..., Client], report: ActivityReport, language: str, words: str
) -> None:
    assert words in sign(REGULATOR, language).get(OWN[0]).content.decode()
    assert sign(REGULATOR, language).get("/registry/imports/").status_code == 200


def form_of(unit: Unit, report: ActivityReport, **changed: str) -> dict[str, str]:
    fields = {field.name: field.value for field in shown(unit, report, "power").fields}
    return {**fields, **changed}


def test_a_correction_needs_its_reason_and_keeps_what_was_typed(
    sign: Sign, report: ActivityReport, unit: Unit
) -> None:
    path = f"/registry/emissions/2024/jianghai/{unit.pk}/"
    client = sign(REGULATOR)
    answer = client.post(path, form_of(unit, report, verified_t="2650000"))
    assert answer.status_code == 409
    assert 'value="2650000"' in answer.content.decode()
    answer = client.post(path, form_of(unit, report, verified_t="-5", load_factor="60"))
    assert answer.status_code == 400
    assert answer.content.decode().count('aria-invalid="true"') == 2
    assert client.post(path, form_of(unit, report, verified_t="2650000", reason="meter")).status_code == 302
    page = client.get(OWN[0]).content.decode()
    assert "meter" in page
    assert '<span class="before">2\u00a0700\u00a0000</span> → <strong>2\u00a0650\u00a0000</strong>' in page


@pytest.mark.parametrize(
    ("person", "status"), [("regulator@yunnan", 404), ("regulator@mee", 409), (INITIATOR, 409)]
)
def test_others_do_not_enter(
    sign: Sign, report: ActivityReport, unit: Unit, person: str, status: int
) -> None:
    path = f"/registry/emissions/2024/jianghai/{unit.pk}/"
    answer = sign(person).post(path, form_of(unit, report, verified_t="1", reason="x"))
    assert answer.status_code == status
    assert ActivityReport.objects.count() == 1


def test_an_objection_goes_to_the_province_and_comes_back_answered(
    sign: Sign, report: ActivityReport
) -> None:
    emitter, province = sign(INITIATOR), sign(REGULATOR)
    assert "until 2025-06-25" in emitter.get(OWN[0]).content.decode()
    path = f"/registry/emitters/jianghai/figures/{report.pk}/object/"
    refused = emitter.post(path, {"words": "May twice", "claimed_t": "many"})
    assert refused.status_code == 400
    assert "May twice" in refused.content.decode()
    assert emitter.post(path, {"words": "May twice", "claimed_t": "2650000"}).status_code == 302
    objection = Objection.objects.get()
    assert "answers until 2025-07-04" in province.get(OWN[0]).content.decode()
    answer = f"/registry/emitters/jianghai/objections/{objection.pk}/answer/"
    assert sign("regulator@yunnan").post(answer, {"answer": "x"}).status_code == 404
    assert emitter.post(answer, {"answer": "x"}).status_code == 409
    assert (
        province.post(answer, {"verdict": "uphold", "answer": "agreed", "verified_t": ""}).status_code == 400
    )
    assert (
        province.post(answer, {"verdict": "uphold", "answer": "agreed", "verified_t": "2650000"}).status_code
        == 302
    )
    objection.refresh_from_db()
    assert objection.state == "upheld"
    assert ActivityReport.objects.latest("version").verified_t == 2_650_000


def file(content: bytes, name: str = "figures.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_is_shown_then_confirmed(sign: Sign, registry: Registry) -> None:
    client = sign(REGULATOR)
    form = {"kind": "activity", "year": "2024", "file": file(csv_file(BOTH, headings("activity")))}
    page = client.post("/registry/imports/", form, follow=True)
    assert "Confirm and apply" in page.content.decode()
    assert not ActivityReport.objects.exists()
    job = ImportJob.objects.get()
    assert sign("regulator@yunnan").get(f"/registry/imports/{job.pk}/").status_code == 404
    assert sign("regulator@mee").post(f"/registry/imports/{job.pk}/decide/").status_code == 409
    assert client.post(f"/registry/imports/{job.pk}/decide/", {"verdict": "confirm"}).status_code == 302
    assert ActivityReport.objects.count() == 2
    assert "Applied" in client.get(f"/registry/imports/{job.pk}/").content.decode()
    assert client.get(f"/registry/imports/{job.pk}/state/").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(("language", "words"), [("en", "is negative"), ("zh-hans", "负")])
def test_a_bad_file_lists_its_rows(
    sign: Callable[..., Client], registry: Registry, language: str, words: str
) -> None:
    content = csv_file([own(heat_gj="-1"), own(unit="2#", verified_t="x")], headings("activity"))
    form = {"kind": "activity", "year": "2024", "file": file(content)}
    page = sign(REGULATOR, language).post("/registry/imports/", form, follow=True).content.decode()
    assert words in page
    assert "heat_gj" in page
    assert page.count('<td class="right">3</td>') == 1
    assert ImportJob.objects.get().state == "refused"


def test_an_upload_without_file_or_year_says_so(sign: Sign, registry: Registry) -> None:
    client = sign(REGULATOR)
    assert client.post("/registry/imports/", {"kind": "activity"}).status_code == 400
    form = {"kind": "activity", "year": "", "file": file(b"x")}
    assert client.post("/registry/imports/", form).status_code == 409
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("kind", ["emitters", "activity"])
def test_templates_are_there_as_both(sign: Sign, kind: str) -> None:
    client = sign(REGULATOR)
    assert headings(kind)[0] in client.get(f"/registry/imports/template/{kind}.csv").content.decode()
    assert client.get(f"/registry/imports/template/{kind}.xlsx").content[:2] == b"PK"
    assert client.get(f"/registry/imports/template/{kind}.exe").status_code == 404


def test_synthetic_emitters_are_marked(sign: Sign, unit: Unit) -> None:
    unit.emitter.synthetic = True
    unit.emitter.save()
    for path in ("/registry/emitters/?q=jianghai", OWN[0]):
        assert "synthetic" in sign(REGULATOR).get(path).content.decode()
