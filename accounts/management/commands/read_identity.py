"""The whole number of a person's identity document, for a court or an authority that asks for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.people import identity
from accounts.people.models import Invitation


class Command(BaseCommand):
    help = "Shows the whole number of the identity document with which a person came to the platform."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        found = Invitation.objects.filter(user__email=email.strip().lower()).order_by("-pk").first()
        if found is None:
            raise CommandError("Nobody with this address came by an invitation.")
        self.stdout.write(f"{found.get_identity_kind_display()} {identity.opened(found.identity_sealed)}")
