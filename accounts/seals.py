"""Texts that lie sealed in the database: what opens them is derived from SECRET_KEY, for each purpose another key."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str, purpose: str) -> str:
    return _seal(purpose, *_secrets()).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Raises cryptography's InvalidToken where no known secret sealed it for this purpose."""
    return _seal(purpose, *_secrets()).decrypt(sealed.encode()).decode()


def derived_keys(purpose: str) -> list[bytes]:
    """32 bytes of each secret, the present one first."""
    return [_derived(secret, purpose) for secret in _secrets()]


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _seal(purpose: str, *secrets: str) -> MultiFernet:
    """Opens what any of the secrets sealed, seals with the first: so that SECRET_KEY can be changed."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret, purpose))) for secret in secrets])


def _derived(secret: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"tanshi {purpose}".encode())
    return kdf.derive(secret.encode())
