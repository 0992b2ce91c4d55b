"""Mails to people who have no account yet, in both languages; sent by a worker after the commit.

A kind is known by its words; another package adds its own to KINDS. What a letter's link proves stands in no table.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.approvals import notices
from accounts.approvals.mail import LANGUAGES, MOST_A_RUN, MOST_ATTEMPTS
from accounts.people import links
from accounts.people.models import Letter

logger = logging.getLogger(__name__)
INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Words:
    """Lazy texts with places for `params`; the link, if there is one, opens the page `view`."""

    subject: Any
    text: Any
    view: str = ""
    #: what its token proves, see links.py
    purpose: str = ""


KINDS: dict[str, Words] = {
    INVITATION: Words(
        _("Your account at Tanshi"),
        _(
            "%(organisation)s asks you to act for it at the carbon exchange and registry, as %(roles)s. Set your "
            "password by this link within seven days; it opens once:"
        ),
        "invitation",
        INVITATION,
    ),
}


def write(
    kind: str, to: str, *, at: dt.datetime, nonce: str = "", params: Mapping[str, Any] | None = None
) -> None:
    """Puts a letter into the post. `params` may hold {language: text} where a word differs by language."""
    assert kind in KINDS, kind
    Letter.objects.create(kind=kind, to=to, nonce=nonce, params=dict(params or {}), at=at)
    transaction.on_commit(notices.ring)


def send_due(at: dt.datetime) -> int:
    """Sends letters that have not gone out; returns how many went. One that fails keeps no other back."""
    due = Letter.objects.filter(mailed_at=None, attempts__lt=MOST_ATTEMPTS).order_by("attempts", "pk")
    return sum(_send(pk, at) for pk in due.values_list("pk", flat=True)[:MOST_A_RUN])


@transaction.atomic
def _send(letter_id: int, at: dt.datetime) -> bool:
    """False where another worker sends it, or where sending failed, which is counted."""
    letter = Letter.objects.select_for_update(skip_locked=True).filter(pk=letter_id, mailed_at=None).first()
    if letter is None:
        return False
    Letter.objects.filter(pk=letter_id).update(attempts=F("attempts") + 1)
    try:
        message_of(letter).send()
    except Exception:  # whatever one mail meets, the others must go out
        logger.exception("letter %s was not sent", letter_id)
        return False
    Letter.objects.filter(pk=letter_id).update(mailed_at=at)
    return True


def message_of(letter: Letter) -> EmailMessage:
    """The text in each language, each with the link."""
    words, lines, subjects = KINDS[letter.kind], [], []
    for language in LANGUAGES:
        with translation.override(language):
            params = {name: _in(language, value) for name, value in letter.params.items()}
            subjects.append(str(words.subject))
            lines.append(str(words.text) % params)
            if words.view:
                lines.append(links.address(reverse(words.view), words.purpose, letter.nonce))
            lines.append("")
    subject = " · ".join(subjects)
    return EmailMessage(subject=f"[碳市 Tanshi] {subject}", body="\n".join(lines), to=[letter.to])


def _in(language: str, value: Any) -> Any:
    return value[language] if isinstance(value, dict) else value
