"""A range of published reports as one file: asked for here, made by a worker, kept for a day.

Market reports are for everybody who is signed in; statements are the own organisation's alone. A download that
its worker left behind is made anew from its beginning: nothing of it was shown.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from market_data.models import Download, DownloadPart, Report
from market_data.reports import bundles, selectors
from market_data.reports.render import FIRST_CHOICE, TABLES, forms_of

KEPT = dt.timedelta(hours=24)
#: Calendar days in one download. A statement can be large, a market report is not.
MOST_DAYS = {Report.Kind.MARKET.value: 2_200, Report.Kind.MEMBER.value: 370}
#: Unfinished and unexpired downloads of one person.
MOST_WAITING, MOST_KEPT = 3, 20
MOST_BYTES = 200_000_000
PART_BYTES = 1_000_000
#: A worker that said nothing for so long is dead.
SILENCE = dt.timedelta(minutes=2)
State = Download.State


class DownloadRefused(Exception):
    """Why nothing is made: `field` is the wrong one, the text is for people."""

    def __init__(self, code: str, field: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.field, self.detail = code, field, detail


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants: `forms` of a ZIP, or the `table` of a Parquet file."""

    kind: str
    first: dt.date
    last: dt.date
    shape: str
    forms: tuple[str, ...] = ()
    table: str = ""


@transaction.atomic
def ask(user: User, wish: Wish, *, language: str, at: dt.datetime) -> Download:
    """Stores a download for the workers. Raises DownloadRefused: `BAD_RANGE`, `TOO_LONG`, `BAD_FORMAT`,
    `BAD_TABLE`, `TOO_MANY`, `NOTHING`."""
    _check(wish)
    own = wish.kind == Report.Kind.MEMBER
    # The person's row is the lock: two clicks at once count each other.
    User.objects.select_for_update().get(pk=user.pk)
    mine = Download.objects.filter(user=user)
    waiting = mine.filter(state__in=[State.WAITING, State.RUNNING]).count()
    if waiting >= MOST_WAITING or mine.exclude(expires_at__lt=at).count() >= MOST_KEPT:
        raise DownloadRefused(
            "TOO_MANY", "", _("You have many downloads already: wait for them, or remove one.")
        )
    download = Download(
        user=user,
        organisation=user.organisation if own else None,
        kind=wish.kind,
        first=wish.first,
        last=wish.last,
        shape=wish.shape,
        forms=list(wish.forms) if wish.shape == Download.Shape.ZIP else [],
        table=(wish.table or FIRST_CHOICE[wish.kind]) if wish.shape == Download.Shape.PARQUET else "",
        language=language,
        asked_at=at,
        total=0,
    )
    download.name = bundles.name_of(download)
    download.total = reports_of(download).count()
    if not download.total:
        raise DownloadRefused("NOTHING", "first", _("No report was published of these days."))
    download.save(force_insert=True)
    return download


def _check(wish: Wish) -> None:
    """What can be said without the database."""
    if wish.kind not in MOST_DAYS:
        raise DownloadRefused("BAD_KIND", "kind", _("One of: %s.") % ", ".join(MOST_DAYS))
    if wish.first > wish.last:
        raise DownloadRefused("BAD_RANGE", "last", _("The last day is before the first."))
    most = MOST_DAYS[wish.kind]
    if (wish.last - wish.first).days >= most:
        raise DownloadRefused("TOO_LONG", "last", _("At most %s days in one download.") % most)
    if wish.shape not in Download.Shape.values:
        raise DownloadRefused("BAD_SHAPE", "shape", _("One of: %s.") % ", ".join(Download.Shape.values))
    offered = forms_of(wish.kind)
    if wish.shape == Download.Shape.ZIP and (not wish.forms or not set(wish.forms) <= set(offered)):
        raise DownloadRefused(
            "BAD_FORMAT", "forms", _("Choose at least one format of: %s.") % ", ".join(offered)
        )
    if wish.table and wish.table not in TABLES[wish.kind]:
        raise DownloadRefused("BAD_TABLE", "table", _("One of: %s.") % ", ".join(TABLES[wish.kind]))


def reports_of(download: Download) -> QuerySet[Report]:
    """The latest version of each day in it, the earliest day first."""
    latest = (
        selectors.market_reports()
        if download.organisation is None
        else selectors.statements(download.organisation)
    )
    days = latest.filter(day__range=(download.first, download.last))
    return Report.objects.filter(pk__in=days.values("pk")).select_related("organisation").order_by("day")


def of_person(user: User, at: dt.datetime) -> QuerySet[Download]:
    """A person's downloads that have not expired, newest first."""
    return Download.objects.filter(user=user).exclude(expires_at__lte=at).order_by("-asked_at")


def waiting() -> list[str]:
    """Downloads that no worker is at: new ones, and those whose worker fell silent."""
    silent = Q(state=State.RUNNING, alive_at__lt=timezone.now() - SILENCE)
    found = Download.objects.filter(Q(state=State.WAITING) | silent).order_by("asked_at")
    return [str(pk) for pk in found.values_list("pk", flat=True)]


def claim(download_id: str) -> Download | None:
    """Makes this worker the one that makes it; None where another one is."""
    now = timezone.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, alive_at__lt=now - SILENCE)
    won = Download.objects.filter(free, pk=download_id).update(state=State.RUNNING, alive_at=now, done=0)
    return Download.objects.get(pk=download_id) if won else None


def make(download_id: str, *, at: dt.datetime) -> None:
    """Writes the file of a download that nobody else is making. What goes wrong is told to its person."""
    download = claim(download_id)
    if download is None:
        return
    try:
        with bundles.written(reports_of(download), download, tell=_alive, most_bytes=MOST_BYTES) as file:
            _keep(download, file, at)
    except bundles.TooLarge:
        with translation.override(download.language):
            detail = _("More than %s MB: choose fewer days or formats.") % (MOST_BYTES // 1_000_000)
        _fail(download, detail, at)
    except Exception:
        with translation.override(download.language):
            detail = _("It could not be made; the operators know of it. Try again later.")
        _fail(download, detail, at)
        raise


def _alive(download: Download, done: int) -> None:
    Download.objects.filter(pk=download.pk, state=State.RUNNING).update(done=done, alive_at=timezone.now())


@transaction.atomic
def _keep(download: Download, file: IO[bytes], at: dt.datetime) -> None:
    """The whole file or nothing of it."""
    row = Download.objects.select_for_update().get(pk=download.pk)
    if row.state != State.RUNNING:
        return
    row.parts.all().delete()
    digest, size = hashlib.sha256(), 0
    for no, data in enumerate(iter(lambda: file.read(PART_BYTES), b"")):
        DownloadPart.objects.create(download=row, no=no, data=data)
        digest.update(data)
        size += len(data)
    row.state, row.size, row.sha256, row.done = State.DONE, size, digest.hexdigest(), row.total
    row.expires_at = at + KEPT
    row.save(update_fields=["state", "size", "sha256", "done", "expires_at"])


def _fail(download: Download, detail: str, at: dt.datetime) -> None:
    Download.objects.filter(pk=download.pk).update(state=State.FAILED, detail=detail, expires_at=at + KEPT)


def remove_expired(at: dt.datetime) -> int:
    """Removes files whose time is over; returns how many."""
    return Download.objects.filter(expires_at__lte=at).delete()[1].get("market_data.Download", 0)


def pieces(download: Download) -> Iterator[bytes]:
    """The file, a piece at a time."""
    for data in download.parts.order_by("no").values_list("data", flat=True).iterator(chunk_size=4):
        yield bytes(data)
