"""API keys: made once, shown once, kept as a digest."""

import datetime as dt
from collections.abc import Iterable

from accounts.models import ApiKey, User


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
    """From here on the key opens nothing."""
    key.delete()
