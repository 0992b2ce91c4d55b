"""The demo's sign-ins are known to everybody; a process that serves people must not run on top of them."""

import sys

from django.conf import settings
from django.db import connection

from accounts.models import User


def refuse_demo_database() -> None:
    """Stops the process unless DEMO=1 or the database holds no demo sign-in (api.md: Demo sign-ins)."""
    if settings.DEMO:
        return
    if User._meta.db_table not in connection.introspection.table_names():
        return
    if User.objects.filter(is_demo=True).exists():
        sys.exit(
            "This database holds the demo's sign-ins (password 'demo'). Start with DEMO=1, or use another database."
        )
