"""Wiring of the project: settings, addresses, Celery, and the launcher for one machine (`config.local`)."""

import os
import sys

# `manage.py demo` is typed without any environment and makes one for its children; the settings, which
# are read before the command runs, must let it pass.
if sys.argv[1:2] == ["demo"]:
    os.environ.setdefault("DEMO", "1")

from config.celery import app as celery_app

# Imported here so that `shared_task` finds this application in every process, the web's included.
__all__ = ["celery_app"]
