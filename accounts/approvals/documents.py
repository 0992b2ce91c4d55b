"""Files that come with a request: kept by content, named by us, shown to those who may see the request.

What a file is, its first bytes say, not its name or what the browser claims. Nothing here is ever served by
a web server from its folder: `DATA_DIR/documents` is outside everything that is, and the only way out is a
view that asks `may_read`.
"""

import csv
import datetime as dt
import hashlib
import io
import logging
import secrets
import unicodedata
import zipfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused
from accounts.approvals.models import Document
from accounts.approvals.scanning import scanned_by
from accounts.approvals.selectors import visible_to
from accounts.models import User

logger = logging.getLogger(__name__)

#: Bytes of a file, and of what a multipart body puts around it.
LARGEST = 10 * 1024 * 1024
ENVELOPE = 64 * 1024
LONGEST_NAME = 200
#: Files that wait to be attached, of one person.
MOST_WAITING = 50

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: ending → content type
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": XLSX,
}


def store(upload: "UploadedFile[bytes]", *, by: User, at: dt.datetime) -> Document:
    """Keeps an uploaded file until a request takes it.

    Raises Refused: `TOO_MANY_FILES` and what `keep` raises.
    """
    if Document.objects.filter(uploaded_by=by, request=None).count() >= MOST_WAITING:
        raise Refused(
            "TOO_MANY_FILES", _("Too many of your files belong to no request yet: use those first.")
        )
    return keep(upload, by=by, at=at)


def keep(upload: "UploadedFile[bytes]", *, by: User | None, at: dt.datetime) -> Document:
    """Checks a file, has it scanned and keeps it. `by` is None for somebody who has no account yet.

    Raises Refused: `FILE_TOO_LARGE`, `FILE_EMPTY`, `FILE_TYPE`, `FILE_INFECTED`, `SCANNER_AWAY`.
    """
    if (upload.size or 0) > LARGEST:
        raise Refused("FILE_TOO_LARGE", _("The file is larger than 10 MB: send a smaller one."))
    content = upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused("FILE_TOO_LARGE", _("The file is larger than 10 MB: send a smaller one."))
    if not content:
        raise Refused("FILE_EMPTY", _("The file is empty."))
    name = clean_name(upload.name or "")
    content_type = type_of(name, content)
    scanner = scanned_by(content)
    place = _write(content)
    return Document.objects.create(
        uploaded_by=by,
        uploaded_at=at,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        scanned_by=scanner,
        file=place,
    )


def open_content(document: Document) -> IO[bytes]:
    """Raises FileNotFoundError where the folder has lost it."""
    return (folder() / document.file).open("rb")


def download(document: Document) -> FileResponse | None:
    """The file as an answer: to be saved, never to be shown inside our own pages. None where it is lost."""
    try:
        content = open_content(document)
    except FileNotFoundError:
        logger.error("document %s is not in its folder", document.pk)  # noqa: TRY400 - the trace says no more
        return None
    answer = FileResponse(
        content, as_attachment=True, filename=document.name, content_type=document.content_type
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def readable_by(user: User) -> QuerySet[Document]:
    """One's own that belong to no request yet, and those of requests that one may see."""
    own = Q(request=None, uploaded_by=user)
    return Document.objects.filter(own | Q(request__in=visible_to(user).order_by().values("pk")))


def folder() -> Path:
    return Path(settings.DATA_DIR) / "documents"


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, short enough: for people to read."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .")
    stem, point, ending = shown.rpartition(".")
    if len(shown) > LONGEST_NAME and point:
        shown = stem[: LONGEST_NAME - len(ending) - 1] + point + ending
    return shown[:LONGEST_NAME] or "document"


def type_of(name: str, content: bytes) -> str:
    """The content type, where name and content agree on one that is taken. Raises Refused `FILE_TYPE`."""
    _stem, point, ending = name.rpartition(".")
    wanted = TYPES.get(ending.lower(), "") if point else ""
    if wanted and _is(wanted, content):
        return wanted
    raise Refused(
        "FILE_TYPE", _("Only PDF, PNG, JPG, CSV and XLSX files are taken, and this is none of them.")
    )


def _is(content_type: str, content: bytes) -> bool:
    if content_type == TYPES["pdf"]:
        return content.startswith(b"%PDF-")
    if content_type == TYPES["png"]:
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    if content_type == TYPES["jpg"]:
        return content.startswith(b"\xff\xd8\xff")
    return _is_xlsx(content) if content_type == XLSX else _is_csv(content)


def _is_xlsx(content: bytes) -> bool:
    """Only its table of contents is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    macros = any(name.endswith("vbaProject.bin") for name in names)
    return {"[Content_Types].xml", "xl/workbook.xml"} <= names and not macros


def _is_csv(content: bytes) -> bool:
    """Text in UTF-8 or GBK that reads as rows and is no web page."""
    if b"\0" in content or content.lstrip()[:1] == b"<":
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            return any(True for _row in csv.reader(io.StringIO(text, newline="")))
        except (UnicodeDecodeError, csv.Error):
            continue
    return False


def _write(content: bytes) -> str:
    """Under a random name, readable by this account alone; returns the path below the folder."""
    name = secrets.token_hex(24)
    place = folder() / name[:2]
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / name
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(content)
    return f"{name[:2]}/{name}"
