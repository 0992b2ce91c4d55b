"""How far an issuance is, for the page that watches it. Its transaction shows nothing before it commits, so this
stands in Valkey; without it, issuing goes on and the page merely knows less."""

import json
from dataclasses import asdict, dataclass

import redis

from accounts import valkey

#: What no worker has touched for so long has stopped; a whole province takes a few seconds.
LIFETIME_S = 60


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase`: queued, checking, locking, posting, recording, done or refused; `words` say why it was refused."""

    phase: str
    done: int = 0
    total: int = 0
    words: str = ""


def tell(plan_id: int, progress: Progress) -> None:
    try:
        valkey.client().set(_key(plan_id), json.dumps(asdict(progress)), ex=LIFETIME_S)
    except redis.RedisError:
        return


def read(plan_id: int) -> Progress | None:
    """None where nobody is at work on it, or where Valkey cannot be asked."""
    try:
        found = valkey.client().get(_key(plan_id))
    except redis.RedisError:
        return None
    return None if found is None else Progress(**json.loads(bytes(found)))  # type: ignore[arg-type]


def _key(plan_id: int) -> str:
    return f"allocation:{plan_id}"
