"""A PostgreSQL that belongs to one folder: made on first use, reached over 127.0.0.1 with a password.

Started directly and not by `pg_ctl`, so that it is our child: it is watched, its death is noticed at once,
and it shuts down cleanly when we die. `fsync` stays on, in tests too: what is measured must be true.
"""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg2
from psycopg2 import sql

from config.local.children import Child, ChildError
from config.local.identity import Lodging, lodge
from config.local.ports import LOOPBACK, free_port
from config.local.programs import find_postgres
from config.local.secret import kept_secret

NAME = "tanshi"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
}
# The log says one of these while a killed predecessor is still leaving; then trying again helps.
PASSING_TROUBLES = ("already exists", "is still in use", "Address already in use")
LEAVING_TIMEOUT_S = 10


class ServerInUseError(Exception):
    """Another PostgreSQL runs on the same folder."""


class Postgres:
    """One cluster in `home`, one database `tanshi` in it."""

    def __init__(
        self, home: Path, *, lodging: Lodging | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.password_file = home / "password"
        self.log = home / "postgres.log"
        self.lodging = lodging or lodge(find_postgres(), home)
        self.cluster = self.lodging.home / "cluster"
        self.settings = {**SETTINGS, **(settings or {})}
        self.port = 0
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{kept_secret(self.password_file)}@{LOOPBACK}:{self.port}/{NAME}"

    def start(self) -> Child:
        """Make the cluster if there is none, start it, and return when it answers.

        Raises ServerInUseError, or ChildError with the reason from PostgreSQL's log.
        """
        if not (self.cluster / "PG_VERSION").exists():
            self.make_cluster()
        deadline = time.monotonic() + LEAVING_TIMEOUT_S
        while True:
            self.await_predecessor()
            self.port = free_port()
            self.child = self.new_child().start()
            try:
                self.child.await_ready(self.answers)
            except ChildError:
                passing = any(word in self.child.output() for word in PASSING_TROUBLES)
                if not passing or time.monotonic() > deadline:
                    self.child.stop()
                    raise
                # What we wait for, another process's shared memory, offers nothing to wait on.
                time.sleep(0.25)
            else:
                self.make_database()
                return self.child

    def stop(self) -> None:
        if self.child:
            self.child.stop(timeout_s=20)

    def new_child(self) -> Child:
        options = [word for key, value in self.settings.items() for word in ("-c", f"{key}={value}")]
        return Child(
            "PostgreSQL",
            [self.lodging.programs.postgres, "-D", self.cluster, "-p", str(self.port), *options],
            log=self.log,
            cwd=self.lodging.home,
            identity=self.lodging.identity,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, writes a checkpoint, leaves
        )

    def make_cluster(self) -> None:
        """`initdb`, in a folder that gets its name only when it is complete. Raises ChildError."""
        partial = self.lodging.home / "cluster.part"
        password = self.lodging.home / "initdb.password"
        shutil.rmtree(partial, ignore_errors=True)
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(kept_secret(self.password_file))
        identity = self.lodging.identity
        identity.own(password)
        argv = [
            *identity.prefix, str(self.lodging.programs.initdb), "-D", str(partial), "-U", NAME,
            "--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                argv,
                check=False,
                capture_output=True,
                text=True,
                cwd=self.lodging.home,
                user=identity.uid,
                group=identity.gid,
                extra_groups=None if identity.uid is None else [],
            )
        finally:
            password.unlink()
        if done.returncode != 0:
            raise ChildError(f"PostgreSQL's initdb failed: {done.stderr.strip()}")
        partial.rename(self.cluster)

    def answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(self.url.rsplit("/", 1)[0] + f"/{database}", connect_timeout=2)

    def make_database(self) -> None:
        """The database itself; its tables are made by migrations."""
        connection = self.connect("postgres")
        connection.autocommit = True  # CREATE DATABASE refuses to run inside a transaction.
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        connection.close()

    def await_predecessor(self) -> None:
        """Wait for a server that is just leaving the folder. Raises ServerInUseError if it stays."""
        pid_file = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + LEAVING_TIMEOUT_S
        while (pid := read_pid(pid_file)) and (state := process_state(pid)) is not None:
            if state == "stranger":
                # The number now belongs to another program; PostgreSQL would take it for a predecessor.
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise ServerInUseError(f"Another PostgreSQL (process {pid}) runs on {self.cluster}.")
            time.sleep(0.1)  # It is not our child, so its end cannot be awaited.


def read_pid(pid_file: Path) -> int | None:
    """The process number in PostgreSQL's lock file, if there is one."""
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def process_state(pid: int) -> str | None:
    """None where there is no such process; `postgres` (a zombie included) or `stranger` where there is."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return "postgres" if name == "postgres" else "stranger"
