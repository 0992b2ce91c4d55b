"""What a certificate says, in the active language: for its page and its PDF."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.provinces import province_name
from registry.cancellation.wording import footprint_facts
from registry.certificates import auctions
from registry.compliance.models import Certificate
from registry.emitters.models import Sector
from registry.words import grouped


def title(certificate: Certificate) -> str:
    return str(certificate.get_kind_display())


def holder(certificate: Certificate) -> str:
    """The name as it was when it was issued."""
    chinese = (get_language() or "").startswith("zh")
    return str(certificate.content["holder_zh" if chinese else "holder_en"])


def sentence(certificate: Certificate) -> str:
    """What is certified, in one sentence."""
    stated = certificate.content
    if certificate.kind == Certificate.Kind.COMPLIANCE:
        return _(
            "%(holder)s has surrendered %(surrendered)s t for its obligation of %(obligation)s t of the compliance"
            " year %(year)s."
        ) % {
            "holder": holder(certificate),
            "surrendered": grouped(stated["surrendered_t"]),
            "obligation": grouped(stated["obligation_t"]),
            "year": stated["year"],
        }
    if certificate.kind in auctions.KINDS:
        return auctions.sentence(certificate.kind, stated, holder(certificate))
    return _("%(holder)s has cancelled %(quantity)s t for good. Cancelled units never come back.") % {
        "holder": holder(certificate),
        "quantity": grouped(int(stated.get("quantity_t", 0))),
    }


def facts(certificate: Certificate) -> list[tuple[str, str]]:
    """(label, value) of everything that is stated and not empty."""
    stated = certificate.content
    found = [(label, _value(key, stated)) for key, label in _labels().items() if _has(stated, key)]
    if certificate.kind in auctions.KINDS:
        found[-1:-1] = auctions.facts(stated)
    return [(label, value) for label, value in found if value] + footprint_facts(stated)


def _labels() -> dict[str, str]:
    chinese = (get_language() or "").startswith("zh")
    return {
        "holder_zh" if chinese else "holder_en": _("Holder"),
        "credit_code": _("Unified social credit code"),
        "province": _("Province"),
        "sector": _("Sector"),
        "year": _("Compliance year"),
        "obligation_t": _("Obligation, t"),
        "surrendered_t": _("Surrendered, t"),
        "allowances_t": _("Of it allowances, t"),
        "credits_t": _("Of it credits, t"),
        "deadline": _("Deadline"),
        "completed_on": _("Completed on"),
        "asset": pgettext("asset", "Unit"),
        "quantity_t": _("Cancelled, t"),
        "beneficiary": _("Beneficiary"),
        "purpose": _("Purpose"),
        "event": _("Event"),
        "serials": _("Serial numbers"),
        "project": _("Project"),
        "issued_at": _("Issued at"),
    }


def _has(stated: Mapping[str, Any], key: str) -> bool:
    return stated.get(key) not in {None, ""} if not isinstance(stated.get(key), list | dict) else False


def _value(key: str, stated: Mapping[str, Any]) -> str:
    value = stated[key]
    if key.endswith("_t"):
        return grouped(int(value))
    if key == "province":
        return province_name(str(value))
    if key == "sector" and value in Sector.values:
        return str(Sector(value).label)
    if key == "issued_at":
        return str(value)[:16].replace("T", " ")
    return str(value)
