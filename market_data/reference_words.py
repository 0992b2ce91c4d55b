"""What tables and their fields are called in the reference data, in the reader's language.

Django would take these words from the models, where each of them is a step of a migration: state without effect that
every new database walks through. They are words of these pages alone, so they are put where the pages are made.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Model → one of it, many of it.
TABLES = {
    "organisation": (_("Organisation"), _("Organisations")),
    "user": (_("Person"), _("People")),
    "emitter": (_("Emitter"), _("Emitters")),
    "unit": (pgettext_lazy("generating", "Unit"), _("Units")),
    "asset": (_("Allowance or credit"), _("Allowances and credits")),
    "instrument": (_("Instrument"), _("Instruments")),
    "deadline": (_("Deadline"), _("Deadlines")),
    "calendarday": (_("Day of the calendar"), _("Trading calendar")),
    "project": (_("Credit project"), _("Credit projects")),
    "creditissue": (_("Issue of credits"), _("Issues of credits")),
    "ledgerday": (_("Day of the ledger"), _("Days of the ledger")),
}
FIELDS = {
    "id": _("Number"),
    "code": _("Code"),
    "kind": _("Kind"),
    "status": _("Status"),
    "name": _("Name"),
    "name_zh": _("Chinese name"),
    "name_en": _("English name"),
    "province": _("Province"),
    "credit_code": _("Credit code"),
    "created_at": _("Entered at"),
    "email": _("E-mail"),
    "first_name": _("First name"),
    "last_name": _("Family name"),
    "organisation": _("Organisation"),
    "roles": _("Roles"),
    "is_active": _("May sign in"),
    "last_login": _("Last sign-in"),
    "sector": _("Sector"),
    "synthetic": _("Synthetic"),
    "emitter": _("Emitter"),
    "unit_class": _("Class"),
    "capacity_mw": _("Capacity (MW)"),
    "cooling": _("Cooling"),
    "asset": pgettext_lazy("asset", "Unit"),
    "year": _("Year"),
    "day": _("Day"),
    "passed_at": _("Passed at"),
    "is_trading": _("Trading day"),
    "source": _("Source"),
    "note": _("Note"),
    "scheme": _("Scheme"),
    "owner": _("Owner"),
    "methodology": _("Methodology"),
    "registered_on": _("Registered on"),
    "in_covered_sector": _("In a covered sector"),
    "project": _("Credit project"),
    "period_from": _("Period from"),
    "period_to": _("Period to"),
    "verified_t": _("Verified reductions (t)"),
    "quantity_t": _("Quantity (t)"),
    "serial_first": _("First serial"),
    "serial_last": _("Last serial"),
    "state": _("State"),
    "request": _("Request"),
    "issued_at": _("Issued at"),
    "transfers": _("Transfers"),
    "head": _("Hash of the day"),
    "previous_head": _("Hash of the day before"),
    "sealed_at": _("Sealed at"),
}


def call(model: Any) -> None:
    """Gives a table and its fields their words. Raises KeyError for a table that nobody has named."""
    meta = model._meta
    meta.verbose_name, meta.verbose_name_plural = TABLES[meta.model_name]
    for field in meta.fields:
        if field.name in FIELDS:
            field.verbose_name = FIELDS[field.name]
