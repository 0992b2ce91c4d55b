"""How allauth is used here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up alone: people are appointed by their organisation, which two operators let in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
