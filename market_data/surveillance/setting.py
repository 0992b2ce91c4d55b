"""Setting a threshold for later days: by a regulator of the nation, with a reason, never for a day that has begun."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from exchange import clock
from exchange.models import TradingDay
from market_data.surveillance import rights
from market_data.surveillance.models import ThresholdRow
from market_data.surveillance.thresholds import ALL

LONGEST_REASON = 400


class ThresholdRefused(Exception):
    """Not set; `field` says which of name, value, valid_from and reason is wrong."""

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.code = code
        self.detail = detail


def first_day(at: dt.datetime) -> dt.date:
    """The first day that a threshold may be set for: after today, and after the last day that was opened."""
    today = at.astimezone(clock.BEIJING).date()
    opened = TradingDay.objects.order_by("-day").values_list("day", flat=True).first()
    return max(today, opened or today) + dt.timedelta(days=1)


def set_threshold(
    name: str, value: int, *, valid_from: dt.date, by: User, reason: str, at: dt.datetime
) -> ThresholdRow:
    """Sets one threshold from a day on. Raises PermissionDenied, ThresholdRefused."""
    if not rights.is_authority(by):
        raise PermissionDenied(_("Only regulators of the nation set thresholds."))
    threshold = ALL.get(name)
    if threshold is None:
        raise ThresholdRefused("name", "UNKNOWN_THRESHOLD", _("There is no such threshold."))
    if not threshold.least <= value <= threshold.most:
        detail = _("A whole number from %(least)s to %(most)s.")
        values = {"least": threshold.least, "most": threshold.most}
        raise ThresholdRefused("value", "BAD_VALUE", detail % values)
    if valid_from < (first := first_day(at)):
        detail = _("A day that has begun keeps its thresholds: from %s at the earliest.")
        raise ThresholdRefused("valid_from", "DAY_HAS_BEGUN", detail % first)
    reason = " ".join(reason.replace("\0", "").split())
    if not reason or len(reason) > LONGEST_REASON:
        detail = _("Give a reason of at most %s characters.")
        raise ThresholdRefused("reason", "REASON_MISSING", detail % LONGEST_REASON)
    try:
        with transaction.atomic():
            return ThresholdRow.objects.create(
                name=name, value=value, valid_from=valid_from, reason=reason, set_by=by,
                set_on=at.astimezone(clock.BEIJING).date(), set_at=at,
            )  # fmt: skip
    except IntegrityError:
        detail = _("This threshold has a value from that day on already; choose another day.")
        raise ThresholdRefused("valid_from", "DAY_TAKEN", detail) from None
