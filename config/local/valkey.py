"""A Valkey that keeps nothing: it carries bells and live pushes, and PostgreSQL is the truth.

Its settings go in by standard input, so that the password stands in no file and no list of processes.
"""

import secrets
from pathlib import Path

import redis

from config.local.children import Child
from config.local.ports import LOOPBACK, free_port
from config.local.programs import find_valkey


class Valkey:
    """One Valkey on a free port of 127.0.0.1, with a password of its own for each start of the program."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.password = secrets.token_urlsafe(32)
        self.port = 0
        self.child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def start(self) -> Child:
        """Start and return when it answers. The port stays the same over a restart. Raises ChildError."""
        self.port = self.port or free_port()
        lines = [
            f"port {self.port}",
            f"bind {LOOPBACK}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
            "databases 16",
        ]
        self.child = Child(
            "Valkey", [find_valkey(), "-"], log=self.log, stdin="\n".join(lines) + "\n"
        ).start()
        self.child.await_ready(self.answers)
        return self.child

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False

    def stop(self) -> None:
        if self.child:
            self.child.stop()
