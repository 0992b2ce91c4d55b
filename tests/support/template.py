"""One migrated database for a run on several processes; each process copies it.

Migrating takes ten seconds of a processor and a copy a fifth of one. Whoever comes first migrates, the others wait.
"""

import os

from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

WAIT_FOR_IT = 7_403_001  # a number for pg_advisory_lock that nothing else in the project uses


def template_name() -> str | None:
    """The template's name in this run, or None where one process makes its database by itself."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    return f"tanshi_template_{run[:12]}" if run else None


def copy_from_template() -> None:
    """Let Django's `create_test_db` copy the run's template, made here if nobody has made it."""
    name = template_name()
    if name is None:
        return
    server = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [WAIT_FOR_IT])
        try:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                make(name)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [WAIT_FOR_IT])
    assert connection.settings_dict["NAME"] == server
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def make(name: str) -> None:
    """A migrated database with this name; it gets the name when it is complete."""
    draft = f"{name}_draft"
    lock_holder = connection.connection
    server = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    # Another connection migrates; the one that holds the lock is kept aside.
    connection.connection = None
    connection.settings_dict["NAME"] = draft
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = server
        connection.connection = lock_holder
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )
