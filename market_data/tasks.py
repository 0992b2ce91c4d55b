"""Background work of the end of a day, of surveillance and of downloads. Each task may arrive twice or never: work finishes itself."""

import datetime as dt
import logging

from celery import shared_task
from django.conf import settings

from accounts.models import User
from exchange import clock, sessions
from market_data.end_of_day import SettlementRefused, due_days, settle
from market_data.reports import downloads
from market_data.surveillance import run as surveillance

log = logging.getLogger(__name__)


@shared_task
def settle_due() -> None:
    """Settles each day that is over and due, the earliest first; beat calls it every 30 s."""
    for day in due_days(clock.now()):
        try:
            settle(day)
        except SettlementRefused as refused:
            log.info("not settled now: %s", refused)
            return
        surveil_due.delay()


@shared_task
def settle_day(day: str, user_id: int) -> None:
    """The operator's button: settles a day (ISO date) now, over or not. Pages follow the steps in SettlementStep."""
    try:
        settle(dt.date.fromisoformat(day), early=True, user=User.objects.get(pk=user_id))
    except SettlementRefused as refused:
        log.warning("settlement of %s asked for by user %s refused: %s", day, user_id, refused)
        return
    surveil_due.delay()


@shared_task
def surveil_due() -> None:
    """Looks through each settled day that nobody looked through yet; settlement rings, beat calls it every minute."""
    for day in surveillance.days_due():
        try:
            outcome = surveillance.surveil(day)
        except Exception:
            # A day that cannot be looked through must not hide the others; beat tries again.
            log.exception("surveillance of %s failed", day)
            continue
        log.info("surveillance of %s: %s alerts", outcome.day, outcome.alerts)


@shared_task
def make_download(download_id: str) -> None:
    """Makes one download, unless another worker is at it."""
    downloads.make(download_id, at=clock.now())


@shared_task
def tend_downloads() -> None:
    """Makes what no bell announced or a worker left behind, and removes what expired; beat calls it every 30 s."""
    downloads.remove_expired(clock.now())
    for download_id in downloads.waiting():
        downloads.make(download_id, at=clock.now())


@shared_task(expires=10)
def keep_demo_books() -> None:
    """In the demo, lists a few offers of invented members when a day has opened with empty books; beat calls it."""
    if not (settings.DEMO and settings.MARKET_CALENDAR == "demo"):
        return
    from market_data.demo.listings import empty_books, seed_listings

    day = sessions.current_day()
    if day is not None and empty_books(day.day).exists():
        seed_listings()
