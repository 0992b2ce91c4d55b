"""A browser's session as a WebSocket knows it: read once at the start, and asked after while it is open."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User


@dataclass(frozen=True)
class SessionSeen:
    """Key and contents of the session that a socket began with."""

    key: str
    values: dict[str, Any]

    @classmethod
    def of(cls, session: Any) -> "SessionSeen":
        """`session` is the scope's: loaded already, as the person was read from it."""
        return cls(session.session_key or "", dict(session.items()))

    def is_open(self, person: User) -> bool:
        """False once it was ended or is over, or the person's password was changed."""
        seen = str(self.values.get(HASH_SESSION_KEY, ""))
        if not constant_time_compare(seen, person.get_session_auth_hash()):
            return False
        return Session.objects.filter(session_key=self.key, expire_date__gt=timezone.now()).exists()
