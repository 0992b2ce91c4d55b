"""Alerts on pages and in the API: who sees what, files, steps with their reasons, thresholds for later days."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from market_data.models import Alert, ThresholdRow
from market_data.surveillance.run import surveil
from registry.models import Look
from tests.surveillance.conftest import Watched

pytestmark = pytest.mark.django_db


def browser(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.fixture
def looked(watched: Watched) -> Watched:
    surveil(watched.market.day)
    return watched


def test_the_nation_and_the_exchange_see_all_and_a_province_what_concerns_its_own(looked: Watched) -> None:
    """A, of Shanghai, is in the wash and on the other side of the edge; C's cancels and the block are not its matter."""
    seen = {
        name: {one["kind"] for one in browser(looked.people[name]).get("/api/v1/surveillance/alerts/").json()["results"]}
        for name in ("mee", "exchange", "shanghai", "yunnan")
    }  # fmt: skip
    assert seen["mee"] == seen["exchange"] == {"wash", "cancels", "edge", "far_block"}
    assert (seen["shanghai"], seen["yunnan"]) == ({"wash", "edge"}, set())
    other = Alert.objects.get(kind="cancels")
    shanghai = browser(looked.people["shanghai"])
    for address in (f"/surveillance/{other.pk}/", f"/api/v1/surveillance/alerts/{other.pk}/"):
        assert shanghai.get(address).status_code == 404
    assert browser(looked.people["A"]).get("/surveillance/").status_code == 403
    assert Client().get("/surveillance/").status_code == 302


def test_the_list_says_what_was_seen_and_filters(looked: Watched) -> None:
    client = browser(looked.people["mee"])
    page = client.get("/surveillance/").content.decode()
    assert (
        "A Power sold 10\u00a0000\u00a0t to B Power at 48.00 yuan/t and bought 10\u00a0000\u00a0t back"
        in page
    )
    assert "All that traded at the upper edge of the band, 52.80 yuan/t, is 1\u00a0t." in page
    for query, kinds in (
        ("kind=wash", {"wash"}), ("q=C", {"cancels"}), ("state=explained", set()),
        ("instrument=CEA&kind=edge", {"edge"}), (f"to={looked.market.day - dt.timedelta(days=1)}", set()),
        ("kind=nothing&from=2026-99-99&state=x", {"wash", "cancels", "edge", "far_block"}),
    ):  # fmt: skip
        found = client.get(f"/api/v1/surveillance/alerts/?{query}").json()["results"]
        assert {one["kind"] for one in found} == kinds, query
    chinese = browser(looked.people["mee"], "zh-hans").get("/surveillance/").content.decode()
    assert "A电厂以 48.00 元/吨向B电厂卖出 10\u00a0000\u00a0t" in chinese


def test_the_list_comes_as_a_file(looked: Watched, tmp_path: Any) -> None:
    client = browser(looked.people["mee"])
    lines = streamed(client.get("/surveillance/?as=csv&kind=edge")).decode("utf-8-sig").splitlines()
    assert lines[0] == "No.,Day,Kind,Instrument,Members,What was seen,State,Found at"
    assert len(lines) == 2
    assert '"D, A"' in lines[1]
    file = tmp_path / "alerts.xlsx"
    file.write_bytes(streamed(client.get("/api/v1/surveillance/alerts/?as=xlsx")))
    assert load_workbook(file).worksheets[0].max_row == 5


def test_an_alert_shows_its_evidence_and_keeps_who_looked(looked: Watched) -> None:
    wash = Alert.objects.get(kind="wash")
    page = browser(looked.people["exchange"]).get(f"/surveillance/{wash.pk}/").content.decode()
    (leg,) = wash.legs
    replayed = (
        f"/surveillance/replay/{leg['day']}/CEA/?after={leg['first_event'] - 1}&amp;until={leg['last_event']}"
    )
    assert replayed in page
    assert "100.00 %" in page
    assert Look.objects.filter(what="alert").count() == 2


def test_steps_on_the_page_keep_their_reason(looked: Watched) -> None:
    wash = Alert.objects.get(kind="wash")
    client = browser(looked.people["exchange"])
    answer = client.post(f"/surveillance/{wash.pk}/step/", {"step": "explain", "reason": "  "})
    assert (answer.status_code, "Give a reason" in answer.content.decode()) == (409, True)
    assert client.post(f"/surveillance/{wash.pk}/step/", {"step": "nod", "reason": "x"}).status_code == 400
    client.post(f"/surveillance/{wash.pk}/step/", {"step": "escalate", "reason": "<b>one owner</b>"})
    page = browser(looked.people["mee"]).get(f"/surveillance/{wash.pk}/").content.decode()
    assert "&lt;b&gt;one owner&lt;/b&gt;" in page
    wash.refresh_from_db()
    assert wash.state == "escalated"


