"""Wiring of the project: settings, addresses, Celery, and the launcher for one machine (`config.local`)."""

from config.celery import app as celery_app

# Imported here so that `shared_task` finds this application in every process, the web's included.
__all__ = ["celery_app"]
