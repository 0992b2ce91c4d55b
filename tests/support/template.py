"""One migrated database, copied by each process of a run and kept from run to run.

Migrating takes ten seconds of a processor, a copy a fifth of one. Whoever comes first makes the template, the others
wait. What it holds is dumped into pytest's cache, and made anew when a migration, or what migrations stand on, changes.
"""

import datetime as dt
import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

from config.local.programs import MissingProgramError, find_postgres
from tests.support.house_rules import ROOT

WAIT_FOR_IT = 7_403_001  # a number for pg_advisory_lock that nothing else in the project uses
OUR_MODULES = re.compile(r"^(?:from|import) ((?:accounts|registry|exchange|market_data)[\w.]*)", re.MULTILINE)
NAME = f"tanshi_template_{os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))[:12]}"


def copy_from_template(cache: Path) -> None:
    """Let Django's `create_test_db` copy the run's template, made here if nobody has made it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [WAIT_FOR_IT])
        try:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                make(cache / f"migrated-{fingerprint()}.dump")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [WAIT_FOR_IT])
    connection.settings_dict["TEST"]["TEMPLATE"] = NAME


def drop() -> None:
    """On a server that outlives the run nothing stays behind."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def make(kept: Path) -> None:
    """A migrated database, which gets its name when it is complete: from the dump, else by migrating."""
    draft = f"{NAME}_draft"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    if kept.is_file():
        program("pg_restore", "--exit-on-error", "--no-owner", "--dbname", address(draft), str(kept))
    else:
        migrate(draft)
        dump(draft, kept)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(NAME))
        )


def migrate(database: str) -> None:
    """Another connection migrates; the one that holds the lock is kept aside."""
    lock_holder, server = connection.connection, connection.settings_dict["NAME"]
    connection.connection = None
    connection.settings_dict["NAME"] = database
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = server
        connection.connection = lock_holder


def dump(database: str, kept: Path) -> None:
    """Into the cache, if our PostgreSQL's own program understands this server; older dumps go."""
    if not same_version():
        return
    for older in kept.parent.glob("migrated-*"):
        older.unlink(missing_ok=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}")
    program("pg_dump", "--format=custom", "--file", str(partial), "--dbname", address(database))
    partial.replace(kept)


def same_version() -> bool:
    try:
        said = program("pg_dump", "--version")
    except (MissingProgramError, FileNotFoundError):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return f" {int(cursor.fetchone()[0]) // 10_000}." in said


def program(name: str, *arguments: str) -> str:
    """One of PostgreSQL's programs, run to its end; what it printed. Raises CalledProcessError."""
    command = [str(find_postgres().bin / name), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def address(database: str) -> str:
    settings: dict[str, Any] = connection.settings_dict
    return f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{database}"


def fingerprint() -> str:
    """Changes with the migrations, our modules that they import, the libraries, and the month of the partitions."""
    files = set(ROOT.glob("*/migrations/*.py"))
    named = {name for file in files for name in OUR_MODULES.findall(file.read_text(encoding="utf-8"))}
    files |= {ROOT / f"{name.replace('.', '/')}.py" for name in named} | {ROOT / "requirements.lock"}
    found = hashlib.sha256(f"{dt.datetime.now(tz=dt.UTC):%Y-%m}".encode())
    for file in sorted(file for file in files if file.is_file()):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]
