"""The Celery application. Beat's timetable stands here; what each task does stands in its app."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tanshi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "advance the sessions": {"task": "exchange.tasks.advance_sessions", "schedule": 1.0},
    "ring for what waits": {"task": "exchange.tasks.sweep", "schedule": 1.0},
    "settle the day that ended": {"task": "market_data.tasks.settle_due", "schedule": 30.0},
    "end requests whose time is over": {"task": "accounts.tasks.expire_requests", "schedule": 60.0},
    "send notices that were not sent": {"task": "accounts.tasks.mail_notices", "schedule": 60.0},
    "fill the demo's empty books": {"task": "market_data.tasks.keep_demo_books", "schedule": 5.0},
}


@worker_init.connect
def refuse_demo_sign_ins(**_: object) -> None:
    from accounts.demo_guard import refuse_demo_database

    refuse_demo_database()
