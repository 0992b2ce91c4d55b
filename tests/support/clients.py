"""People of an organisation, and clients of the API with a key of theirs."""

from rest_framework.test import APIClient

from accounts.api.keys import make_key
from accounts.models import Organisation, User

EVERYTHING = ("read", "trade", "registry")


def person(organisation: Organisation, *roles: str, name: str = "trader") -> User:
    found = User.objects.filter(email=f"{name}@{organisation.code.lower()}.example").first()
    return found or User.objects.create_user(
        f"{name}@{organisation.code}.example",
        None,
        organisation=organisation,
        roles=list(roles or ("trader",)),
    )


def speak(user: User, scopes: tuple[str, ...] = EVERYTHING, language: str = "en") -> APIClient:
    """A client with a fresh key."""
    _key, plain = make_key(user, "test", scopes)
    return APIClient(headers={"authorization": f"Token {plain}", "accept-language": language})
