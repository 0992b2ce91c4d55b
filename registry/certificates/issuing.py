"""Issuing: what a certificate states is written down word for word, and its digest with it."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from registry.certificates.numbers import new_number
from registry.compliance.models import Certificate

BEIJING = ZoneInfo("Asia/Shanghai")


def issue(kind: str, organisation: Organisation, content: Mapping[str, Any], at: dt.datetime) -> Certificate:
    """Issues a certificate of `Certificate.Kind`. To `content` come number, holder and time; all of it is public.

    `content["year"]` stands in the number; without it the year of `at`. Quantities in tonnes.
    """
    made = prepare(kind, organisation, content, at)
    made.save(force_insert=True)
    return made


def prepare(
    kind: str, organisation: Organisation, content: Mapping[str, Any], at: dt.datetime
) -> Certificate:
    """The same, not stored yet: for many at once."""
    moment = at.astimezone(BEIJING)
    number = new_number(kind, int(content.get("year", moment.year)))
    stated = {
        **content,
        "number": number,
        "kind": str(kind),
        "holder_zh": organisation.name_zh,
        "holder_en": organisation.name_en,
        "holder_code": organisation.code,
        "issued_at": moment.isoformat(timespec="seconds"),
    }
    return Certificate(
        number=number,
        kind=kind,
        organisation=organisation,
        content=stated,
        sha256=digest(stated),
        issued_at=at,
    )


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write the content: sorted, without blanks, UTF-8. Its digest is the certificate's."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex over `canonical`."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
