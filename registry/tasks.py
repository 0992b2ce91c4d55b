"""Background work of the registry. Each task calls one verb, may come twice or never, and harms nothing by either."""

import logging

from celery import shared_task

log = logging.getLogger(__name__)


@shared_task(expires=60)
def pass_deadlines() -> int:
    """Passes every deadline whose day is over in Beijing; beat calls it every minute. Returns how many."""
    from accounts import clock
    from registry.compliance import deadline

    years = deadline.due(clock.now())
    for year in years:
        found = deadline.pass_deadline(year, clock.now())
        log.info("deadline of %s passed: %s shortfalls", year, found)
    return len(years)


@shared_task(expires=300)
def approve_plan(plan_id: int, user_id: int, reason: str, language: str) -> None:
    """The checker's button: approves a plan and issues it. The page follows in `registry.allocation.progress`."""
    from django.utils import translation

    from accounts import clock
    from accounts.models import User
    from registry.allocation import deciding
    from registry.allocation.models import Plan

    with translation.override(language):
        deciding.approve(
            Plan.objects.get(pk=plan_id), by=User.objects.get(pk=user_id), reason=reason, at=clock.now()
        )


@shared_task(expires=600)
def apply_import(job_id: int) -> str:
    """Applies a confirmed import of emitters or figures; returns its state."""
    from accounts import clock
    from registry.emitters.importing import jobs

    return jobs.run(job_id, at=clock.now()).state
