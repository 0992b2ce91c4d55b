"""Shutting out at once: a session, a key, a person. Open sockets are told, and look for themselves besides."""

import json
import logging

from allauth.usersessions.models import UserSession
from django.db import transaction
from redis.exceptions import RedisError

from accounts.models import ApiKey, User
from accounts.valkey import client

logger = logging.getLogger(__name__)

#: Heard by the feed of every web process (market_data/feed/listener.py).
REVOKED_CHANNEL = "tanshi:revoked"


def end_session(session: UserSession) -> None:
    """From here on that browser is signed out."""
    organisation_id = User.objects.values_list("organisation_id", flat=True).get(pk=session.user_id)
    session.end()
    tell_sockets(organisation_id)


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Ends all of a person's sessions, except the one with the key `but`; returns how many there were."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    tell_sockets(user.organisation_id)
    return len(sessions)


@transaction.atomic
def shut_out(user: User) -> None:
    """The person signs in no more: not active, no session, no key. What they did stays."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_everything(user)


@transaction.atomic
def end_everything(user: User) -> None:
    """Whatever the person has open ends at once, browsers, keys and sockets; they may sign in again."""
    ApiKey.objects.filter(user=user).delete()
    end_sessions(user)


def tell_sockets(organisation_id: int) -> None:
    """After the commit, every open socket of the organisation asks whether it may still listen.

    Best effort: without Valkey each socket asks by itself, before it tells any news and every few seconds.
    """
    transaction.on_commit(lambda: _publish(organisation_id))


def _publish(organisation_id: int) -> None:
    try:
        client().publish(REVOKED_CHANNEL, json.dumps({"organisation": organisation_id}))
    except (RedisError, OSError):
        logger.warning("Valkey is away: open sockets look for themselves")
