"""The Celery application. Beat's timetable stands here; what each task does stands in its app."""

import os
import sys

from celery import Celery
from celery.signals import task_postrun, worker_init
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("tanshi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery's Django fixup would close the database connection around every task. A fresh one costs 9 ms, and every
# first statement on it twice its time: more than all the rest of a batch of one. We keep it as web processes do.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize
app.conf.beat_schedule = {
    "advance the sessions": {"task": "exchange.tasks.advance_sessions", "schedule": 1.0},
    "open and close auctions": {"task": "exchange.tasks.advance_auctions", "schedule": 1.0},
    "ring for what waits": {"task": "exchange.tasks.sweep", "schedule": 1.0},
    "settle the day that ended": {"task": "market_data.tasks.settle_due", "schedule": 30.0},
    "look through the day that was settled": {"task": "market_data.tasks.surveil_due", "schedule": 60.0},
    "make downloads and remove old ones": {"task": "market_data.tasks.tend_downloads", "schedule": 30.0},
    "end requests whose time is over": {"task": "accounts.tasks.expire_requests", "schedule": 60.0},
    "send notices that were not sent": {"task": "accounts.tasks.mail_notices", "schedule": 60.0},
    "forget guesses that were made up for": {"task": "accounts.tasks.forget_guesses", "schedule": 3_600.0},
    "pass the deadlines that are over": {"task": "registry.tasks.pass_deadlines", "schedule": 60.0},
    "fill the demo's empty books": {"task": "market_data.tasks.keep_demo_books", "schedule": 5.0},
}


@task_postrun.connect
def keep_usable_connections(**_: object) -> None:
    """After a task as after a request: what broke or grew too old is closed, the rest is checked when next used."""
    close_old_connections()


@worker_init.connect
def refuse_demo_sign_ins(**_: object) -> None:
    from accounts.demo_guard import refuse_demo_database

    refuse_demo_database()
