"""Files that come with the registry's forms: every form that asks for a decision takes them, none takes what it must not."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.approvals import documents
from accounts.approvals.models import Document, Request
from tests.rights.world import NOW, World, make_world
from tests.support import story_clock

#: Who, the address, the fields, the kind of request that the file belongs to in the end.
FORMS: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "initiator@jianghai", "/registry/compliance/2024/surrender/",
        {"qty-CEA24": "10", "reason": "x", "step": "send"}, "surrender",
    ),
    (
        "regulator@shanghai", "/registry/adjustments/",
        {"emitter": "jianghai", "year": "2026", "ground": "enforcement", "tonnes": "5", "reason": "x"}, "adjustment",
    ),
    (
        "regulator@shanghai", "/registry/shortfalls/{shortfall}/",
        {"fine": "0.00", "deduction": "0", "decision": "none follows", "reason": "x"}, "shortfall",
    ),
    (
        "issuer@registry", "/registry/credits/projects/{project}/",
        {"period_from": "2024-04-01", "period_to": "2024-12-31", "verified_t": "9", "quantity_t": "9", "reason": "x"},
        "credit_issue",
    ),
    (
        "initiator@jianghai", "/registry/cancellations/new/",
        {"asset": "CEA24", "quantity": "5", "beneficiary": "B", "purpose": "P", "reason": "x", "step": "send"},
        "cancellation",
    ),
]  # fmt: skip
IDS = [kind for _who, _address, _fields, kind in FORMS]


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.PLATFORM_CLOCK = "tests.support.story_clock.now"
    settings.DATA_DIR = tmp_path
    story_clock.set_to(NOW)
    return make_world()


def browser(world: World, person: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.person(person), backend="django.contrib.auth.backends.ModelBackend")
    return client


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 as sealed")


@pytest.mark.parametrize(("person", "address", "fields", "kind"), FORMS, ids=IDS)
def test_files_come_with_the_request_and_out_to_those_concerned_alone(
    world: World, person: str, address: str, fields: dict[str, Any], kind: str
) -> None:
    client, path = browser(world, person), address.format(**world.parts)
    before = Request.objects.count()
    sent = {**fields, "file": [pdf("report.pdf"), pdf("annex.pdf")]}
    assert client.post(path, sent).status_code == 302
    assert Request.objects.count() == before + 1
    made = Request.objects.latest("pk")
    assert (made.kind, sorted(made.documents.values_list("name", flat=True))) == (
        kind, ["annex.pdf", "report.pdf"],
    )  # fmt: skip
    path = f"/documents/{made.documents.get(name='report.pdf').pk}/"
    saved = client.get(path)
    assert (saved.headers["Content-Disposition"], saved.getvalue()) == (
        'attachment; filename="report.pdf"', b"%PDF-1.7 as sealed",
    )  # fmt: skip
    for other in ("approver@yunling", "regulator@yunnan", "operator@exchange"):
        assert browser(world, other).get(path).status_code == 404


@pytest.mark.parametrize(("person", "address", "fields", "kind"), FORMS, ids=IDS)
def test_what_is_no_document_is_refused_and_what_was_typed_stays(
    world: World, person: str, address: str, fields: dict[str, Any], kind: str
) -> None:
    client, path = browser(world, person), address.format(**world.parts)
    before = Request.objects.count(), Document.objects.count()
    evil = SimpleUploadedFile("report.pdf", b"<script>alert(1)</script>")
    answer = client.post(path, {**fields, "file": evil})
    assert answer.status_code in {400, 409}
    page = answer.content.decode()
    assert "PDF, PNG, JPG, CSV and XLSX" in page
    typed = next(value for name, value in fields.items() if name not in {"step", "reason", "asset", "ground"})
    assert str(typed) in page
    large = SimpleUploadedFile("large.pdf", b"%PDF-" + b"0" * documents.LARGEST)
    assert "larger than 10 MB" in client.post(path, {**fields, "file": large}).content.decode()
    assert (Request.objects.count(), Document.objects.count()) == before


def test_a_file_stays_attached_while_the_form_is_corrected(world: World) -> None:
    client, path = browser(world, "regulator@shanghai"), "/registry/adjustments/"
    fields = FORMS[1][2]
    page = client.post(path, {**fields, "tonnes": "-1", "file": pdf("order.pdf")})
    assert page.status_code == 409
    waiting = Document.objects.get(name="order.pdf")
    assert f'name="kept" value="{waiting.pk}"' in page.content.decode()
    theirs = documents.store(pdf("theirs.pdf"), by=world.person("approver@yunling"), at=NOW)
    kept = [str(waiting.pk), str(theirs.pk), "x", str(2**70)]
    assert client.post(path, {**fields, "kept": kept}).status_code == 302
    assert [one.name for one in Request.objects.latest("pk").documents.all()] == ["order.pdf"]


def test_a_plan_is_sent_with_its_provinces_document(world: World) -> None:
    """Withdrawn first, so that it can be sent."""
    client, path = browser(world, "issuer@registry"), f"/registry/allocation/{world.parts['plan']}/act/"
    assert client.post(path, {"act": "withdraw", "reason": "x"}).status_code == 302
    sent = client.post(path, {"act": "send", "reason": "x", "file": pdf("letter.pdf")})
    assert sent.status_code == 302
    made = Request.objects.latest("pk")
    assert (made.kind, [one.name for one in made.documents.all()]) == ("allocation", ["letter.pdf"])
