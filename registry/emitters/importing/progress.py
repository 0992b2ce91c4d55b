"""How far an import is, in per cent, for the page that watches it: in Valkey, as its transaction shows nothing before
it commits. Without Valkey the import goes on and the page merely knows less."""

import redis

from accounts import valkey

LIFETIME_S = 120


def tell(job_id: int, percent: int) -> None:
    try:
        valkey.client().set(f"import:{job_id}", percent, ex=LIFETIME_S)
    except redis.RedisError:
        return


def read(job_id: int) -> int | None:
    """None where nobody is at work on it, or where Valkey cannot be asked."""
    try:
        found = valkey.client().get(f"import:{job_id}")
    except redis.RedisError:
        return None
    return None if found is None else int(str(found, "ascii") if isinstance(found, bytes) else found)
