"""What a person typed into the form of a surrender: tonnes by asset, kept as typed for the page that comes back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

PREFIX = "qty-"
BLANKS = re.compile(r"[\s,，\u00a0]")
WHOLE = re.compile(r"[0-9]{1,16}", re.ASCII)


@dataclass(frozen=True)
class Typed:
    """`lines`: asset → tonnes where all was readable; `errors`: asset → what to do."""

    raw: dict[str, str]
    lines: dict[str, int]
    errors: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    beneficiary: str = ""
    client_id: str = ""


def read(posted: Mapping[str, str]) -> Typed:
    """Reads the fields `qty-ASSET`; empty ones and zeros are left out."""
    raw = {name[len(PREFIX) :][:40]: str(value) for name, value in posted.items() if name.startswith(PREFIX)}
    lines, errors = {}, {}
    for asset, text in raw.items():
        plain = BLANKS.sub("", text)
        if not plain:
            continue
        if not WHOLE.fullmatch(plain):
            errors[asset] = _("%(asset)s: give whole tonnes, such as 1 200.") % {"asset": asset}
        elif int(plain):
            lines[asset] = int(plain)
    return Typed(
        raw,
        lines,
        errors,
        reason=str(posted.get("reason", "")),
        beneficiary=str(posted.get("beneficiary", "")).strip()[:64],
        client_id=str(posted.get("client_id", ""))[:64],
    )
