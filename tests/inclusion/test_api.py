"""Carbon inclusion over the API, from the scene to the SHCER, by the people involved."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from registry.audit.run import reconcile
from registry.inclusion.models import Scene
from tests.inclusion.conftest import AT, Inclusion
from tests.support import story_clock
from tests.support.clients import speak

BASE = "/api/v1/inclusion"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> None:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"
    story_clock.set_to(AT)


def caller(inclusion: Inclusion, name: str) -> APIClient:
    return speak(inclusion.person(name))


def upload(client: APIClient, content: bytes, scene: str = "SH-EV") -> Any:
    file = SimpleUploadedFile("acts.csv", content)
    return client.post(f"{BASE}/imports/", {"scene": scene, "file": file}, format="multipart")


def opened(inclusion: Inclusion) -> None:
    """The issuer's scene of charged cars, and `ana` in it."""
    scene = {
        "code": "SH-EV", "methodology": "ev_charging", "name_zh": "充电", "name_en": "Charging", "operator": "metro",
        "opened_on": "2026-01-01",
    }  # fmt: skip
    issuer = caller(inclusion, "issuer@registry")
    assert issuer.post(f"{BASE}/scenes/", scene, format="json").status_code == 201
    inclusion.individual("ana")
    account = caller(inclusion, "self@ana").post(f"{BASE}/scenes/SH-EV/join/").json()
    assert account["scenes"] == ["SH-EV"]


def test_from_the_scene_to_the_shcer(inclusion: Inclusion) -> None:
    opened(inclusion)
    issuer, operator = caller(inclusion, "issuer@registry"), caller(inclusion, "initiator@metro")
    ana = caller(inclusion, "self@ana")
    story_clock.set_to(AT.replace(day=20))
    acts = inclusion.file([(f"C{n}", "ana", f"2026-03-{n + 2:02d}", "200") for n in range(10)])
    job = upload(operator, acts).json()
    assert (job["state"], job["new"], job["reduction_kg"], job["points"]) == (
        "checked",
        10,
        "1372.000",
        13_720,
    )
    sent = operator.post(f"{BASE}/imports/{job['id']}/send/", {"reason": "weekly"}, format="json").json()
    approve = {"reason": "agreed"}
    second = caller(inclusion, "approver@metro")
    assert (
        second.post(f"/api/v1/requests/{sent['request']}/approve/", approve, format="json").status_code == 200
    )
    assert operator.get(f"{BASE}/imports/{job['id']}/").json()["state"] == "applied"
    (first, *_rest) = ana.get(f"{BASE}/records/").json()["results"]
    assert first == {
        "scene": "SH-EV", "record": "C9", "day": "2026-03-11", "amount": "200", "unit": "kWh", "baseline_kg": "1.106",
        "scene_kg": "0.42", "reduction_kg": "137.200", "points_a_kg": "10", "points": 1_372,
    }  # fmt: skip
    made = issuer.post(
        f"{BASE}/scenes/SH-EV/conversions/", {"until": "2026-03-19", "reason": "March"}, format="json"
    ).json()
    assert (made["quantity_t"], made["carried_out_kg"]) == (1, "372.000")
    checker = caller(inclusion, "checker@registry")
    assert (
        checker.post(f"/api/v1/requests/{made['request']}/approve/", approve, format="json").status_code
        == 200
    )
    assert inclusion.registry.balance("metro", "SHCER") == 1
    (total,) = Client().get(f"{BASE}/").json()
    assert (total["issued_t"], total["accounts"], total["reduction_kg"]) == (1, None, None)
    assert [str(found) for found in reconcile().breaks] == []


def test_points_are_spent_over_the_api(inclusion: Inclusion, scene: Scene) -> None:
    from registry.inclusion import points

    inclusion.record(scene, [("T1", "ana", "2026-02-01", "100")])
    points.offer(code="tea", name_zh="茶", name_en="Tea", points=60, by=inclusion.person("issuer@registry"))
    assert Client().get(f"{BASE}/rewards/").json()[0]["points"] == 60
    ana = caller(inclusion, "self@ana")
    spent = [ana.post(f"{BASE}/points/", {"id": "a", "reward": "tea"}, format="json") for _ in range(2)]
    assert [answer.status_code for answer in spent] == [201, 201]
    refused = ana.post(f"{BASE}/points/", {"id": "b", "reward": "tea"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "TOO_FEW_POINTS")
    assert ana.post(f"{BASE}/points/", {"id": "b", "reward": "car"}, format="json").status_code == 400
    assert [row["balance"] for row in ana.get(f"{BASE}/points/").json()["results"]] == [35, 95]
    assert ana.get(f"{BASE}/account/").json()["points"] == 35


def test_bad_rows_come_with_their_lines_and_words(inclusion: Inclusion, scene: Scene) -> None:
    operator = caller(inclusion, "initiator@metro")
    answer = upload(operator, inclusion.file([("T1", "cy", "2026-02-01", "5")]), "SH-METRO").json()
    (problem,) = answer["problems"]
    assert (answer["state"], problem["line"], problem["reason"]) == ("refused", 2, "unknown_account")
    assert "takes no part" in problem["detail"]
    sent = operator.post(f"{BASE}/imports/{answer['id']}/send/", {"reason": "x"}, format="json")
    assert (sent.status_code, sent.json()["code"]) == (409, "NOT_CHECKED")
    assert upload(operator, b"", "NOWHERE").status_code == 400
    dropped = upload(operator, inclusion.file([("T1", "ana", "2026-02-01", "5")]), "SH-METRO").json()
    assert operator.post(f"{BASE}/imports/{dropped['id']}/drop/").json()["state"] == "dropped"


@pytest.mark.parametrize("name", ["", "initiator@jianghai", "issuer@registry", "regulator@mee"])
def test_an_operators_files_and_a_persons_account_are_nobody_elses(
    inclusion: Inclusion, scene: Scene, name: str
) -> None:
    job = inclusion.upload(scene, [("T1", "ana", "2026-02-01", "5")])
    client: Any = caller(inclusion, name) if name else APIClient()
    for path in (f"imports/{job.pk}/", "account/", "records/", "points/"):
        assert client.get(f"{BASE}/{path}").status_code in {401, 403, 404}
    for path in (f"imports/{job.pk}/send/", f"imports/{job.pk}/drop/", "account/", "scenes/SH-METRO/join/"):
        assert client.post(f"{BASE}/{path}", {"reason": "x"}, format="json").status_code in {401, 403, 404}
    job.refresh_from_db()
    assert job.state == "checked"


def test_methodologies_are_public_with_factors_and_sources(inclusion: Inclusion) -> None:
    rows = {row["code"]: row for row in Client().get(f"{BASE}/methodologies/").json()}
    assert rows["metro"]["reduction_kg"] == "0.0953"
    assert rows["household_electricity"]["document"] == "SHCER02010022024II"
    assert rows["rooftop_solar"]["not_with"] == ["green_electricity", "household_electricity"]
    assert "沪环气〔2022〕34号" in rows["rooftop_solar"]["source"]
