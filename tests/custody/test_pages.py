"""Pages of custody as people see them: what is there, what a form asks, checks and sends, who finds nothing."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from registry.cancellation.models import Cancellation
from registry.carryover.models import CarryOver
from registry.custody.models import Freeze, Pledge, TrustedEntry
from registry.ledger.post import Move, post
from tests.custody.conftest import Attach, approve, assert_clean, carry_over_days
from tests.custody.test_pledges import ask as ask_pledge
from tests.support.market import office
from tests.support.registry import Registry, beijing

pytestmark = pytest.mark.django_db
PLACES = [
    "/registry/holdings/", "/registry/holdings/movements/", "/registry/freezes/", "/registry/pledges/",
    "/registry/trusted/", "/registry/transfers/", "/registry/carry-over/", "/registry/cancellations/",
]  # fmt: skip
FORMS = [
    ("/registry/freezes/new/", "issuer@registry"), ("/registry/pledges/new/", "initiator@jianghai"),
    ("/registry/trusted/new/", "initiator@jianghai"), ("/registry/transfers/new/", "initiator@jianghai"),
    ("/registry/carry-over/new/", "initiator@jianghai"), ("/registry/cancellations/new/", "initiator@jianghai"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def platform_time(settings: Settings, attach: Attach) -> None:
    settings.PLATFORM_CLOCK = "tests.custody.conftest.carry_over_days"


def signed_in(registry: Registry, who: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(registry.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode().replace("\u00a0", " "))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", PLACES)
def test_each_page_opens_in_both_languages(registry: Registry, address: str, language: str) -> None:
    registry.give("jianghai", "CEA24", 1_234)
    assert Client().get(address).status_code == 302
    answer = signed_in(registry, "initiator@jianghai", language).get(address)
    assert answer.status_code == 200
    with translation.override(language):
        assert translation.gettext("Holdings") in page(answer)


@pytest.mark.parametrize(("address", "who"), FORMS)
def test_each_form_opens_for_its_people_alone(registry: Registry, address: str, who: str) -> None:
    assert signed_in(registry, who).get(address).status_code == 200
    assert signed_in(registry, "trader@yunling").get(address).status_code == 403


def test_holdings_by_vintage_and_place(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 1_000)
    registry.give("jianghai", "CEA24", 250, "trading")
    registry.give("yunling", "CEA23", 77_777)
    shown = page(signed_in(registry, "initiator@jianghai").get("/registry/holdings/"))
    assert "1 000" in shown
    assert "1 250" in shown
    assert "77 777" not in shown
    assert "CEA23" not in shown.split("move-title")[0]


def test_a_move_and_one_of_too_much_that_keeps_what_was_typed(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 1_000)
    client = signed_in(registry, "trader@jianghai")
    typed = {"id": "m1", "asset": "CEA24", "quantity": "400", "source": "registry", "target": "trading"}
    assert client.post("/registry/holdings/", typed).status_code == 302
    assert registry.balance("jianghai", "CEA24", "trading") == 400
    answer = client.post("/registry/holdings/", {**typed, "id": "m2", "quantity": "601"})
    assert (answer.status_code, 'value="601"' in page(answer)) == (400, True)
    assert "Move less" in page(answer)
    viewer = signed_in(registry, "approver@jianghai")
    assert viewer.post("/registry/holdings/", {**typed, "id": "m3"}).status_code == 403
    assert registry.balance("jianghai", "CEA24") == 600


def choices(answer: Any) -> list[str]:
    return re.findall(r'<option value="(\w+)"', page(answer).split('id="id_asset"')[1].split("</select>")[0])


@pytest.mark.parametrize("form", ["pledges", "transfers", "cancellations"])
def test_a_form_offers_what_the_registry_holding_has_and_how_much(registry: Registry, form: str) -> None:
    registry.give("jianghai", "CEA24", 1_000)
    registry.give("jianghai", "CEA23", 250, "trading")
    registry.give("yunling", "CEA25", 77_777)
    client, path = signed_in(registry, "initiator@jianghai"), f"/registry/{form}/new/"
    offered = client.get(path)
    assert choices(offered) == ["CEA24"]
    assert "CEA24 · 1 000 t" in page(offered)
    typed = client.post(path, {"asset": "CEA23", "quantity": "5", "reason": "x"})
    assert choices(typed) == ["CEA24", "CEA23"], "what was typed stays"
    assert client.post(path, {"asset": "CEA\0", "quantity": "5"}).status_code == 400
    assert "You hold nothing here" in page(signed_in(registry, "initiator@minjiang").get(path))


def test_a_move_offers_what_is_in_either_place(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 1_000)
    registry.give("jianghai", "CEA23", 250, "trading")
    shown = signed_in(registry, "initiator@jianghai").get("/registry/holdings/")
    assert choices(shown) == ["CEA23", "CEA24"]
    assert "CEA24 · registry 1 000 t, trading 0 t" in page(shown)


def test_a_freeze_shows_what_there_is_to_those_who_may_freeze_it(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 1_000)
    registry.give("jianghai", "CEA23", 250, "trading")
    path = "/registry/freezes/new/?organisation="
    shown = page(signed_in(registry, "issuer@registry").get(path + "jianghai"))
    assert re.findall(r'name="qty-(\w+)"', shown) == ["CEA23", "CEA24"]
    assert "registry 0 t, trading 250 t" in shown
    for person, code in (
        ("regulator@yunnan", "jianghai"),
        ("issuer@registry", "nobody"),
        ("issuer@registry", "mee"),
    ):
        answer = signed_in(registry, person).get(path + code)
        assert answer.status_code == 400
        assert "250" not in page(answer)


def test_a_cancellation_from_the_calculator_to_the_certificate(registry: Registry) -> None:
    registry.give("jianghai", "CCER", 100)
    client = signed_in(registry, "initiator@jianghai")
    typed = {
        "asset": "CCER", "beneficiary": "Spring Forum", "purpose": "conference", "reason": "agreed",
        "event-rail": "48000", "event-hotel": "240", "step": "check",
    }  # fmt: skip
    check = page(client.post("/registry/cancellations/new/", typed))
    assert "15 t CCER" in check, "1 702.08 + 12 840 kg, rounded up"
    assert not Cancellation.objects.exists(), "checking asks for nothing"
    assert registry.balance("jianghai", "CCER") == 100
    sent = client.post("/registry/cancellations/new/", {**typed, "step": "send"})
    made = Cancellation.objects.get()
    assert sent.url == f"/inbox/{made.request_id}/"  # type: ignore[attr-defined]
    approve(registry, made.request, "approver@jianghai", at=carry_over_days())
    made.refresh_from_db()
    assert made.certificate is not None
    shown = page(client.get(f"/registry/cancellations/{made.pk}/"))
    assert "53.5" in shown
    assert "hotel stay, China" in shown
    public = Client(headers={"accept-language": "en"}).get(f"/certificates/{made.certificate.number}/")
    assert "Spring Forum" in page(public)
    assert "240 room-nights × 53.5 kg CO2e = 12840.000 kg CO2e" in page(public)
    pdf = Client().get(f"/certificates/{made.certificate.number}/pdf/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert_clean()


def test_a_form_that_is_wrong_keeps_what_was_typed(registry: Registry) -> None:
    registry.give("jianghai", "CCER", 10)
    client = signed_in(registry, "initiator@jianghai")
    typed = {"asset": "CCER", "quantity": "11", "beneficiary": "Forum", "purpose": "x", "reason": "agreed"}
    answer = client.post("/registry/cancellations/new/", {**typed, "step": "check"})
    assert answer.status_code == 409
    assert "11 t of CCER asked for, 10 t there" in page(answer)
    assert 'value="Forum"' in page(answer)
    empty = client.post("/registry/cancellations/new/", {"step": "check"})
    assert empty.status_code == 400
    assert "Some fields need another look" in page(empty)


def test_a_freeze_with_its_document_kept_from_check_to_send(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 100)
    client = signed_in(registry, "issuer@registry")
    typed: dict[str, Any] = {
        "organisation": "jianghai", "document_number": "HU-77", "ordered_by": "court", "qty-CEA24": "60",
        "reason": "order", "step": "check",
    }  # fmt: skip
    file = SimpleUploadedFile("order.pdf", b"%PDF-1.7 order")
    check = page(client.post("/registry/freezes/new/", {**typed, "file": file}))
    assert "order.pdf" in check
    found = re.search(r'name="kept" value="(\d+)"', check)
    assert found is not None
    client.post("/registry/freezes/new/", {**typed, "kept": found[1], "step": "send"})
    freeze = Freeze.objects.get()
    assert freeze.request is not None
    assert [document.name for document in freeze.request.documents.all()] == ["order.pdf"]
    holder = signed_in(registry, "approver@jianghai")
    assert "HU-77" not in page(holder.get("/registry/freezes/")), "it is not warned"
    approve(registry, freeze.request, "checker@registry", at=carry_over_days())
    assert "60 CEA24" in page(holder.get("/registry/freezes/"))
    assert "HU-77" not in page(signed_in(registry, "approver@yunling").get("/registry/freezes/"))


def test_what_another_sent_is_not_taken_as_ones_own_document(registry: Registry, attach: Attach) -> None:
    (theirs,) = attach(registry.people["initiator@yunling"])
    typed = {
        "organisation": "jianghai", "document_number": "7", "ordered_by": "court", "whole": "on",
        "reason": "order", "step": "send", "kept": str(theirs.pk),
    }  # fmt: skip
    answer = signed_in(registry, "issuer@registry").post("/registry/freezes/new/", typed)
    assert (answer.status_code, Freeze.objects.count()) == (409, 0)


def test_pledge_pages_of_both_sides(registry: Registry) -> None:
    registry.give("jianghai", "CEA24", 100)
    pledge = ask_pledge(registry)
    assert "jianghai" not in page(signed_in(registry, "initiator@minjiang").get("/registry/pledges/"))
    approve(registry, pledge.request, "approver@jianghai", "approver@yunling")
    pledgee = signed_in(registry, "initiator@yunling")
    assert f"/registry/pledges/{pledge.pk}/release/" in page(pledgee.get("/registry/pledges/"))
    address = f"/registry/pledges/{pledge.pk}/release/"
    assert signed_in(registry, "initiator@minjiang").get(address).status_code == 404
    pledgee.post(address, {"reason": "repaid", "step": "send"})
    pledge.refresh_from_db()
    assert pledge.release_request is not None
    assert pledge.state == Pledge.State.PLEDGED


def test_carry_over_shows_its_working(registry: Registry) -> None:
    holder = registry.organisations["jianghai"].pk
    move = Move("CEA24", 50_000, (office("registry").pk, "source"), (holder, "registry"), "issuance", "old")
    post([move], cause="old", at=beijing(2025, 6, 2))
    client = signed_in(registry, "initiator@jianghai")
    shown = page(client.get("/registry/carry-over/"))
    assert "T = 10 000 + 1.5 × max(0, 0) = 10 000 t" in shown
    assert '<dd id="room"><strong>10 000</strong>' in shown
    typed = {"qty-CEA24": "10000", "reason": "next year", "step": "send"}
    client.post("/registry/carry-over/new/", typed)
    assert CarryOver.objects.get().quantity_t == 10_000
    other = page(signed_in(registry, "initiator@yunling").get("/registry/carry-over/"))
    assert "50 000" not in other


def test_the_trusted_list_added_and_removed(registry: Registry) -> None:
    client = signed_in(registry, "initiator@jianghai")
    client.post("/registry/trusted/new/", {"organisation": "yunling", "reason": "group", "step": "send"})
    entry = TrustedEntry.objects.get()
    approve(registry, entry.request, "approver@jianghai", at=carry_over_days())
    assert "yunling" in page(client.get("/registry/trusted/"))
    signed_in(registry, "initiator@yunling").post("/registry/trusted/", {"remove": str(entry.pk)})
    entry.refresh_from_db()
    assert entry.state == TrustedEntry.State.LISTED, "not by another"
    client.post("/registry/trusted/", {"remove": str(entry.pk)})
    entry.refresh_from_db()
    assert entry.state == TrustedEntry.State.REMOVED


@pytest.mark.parametrize(
    "address", ["/registry/holdings/?as=csv", "/registry/holdings/movements/?as=csv&kind=issuance"]
)
def test_exports_hold_ones_own_alone(registry: Registry, address: str) -> None:
    registry.give("jianghai", "CEA24", 4_321)
    registry.give("yunling", "CEA24", 98_765)
    answer = signed_in(registry, "approver@jianghai").get(address)
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "4321" in content
    assert "98765" not in content


def test_the_inbox_says_what_each_kind_does(registry: Registry) -> None:
    """The sheet of a request leads back to its page."""
    registry.give("jianghai", "CEA24", 100)
    pledge = ask_pledge(registry)
    shown = page(signed_in(registry, "approver@jianghai").get(f"/inbox/{pledge.request_id}/"))
    assert "pledges 60 t CEA24 to" in shown
    assert "/registry/pledges/" in shown
