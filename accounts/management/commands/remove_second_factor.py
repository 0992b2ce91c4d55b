"""manage.py remove_second_factor E-MAIL: for somebody who lost phone, passkey and recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.sign_in import access, alerts


class Command(BaseCommand):
    help = "Removes a person's second factors and recovery codes, ends their sessions, and tells them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        removed, _rows = Authenticator.objects.filter(user=user).delete()
        if not removed:
            raise CommandError(f"{user.email} has no second factor.")
        access.end_sessions(user)
        alerts.tell(user, alerts.FACTORS_REMOVED)
        print(f"Removed: {removed}. {user.email} sets up a new one at the next sign-in.")
