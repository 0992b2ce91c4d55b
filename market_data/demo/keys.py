"""API keys of the demo. Only digests are in the database; the plain keys are kept beside it, to be printed again."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.db import transaction
from knox.crypto import hash_token

from accounts.models import ApiKey, User

NAME = "demo"
Scope = ApiKey.Scope
SCOPES = {
    "trader@jianghai.example": [Scope.READ, Scope.TRADE, Scope.REGISTRY],
    "trader@yunling.example": [Scope.READ, Scope.TRADE, Scope.REGISTRY],
    "issuer@registry.example": [Scope.READ, Scope.REGISTRY],
    "operator@exchange.example": [Scope.READ],
    "analyst@example.com": [Scope.READ],
}


def keys_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-keys.json"


@transaction.atomic
def make_keys() -> dict[str, str]:
    """A working key for each e-mail of SCOPES: the kept one where it still works, else a new one.

    A key that its owner revoked in the browser is replaced at the next start.
    """
    kept = read_kept()
    digests = set(ApiKey.objects.filter(name=NAME).values_list("digest", flat=True))
    keys = {}
    for email, scopes in SCOPES.items():
        key = kept.get(email)
        if key is None or hash_token(key) not in digests:
            user = User.objects.get(email=email, is_demo=True)
            ApiKey.objects.filter(user=user, name=NAME).delete()
            _, key = ApiKey.objects.create(user=user, name=NAME, scopes=[scope.value for scope in scopes])
        keys[email] = key
    if keys != kept:
        keep(keys)
    return keys


def read_kept() -> dict[str, str]:
    """The kept keys; none where the file is missing or spoilt."""
    try:
        kept = json.loads(keys_file().read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {email: key for email, key in kept.items() if isinstance(key, str)}


def keep(keys: dict[str, str]) -> None:
    """Writes the file anew, readable by its owner alone."""
    path = keys_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(keys, file, indent=2)
    fresh.replace(path)
