"""What the workers do for two people: end what nobody decided, send what nobody has read."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from accounts import clock
from accounts.approvals import mail as notice_mail
from accounts.approvals import notices
from accounts.approvals.models import Notice, Request
from accounts.tasks import expire_requests
from config.celery import app
from exchange.models import DemoClock
from tests.approvals.conftest import Cast, make_cast
from tests.support.waiting import eventually


def test_the_timetable_names_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"accounts.tasks.expire_requests", "accounts.tasks.mail_notices"} <= wanted
    assert wanted <= set(app.tasks)


def test_requests_expire_by_the_platforms_clock(cast: Cast) -> None:
    request = cast.ask(expires_at=clock.now() + dt.timedelta(days=3))
    assert expire_requests() == 0
    DemoClock.objects.create(pk=1, days=3)
    assert expire_requests() == 1
    request.refresh_from_db()
    assert request.state == Request.State.EXPIRED
    assert Notice.objects.filter(to=cast["asks"], kind=notices.EXPIRED).exists()


def test_a_notice_that_cannot_be_worded_keeps_no_other_back(cast: Cast) -> None:
    cast.ask()
    request = Request.objects.get()
    request.pk, request.kind = None, "of an app that is gone"
    request.save()
    Notice.objects.create(to=cast["asks"], request=request, kind=notices.REFUSED, at=clock.now())
    assert notice_mail.send_due(clock.now()) == 2
    assert len(mail.outbox) == 2
    for _turn in range(notice_mail.MOST_ATTEMPTS):
        assert notice_mail.send_due(clock.now()) == 0
    assert Notice.objects.get(mailed_at=None).mail_attempts == notice_mail.MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_after_the_commit_and_only_then(
    make_worker: Callable[..., Any], tmp_path: Path
) -> None:
    make_worker(queues=("default",), env={"DATA_DIR": str(tmp_path)})
    cast = make_cast()
    with transaction.atomic():
        notices.notify([cast["asks"]], notices.REFUSED, at=clock.now(), params={"what": "nothing"})
        transaction.set_rollback(True)
    notices.notify([cast["asks"]], notices.APPROVED, at=clock.now(), params={"what": "清缴 400 t"})
    eventually(lambda: Notice.objects.filter(mailed_at__isnull=False).exists(), seconds=60)
    (file,) = (tmp_path / "mail").iterdir()
    assert "asks@plant.example" in file.read_text()
    assert Notice.objects.count() == 1
