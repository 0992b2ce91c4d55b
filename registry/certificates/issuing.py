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
    whole = stated(kind, organisation, content, at)
    return Certificate.objects.create(
        number=whole["number"],
        kind=kind,
        organisation=organisation,
        content=whole,
        sha256=digest(whole),
        issued_at=at,
    )


def stated(
    kind: str, organisation: Organisation, content: Mapping[str, Any], at: dt.datetime
) -> dict[str, Any]:
    """All that a certificate issued now would state, under a fresh number."""
    moment = at.astimezone(BEIJING)
    return {
        **content,
        "number": new_number(kind, int(content.get("year", moment.year))),
        "kind": str(kind),
        "holder_zh": organisation.name_zh,
        "holder_en": organisation.name_en,
        "holder_code": organisation.code,
        "issued_at": moment.isoformat(timespec="seconds"),
    }


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write the content: sorted, without blanks, UTF-8. Its digest is the certificate's."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex over `canonical`."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
