"""Files: only what they say they are, kept away from the web, read by those who see the request."""

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts import clock
from accounts.approvals import documents, verbs
from accounts.approvals.models import Document
from accounts.approvals.verbs import Refused
from tests.approvals.conftest import Cast
from tests.support.clients import speak

PDF = b"%PDF-1.7\nhello"


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return target.getvalue()


def stored(cast: Cast, name: str = "order.pdf", content: bytes = PDF, by: str = "asks") -> Document:
    return documents.store(SimpleUploadedFile(name, content), by=cast[by], at=clock.now())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PNG", b"\x89PNG\r\n\x1a\nrest"),
        ("a.jpg", b"\xff\xd8\xff\xe0rest"),
        ("a.csv", "entity,unit\n江海,1\n".encode()),
        ("a.csv", "entity,unit\n江海,1\n".encode("gb18030")),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
    ],
)
def test_what_is_taken(cast: Cast, name: str, content: bytes, own_folder: Path) -> None:
    kept = stored(cast, name, content)
    with documents.open_content(kept) as file:
        assert file.read() == content
    path = own_folder / "documents" / kept.file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert name not in str(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\x00"),
        ("a.exe", PDF),
        ("a.pdf.html", PDF),
        ("pdf", PDF),
        ("a.csv", b"<html><script>alert(1)</script>"),
        ("a.csv", b"a,b\0c"),
        ("a.csv", b"\xff\xfe\xff"),
        ("a.xlsx", archive("hello.txt")),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.svg", b"<svg onload='alert(1)'/>"),
    ],
)
def test_what_is_not(cast: Cast, name: str, content: bytes, own_folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        stored(cast, name, content)
    assert refused.value.code == "FILE_TYPE"
    assert not (own_folder / "documents").exists()


def test_what_is_empty_or_too_large(cast: Cast) -> None:
    for content, code in ((b"", "FILE_EMPTY"), (PDF + b"x" * documents.LARGEST, "FILE_TOO_LARGE")):
        with pytest.raises(Refused) as refused:
            stored(cast, content=content)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\order.pdf", "order.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("..", "document"),
        ("单据" * 200 + ".pdf", "单据" * 98 + ".pdf"),
    ],
)
def test_names_are_for_reading_only(name: str, shown: str) -> None:
    assert documents.clean_name(name) == shown


def test_a_request_takes_its_files_and_nobody_elses(cast: Cast) -> None:
    mine, theirs = stored(cast), stored(cast, by="stranger")
    with pytest.raises(Refused) as refused:
        cast.ask(documents=[mine, theirs])
    assert refused.value.code == "DOCUMENT_TAKEN"
    request = cast.ask(documents=[mine])
    assert list(request.documents.all()) == [mine]
    with pytest.raises(Refused):
        cast.ask(documents=[mine])


def test_readers_of_the_request_read_its_files_and_strangers_find_nothing(cast: Cast) -> None:
    kept = stored(cast, "判决书.pdf")
    for who, status in (("asks", 200), ("approves", 404), ("stranger", 404)):
        assert fetch(cast, who, kept).status_code == status, who
    cast.ask(documents=[kept])
    for who, status in (
        ("asks", 200),
        ("approves", 200),
        ("shanghai", 200),
        ("stranger", 404),
        ("yunnan", 404),
    ):
        answer = fetch(cast, who, kept)
        assert answer.status_code == status, who
        api = speak(cast[who]).get(f"/api/v1/documents/{kept.pk}/")
        assert api.status_code == status, who
    assert Client().get(f"/documents/{kept.pk}/").status_code == 302


def fetch(cast: Cast, who: str, kept: Document) -> Any:
    client = Client()
    client.force_login(cast[who])
    return client.get(f"/documents/{kept.pk}/")


def test_a_file_is_saved_and_never_shown(cast: Cast) -> None:
    answer = fetch(cast, "asks", stored(cast))
    assert b"".join(answer) == PDF
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_a_lost_file_is_not_an_error_of_ours(cast: Cast, own_folder: Path) -> None:
    kept = stored(cast)
    (own_folder / "documents" / kept.file).unlink()
    assert fetch(cast, "asks", kept).status_code == 404


def test_upload_through_the_api(cast: Cast) -> None:
    client = speak(cast["asks"])
    made = client.post("/api/v1/documents/", {"file": SimpleUploadedFile("a.pdf", PDF)}, format="multipart")
    assert (made.status_code, made.json()["content_type"]) == (201, "application/pdf")
    wrong = client.post(
        "/api/v1/documents/", {"file": SimpleUploadedFile("a.pdf", b"no")}, format="multipart"
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "FILE_TYPE")
    request = verbs.submit(
        "test.parking", by=cast["asks"], reason="x", at=clock.now(),
        documents=list(Document.objects.filter(pk=made.json()["id"])),
    )  # fmt: skip
    page = Client()
    page.force_login(cast["approves"])
    assert "a.pdf" in page.get(f"/inbox/{request.pk}/").text
    assert (
        speak(cast["asks"], ("read",)).post("/api/v1/documents/", {}, format="multipart").status_code == 403
    )


def test_a_body_that_is_too_large_is_refused_unread(cast: Cast) -> None:
    large = SimpleUploadedFile("a.pdf", PDF + b"x" * (documents.LARGEST + documents.ENVELOPE))
    answer = speak(cast["asks"]).post("/api/v1/documents/", {"file": large}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (413, "FILE_TOO_LARGE")


def test_files_without_a_request_do_not_pile_up(cast: Cast) -> None:
    for _turn in range(documents.MOST_WAITING):
        stored(cast)
    with pytest.raises(Refused) as refused:
        stored(cast)
    assert refused.value.code == "TOO_MANY_FILES"


@pytest.fixture
def scanner(settings: Settings) -> Callable[[str], None]:
    def use(name: str) -> None:
        settings.DOCUMENT_SCANNER = name

    return use


def test_without_a_scanner_it_says_that_nothing_looked(cast: Cast) -> None:
    request = cast.ask(documents=[stored(cast)])
    assert stored(cast).scanned_by == ""
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast["approves"], backend="django.contrib.auth.backends.ModelBackend")
    assert "Not scanned for malware" in client.get(f"/inbox/{request.pk}/").content.decode()


def test_a_scanner_looks_at_every_file_and_what_it_finds_is_not_kept(
    cast: Cast, scanner: Callable[[str], None], own_folder: Path
) -> None:
    scanner("tests.support.scanners.eicar")
    assert stored(cast).scanned_by == "Test scanner 1"
    kept = list(own_folder.rglob("documents/*/*"))
    with pytest.raises(Refused) as refused:
        stored(cast, content=PDF + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!")
    assert refused.value.code == "FILE_INFECTED"
    assert list(own_folder.rglob("documents/*/*")) == kept


def test_while_the_scanner_is_away_nothing_is_taken(cast: Cast, scanner: Callable[[str], None]) -> None:
    scanner("tests.support.scanners.away")
    with pytest.raises(Refused) as refused:
        stored(cast)
    assert refused.value.code == "SCANNER_AWAY"
    assert Document.objects.count() == 0
