"""`manage.py rebuild_market_data`: everything derived in market_data made anew, and found identical.

Published reports are not derived any more: they are verified against their hashes, never written again.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from market_data.rebuild import rebuild_all


class Command(BaseCommand):
    help = "Makes minute candles and composites anew from the trades, checks bars and published reports."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = rebuild_all(say=self.stdout.write)
        for difference in differences:
            self.stderr.write(difference)
        if differences:
            raise CommandError(f"{len(differences)} thing(s) were not what the trades give.")
