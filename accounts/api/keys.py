"""API keys: made once, shown once, kept as a digest."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import ApiKey, User

#: The last use is noted at most so often: it is for people to look at.
NOTED_EVERY = dt.timedelta(minutes=1)


def make_key(
    user: User,
    name: str,
    scopes: Iterable[str],
    *,
    allowed_ips: Iterable[str] = (),
    lifetime: dt.timedelta | None = None,
) -> tuple[ApiKey, str]:
    """A new key of `user` and its plain text, which nobody can read again. Raises ValueError for a wrong scope."""
    wanted = sorted(set(scopes))
    unknown = set(wanted) - set(ApiKey.Scope.values)
    if unknown:
        raise ValueError(f"no such scope: {', '.join(sorted(unknown))}")
    key, plain = ApiKey.objects.create(
        user=user, expiry=lifetime, name=name, scopes=wanted, allowed_ips=list(allowed_ips)
    )
    return key, plain


def revoke_key(key: ApiKey) -> None:
    """From here on the key opens nothing, and what it had opened is closed."""
    from accounts.sign_in.access import tell_sockets

    key.delete()
    tell_sockets(key.user.organisation_id)


def visible_to(user: User) -> QuerySet[ApiKey]:
    """One's own keys; an administrator's of the organisation: those of all its people. Newest first."""
    keys: QuerySet[ApiKey] = ApiKey.objects.select_related("user").order_by("-created")
    if user.has_role(User.Role.ADMINISTRATOR):
        return keys.filter(user__organisation=user.organisation_id)
    return keys.filter(user=user)


def note_use(key: ApiKey, address: str) -> None:
    """When and from where it was last used, to the minute."""
    now = timezone.now()
    if key.last_used_at is not None and now - key.last_used_at < NOTED_EVERY:
        return
    key.last_used_at, key.last_used_from = now, address or None
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=now, last_used_from=key.last_used_from)
