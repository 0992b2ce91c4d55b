"""Background work about people. Each task calls one verb, may come twice or never, and harms nothing by either."""

from celery import shared_task


@shared_task(expires=60)
def expire_requests() -> int:
    """Ends the requests that nobody decided in their time; beat calls it every minute."""
    from accounts import clock
    from accounts.approvals.verbs import expire_due

    return expire_due(clock.now())


@shared_task(expires=60)
def mail_notices() -> int:
    """Sends what has not gone out by e-mail yet: rung after the commit, and by beat for rings that were lost."""
    from accounts import clock
    from accounts.approvals.mail import send_due
    from accounts.people import letters

    return send_due(clock.now()) + letters.send_due(clock.now())


@shared_task(expires=600, ignore_result=True)
def send_password_reset(email: str, site: str) -> None:
    """The link for a new password, where `email` is somebody's; so that asking takes as long for everybody."""
    from accounts.sign_in.passwords import send_reset

    send_reset(email, site)


@shared_task(expires=3600)
def forget_guesses() -> int:
    """Removes buckets of guesses that are full again; beat calls it every hour."""
    from django.utils import timezone

    from accounts.sign_in.guesses import forget_full

    return forget_full(timezone.now())
