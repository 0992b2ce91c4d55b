"""Who sends a request: `Authorization: Token KEY`, with the digests and prefixes of knox.

Knox's own class deletes what has expired while it reads, and asks for each key's siblings; a key is
read here with one statement and an expired one is refused, not deleted.
"""

import ipaddress
from hmac import compare_digest

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.api.keys import note_use
from accounts.models import ApiKey, User

#: A key is 64 characters; what is longer is not looked up.
LONGEST_KEY = 100


class ApiKeyAuthentication(TokenAuthentication):
    """`request.user` is the key's person, `request.auth` the key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        found = plain_key(request.META.get("HTTP_AUTHORIZATION", ""))
        if found is None:
            return None
        key = key_of(found, address_of(request))
        return key.user, key


def plain_key(header: str) -> str | None:
    """The key in an Authorization header; None where the header is for somebody else. Raises AuthenticationFailed."""
    words = header.split()
    if not words or words[0].lower() != "token":
        return None
    if len(words) != 2:
        raise AuthenticationFailed(_("The header is: Authorization: Token KEY."), code="BAD_KEY")
    return words[1]


def key_of(plain: str, address: str) -> ApiKey:
    """The key with its person and organisation. Raises AuthenticationFailed where it opens nothing."""
    key = _lookup(plain)
    if key is None:
        raise AuthenticationFailed(_("This API key is unknown or was revoked."), code="BAD_KEY")
    if key.expiry is not None and key.expiry <= timezone.now():
        raise AuthenticationFailed(_("This API key has expired: make a new one."), code="KEY_EXPIRED")
    if not key.user.is_active:
        raise AuthenticationFailed(_("The person of this API key is not active."), code="USER_INACTIVE")
    if key.allowed_ips and not _is_listed(address, key.allowed_ips):
        raise AuthenticationFailed(
            _("This API key may not be used from this address."), code="ADDRESS_NOT_ALLOWED"
        )
    note_use(key, address)
    return key


def address_of(request: HttpRequest | Request) -> str:
    """The sender's address. Forwarded headers are not believed: anybody can write them."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _lookup(plain: str) -> ApiKey | None:
    if not plain.isascii() or "\0" in plain or len(plain) > LONGEST_KEY:
        return None
    digest = hash_token(plain)
    keys = ApiKey.objects.filter(token_key=plain[: CONSTANTS.TOKEN_KEY_LENGTH])
    key: ApiKey
    for key in keys.select_related("user__organisation"):
        if compare_digest(digest, key.digest):
            return key
    return None


def _is_listed(address: str, allowed: list[str]) -> bool:
    try:
        return ipaddress.ip_address(address) in {ipaddress.ip_address(entry) for entry in allowed}
    except ValueError:
        return False
