"""What stands in a mailed link: a row's nonce, signed with SECRET_KEY, so that a copy of the table opens nothing.

It stands behind the `#` of the address: browsers send that to nobody, and so no log and no referrer holds it.
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer

LONGEST = 200


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def token(purpose: str, nonce: str) -> str:
    return _signer(purpose).sign(nonce)


def nonce_of(purpose: str, given: str) -> str:
    """The nonce that a token proves to know; "" for one that nobody here has signed for this purpose."""
    if len(given) > LONGEST or "\0" in given:
        return ""
    try:
        return _signer(purpose).unsign(given.strip())
    except BadSignature:
        return ""


def address(path: str, purpose: str, nonce: str) -> str:
    """The whole link."""
    return f"{settings.SITE_URL}{path}#{token(purpose, nonce)}"


def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=f"tanshi.{purpose}")