def test_steps_over_the_api(looked: Watched) -> None:
    wash = Alert.objects.get(kind="wash")
    address = f"/api/v1/surveillance/alerts/{wash.pk}/steps/"

    def post(name: str, body: dict[str, str]) -> Any:
        return browser(looked.people[name]).post(address, body, content_type="application/json")

    assert post("shanghai", {"step": "explain", "reason": "ours"}).status_code == 403
    assert post("exchange", {"step": "explain", "reason": ""}).status_code == 400
    assert post("exchange", {"step": "reopen", "reason": "again"}).json()["code"] == "NOT_POSSIBLE"
    said = post("mee", {"step": "explain", "reason": "a repurchase that was reported"})
    assert (said.status_code, said.json()["state"]) == (201, "explained")
    assert said.json()["steps"][0]["reason"] == "a repurchase that was reported"


def test_a_threshold_is_set_for_a_later_day_by_the_nation_alone(looked: Watched) -> None:
    tomorrow = looked.market.day + dt.timedelta(days=1)
    form = {
        "name": "wash_min_t",
        "value": "5000",
        "valid_from": tomorrow.isoformat(),
        "reason": "growing market",
    }
    nation = browser(looked.people["mee"])
    assert browser(looked.people["exchange"]).post("/surveillance/thresholds/", form).status_code == 403
    for wrong in (
        {"value": "0"}, {"value": "many"}, {"valid_from": looked.market.day.isoformat()}, {"valid_from": "soon"},
        {"reason": " "}, {"name": "nothing"},
    ):  # fmt: skip
        answer = nation.post("/surveillance/thresholds/", form | wrong)
        assert answer.status_code == 400, wrong
        if "reason" not in wrong:
            assert "growing market" in answer.content.decode(), "what was typed stays"
    assert not ThresholdRow.objects.exists()
    assert nation.post("/surveillance/thresholds/", form).status_code == 302
    assert nation.post("/surveillance/thresholds/", form).status_code == 400, "that day is taken"
    page = browser(looked.people["exchange"]).get("/surveillance/thresholds/").content.decode()
    assert "growing market" in page
    assert "Set for a later day" not in page
    (shown,) = [
        one for one in nation.get("/api/v1/surveillance/thresholds/").json() if one["name"] == "wash_min_t"
    ]
    assert (shown["value"], shown["later"][0]["value"]) == (1_000, 5_000)


def test_thresholds_over_the_api(looked: Watched) -> None:
    tomorrow = (looked.market.day + dt.timedelta(days=1)).isoformat()
    body = {"name": "cancel_n", "value": 50, "valid_from": tomorrow, "reason": "robots"}

    def post(name: str, change: dict[str, object]) -> Any:
        return browser(looked.people[name]).post(
            "/api/v1/surveillance/thresholds/", body | change, content_type="application/json"
        )

    assert post("exchange", {}).status_code == 403
    assert post("mee", {"value": 0}).json()["errors"] == {"value": ["A whole number from 1 to 1000000."]}
    assert post("mee", {"valid_from": "2020-01-01"}).json()["code"] == "DAY_HAS_BEGUN"
    assert post("mee", {}).status_code == 201


def test_a_replay_is_for_those_who_watch_and_for_days_that_are_over(looked: Watched) -> None:
    day = looked.market.day.isoformat()
    api = f"/api/v1/surveillance/replay/{day}/CEA/"
    shown = browser(looked.people["exchange"]).get(f"{api}?steps=200").json()
    assert shown["names"]["C"] == {"zh": "C电厂", "en": "C Power"}
    shanghai = browser(looked.people["shanghai"]).get(f"{api}?steps=200").json()
    assert set(shanghai["names"]) == {"A"}
    assert browser(looked.people["A"]).get(api).status_code == 403
    nation = browser(looked.people["mee"])
    for query, field in (
        ("after=x", "after"),
        ("at=25:00", "at"),
        ("steps=0", "steps"),
        ("after=1&before=2", "before"),
    ):
        answer = nation.get(f"{api}?{query}")
        assert (answer.status_code, set(answer.json()["errors"])) == (400, {field}), query
    for other in ("2020-01-01/CEA", "2020-99-99/CEA", f"{day}/CEA99"):
        assert nation.get(f"/api/v1/surveillance/replay/{other}/").status_code == 404, other
    assert nation.get(f"/surveillance/replay/{day}/CEA/?at=nonsense").status_code == 200
    assert nation.get("/surveillance/replay/").content.decode().count(f"/surveillance/replay/{day}/CEA/") == 1
    assert nation.get(f"/surveillance/replay/?day={day}&instrument=CEA").status_code == 302
