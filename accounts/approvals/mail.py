"""Notices by e-mail, in both languages: a person's own is not known when no page is asked for."""

import datetime as dt
import logging

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.approvals.models import Notice
from accounts.approvals.notices import words_of

logger = logging.getLogger(__name__)

LANGUAGES = ("zh-hans", "en")
#: After so many failures an address is given up; the line on the page stays.
MOST_ATTEMPTS = 10
#: A run sends at most so many; the next one goes on.
MOST_A_RUN = 200


def send_due(at: dt.datetime) -> int:
    """Sends notices that have not gone out; returns how many went. One that fails keeps no other back."""
    due = Notice.objects.filter(mailed_at=None, mail_attempts__lt=MOST_ATTEMPTS).order_by(
        "mail_attempts", "pk"
    )
    return sum(_send(pk, at) for pk in due.values_list("pk", flat=True)[:MOST_A_RUN])


@transaction.atomic
def _send(notice_id: int, at: dt.datetime) -> bool:
    """False where another worker sends it, or where sending failed, which is counted."""
    notice = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("to", "request")
        .filter(pk=notice_id, mailed_at=None)
        .first()
    )
    if notice is None:
        return False
    if not notice.to.is_active:
        Notice.objects.filter(pk=notice_id).update(mail_attempts=MOST_ATTEMPTS)
        return False
    Notice.objects.filter(pk=notice_id).update(mail_attempts=F("mail_attempts") + 1)
    try:
        with transaction.atomic():
            message_of(notice).send()
    except Exception:  # whatever one mail meets, a mail server's or its own words', the others must go out
        logger.exception("notice %s was not sent", notice_id)
        return False
    Notice.objects.filter(pk=notice_id).update(mailed_at=at)
    return True


def message_of(notice: Notice) -> EmailMessage:
    """What stands in the mail: the line in each language, and where to read on after signing in."""
    lines = []
    for language in LANGUAGES:
        with translation.override(language):
            lines.append(words_of(notice))
            lines.append(
                _("Sign in and open your inbox to read more. Nobody asks for your password by e-mail.")
            )
            lines.append("")
    subject = " ".join(lines[0].split())[:120]
    return EmailMessage(subject=f"[碳市 Tanshi] {subject}", body="\n".join(lines), to=[notice.to.email])
