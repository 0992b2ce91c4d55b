"""Pages of the person, the operator, the registry, and of everybody; and who sees nothing of them."""

import re
from typing import Any

import pytest
from django.test import Client

from registry.inclusion import personal, points
from registry.inclusion.models import ActivityImport, ActivityRecord, PointEntry, Reward, Scene
from registry.models import CreditIssue
from tests.inclusion.conftest import AT, Inclusion
from tests.support import story_clock
from tests.support.clients import speak

TRIPS = [("T-ana-1", "ana", "2026-02-01", "12.5"), ("T-bo-1", "bo", "2026-02-02", "271.828")]


@pytest.fixture(autouse=True)
def clock(settings: Any) -> None:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"
    story_clock.set_to(AT)


def browser(inclusion: Inclusion, name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if name:
        client.force_login(inclusion.person(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(content).decode()


def test_a_person_opens_an_account_joins_and_sees_how_each_record_was_worked_out(
    inclusion: Inclusion, scene: Scene
) -> None:
    inclusion.registry.person(inclusion.registry.organisations["cy"], "second", "viewer")
    di = inclusion.individual("di")
    di_page = browser(inclusion, "self@di")
    assert di.number in text(di_page.get("/registry/inclusion/me/"))
    joined = di_page.post("/registry/inclusion/me/do/", {"what": "join", "scene": "SH-METRO"}, follow=True)
    assert "joined 2026-03-02" in text(joined)
    inclusion.record(scene, [*TRIPS, ("T-di-1", "di", "2026-03-02", "10")])
    page = text(di_page.get("/registry/inclusion/me/"))
    assert "10 passenger-km × (0.1112 − 0.0159) = 0.953 kg" in page
    assert "T-di-1" in page
    assert "T-bo-1" not in page
    csv = text(di_page.get("/registry/inclusion/me/?as=csv"))
    assert "T-di-1" in csv
    assert "T-bo-1" not in csv
    left = di_page.post("/registry/inclusion/me/do/", {"what": "leave", "scene": "SH-METRO"}, follow=True)
    assert "not joined" in text(left)


def test_a_person_redeems_once_however_often_the_button_is_pressed(
    inclusion: Inclusion, scene: Scene
) -> None:
    inclusion.record(scene, TRIPS)
    points.offer(code="ticket", name_zh="车票", name_en="Ticket", points=100, by=inclusion.person("issuer@registry"))  # fmt: skip
    bo = browser(inclusion, "self@bo", "zh-hans")
    found = re.search(r'name="id" value="([0-9a-f]{32})"', text(bo.get("/registry/inclusion/me/")))
    assert found
    for _press in range(2):
        bo.post("/registry/inclusion/me/do/", {"what": "spend", "reward": "ticket", "id": found[1]})
    assert [entry.points for entry in PointEntry.objects.filter(kind="spent")] == [-100]
    ana = browser(inclusion, "self@ana")
    refused = ana.post(
        "/registry/inclusion/me/do/", {"what": "spend", "reward": "ticket", "id": "x1"}, follow=True
    )
    assert "takes 100 points, you have 11" in text(refused)


def test_the_operator_uploads_reads_every_bad_row_and_sends_a_good_file(
    inclusion: Inclusion, scene: Scene
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    operator = browser(inclusion, "initiator@metro")
    assert "SH-METRO" in text(operator.get("/registry/inclusion/"))
    bad = SimpleUploadedFile("trips.csv", inclusion.file([("T1", "cy", "2026-02-01", "5")]))
    page = operator.post("/registry/inclusion/scenes/SH-METRO/upload/", {"file": bad}, follow=True)
    assert "takes no part in this scene" in text(page)
    assert operator.post("/registry/inclusion/scenes/SH-METRO/upload/").status_code == 400
    good = SimpleUploadedFile("trips.csv", inclusion.file(TRIPS))
    page = operator.post("/registry/inclusion/scenes/SH-METRO/upload/", {"file": good}, follow=True)
    assert "27.096" in text(page)  # 1.191 + 25.905 kg
    job = ActivityImport.objects.latest("pk")
    without = operator.post(f"/registry/inclusion/imports/{job.pk}/decide/", {"verdict": "send"})
    assert without.status_code == 409
    sent = operator.post(
        f"/registry/inclusion/imports/{job.pk}/decide/", {"verdict": "send", "reason": "weekly"}, follow=True
    )
    assert "Waiting for approval" in text(sent)
    job.refresh_from_db()
    second = browser(inclusion, "approver@metro")
    asked = text(second.get(f"/inbox/{job.request_id}/"))
    assert "SH-METRO: 2 new records of 2 accounts, 27.096 kg reduced" in asked
    inclusion.approve(job)
    assert "Applied" in text(operator.get(f"/registry/inclusion/imports/{job.pk}/"))
    assert "T-ana-1" not in text(operator.get(f"/registry/inclusion/imports/{job.pk}/"))
    for form in ("csv", "xlsx"):
        assert operator.get(f"/registry/inclusion/template.{form}").status_code == 200


def test_the_registry_opens_a_scene_and_turns_reductions_into_shcer(
    inclusion: Inclusion, scene: Scene
) -> None:
    issuer = browser(inclusion, "issuer@registry")
    fields = {
        "code": "SH-EV", "methodology": "ev_charging", "name_zh": "充电", "name_en": "Charging", "operator": "metro",
        "opened_on": "2026-01-01",
    }  # fmt: skip
    wrong = issuer.post("/registry/inclusion/new/", {**fields, "operator": "nobody"})
    assert wrong.status_code == 400
    assert "no active organisation" in text(wrong)
    early = issuer.post("/registry/inclusion/new/", {**fields, "opened_on": "2020-01-01"})
    assert "The methodology holds from 2023-09-01" in text(early)
    assert issuer.post("/registry/inclusion/new/", fields).status_code == 302
    charging = Scene.objects.get(project__code="SH-EV")
    personal.join(charging, by=inclusion.person("self@ana"), at=AT)
    story_clock.set_to(AT.replace(day=20))
    inclusion.record(
        charging, [(f"C{n}", "ana", f"2026-03-{n + 3:02d}", "200") for n in range(10)], at=AT.replace(day=20)
    )
    page = "/registry/inclusion/scenes/SH-EV/"
    assert "1 372.000" in text(issuer.get(page)).replace("\u00a0", " ")
    late = issuer.post(f"{page}convert/", {"until": "2026-03-20", "reason": "month"})
    assert late.status_code == 400
    assert "not over yet" in text(late)
    sent = issuer.post(f"{page}convert/", {"until": "2026-03-19", "reason": "month"}, follow=True)
    assert "Waiting for approval" in text(sent)
    issue = CreditIssue.objects.get()
    approved = speak(inclusion.person("checker@registry")).post(
        f"/api/v1/requests/{issue.request_id}/approve/", {"reason": "counted"}, format="json"
    )
    assert approved.status_code == 200
    assert inclusion.registry.balance("metro", "SHCER") == 1
    public = text(Client(headers={"accept-language": "en"}).get("/public/inclusion/"))
    assert "fewer than 10 persons" in public
    assert "1 372.000" not in public.replace("\u00a0", " "), "one person's sum"


def test_an_issuer_keeps_the_rewards(inclusion: Inclusion) -> None:
    issuer = browser(inclusion, "issuer@registry")
    fields = {"code": "tea", "name_zh": "茶", "name_en": "Tea", "points": 50}
    assert issuer.post("/registry/inclusion/rewards/", fields).status_code == 302
    assert issuer.post("/registry/inclusion/rewards/", fields).status_code == 400
    issuer.post("/registry/inclusion/rewards/", {"end": "tea"})
    assert Reward.objects.get().ended_on == AT.date()
    assert browser(inclusion, "initiator@metro").get("/registry/inclusion/rewards/").status_code == 403


PRIVATE = ("T-bo-1", "271.828", "25.905", "25905")
EYES = [
    "", "self@ana", "initiator@metro", "approver@metro", "issuer@registry", "checker@registry", "regulator@mee",
    "regulator@shanghai", "initiator@jianghai",
]  # fmt: skip


@pytest.mark.parametrize("name", EYES)
def test_nobody_else_sees_a_persons_records(inclusion: Inclusion, scene: Scene, name: str) -> None:
    job = inclusion.record(scene, TRIPS)
    number = inclusion.account("bo").number
    client = browser(inclusion, name)
    addresses = [
        "/public/inclusion/", "/public/inclusion/?as=csv", "/public/projects/SH-METRO/", "/registry/inclusion/",
        "/registry/inclusion/me/", "/registry/inclusion/me/?as=csv", "/registry/inclusion/scenes/SH-METRO/",
        f"/registry/inclusion/imports/{job.pk}/", f"/inbox/{job.request_id}/", "/inbox/all/",
        "/registry/credits/projects/SH-METRO/", "/api/v1/inclusion/", "/api/v1/inclusion/account/",
        "/api/v1/inclusion/records/", "/api/v1/inclusion/points/", "/api/v1/inclusion/imports/",
        f"/api/v1/inclusion/imports/{job.pk}/", "/api/v1/inclusion/scenes/", f"/api/v1/requests/{job.request_id}/",
        "/api/v1/requests/",
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address, follow=False)
        assert answer.status_code < 500, address
        said = text(answer)
        assert number not in said, address
        assert not [secret for secret in PRIVATE if secret in said], address
    assert ActivityRecord.objects.count() == 2
