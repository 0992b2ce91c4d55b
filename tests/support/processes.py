"""Real processes on the test database: a Celery worker, beat, and a web server, each stoppable at will."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from config.local import processes
from config.local.children import Child
from config.local.ports import free_port


def test_database_url() -> str:
    """The address of this process's test database, as other processes may use it."""
    words = connection.settings_dict
    return f"postgres://{words['USER']}:{words['PASSWORD']}@{words['HOST']}:{words['PORT']}/{words['NAME']}"


def child_environment(overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, with the test database in place of the one it was made from."""
    env = {**os.environ, "DATABASE_URL": test_database_url(), "PYTHONUNBUFFERED": "1", **(overrides or {})}
    # Only the pytest process needs it; in a web process it would hide a real mistake.
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return env


@dataclass
class Worker:
    """A Celery worker. `kill()` is SIGKILL for it and its pool, as when a machine loses power."""

    name: str
    log: Path
    queues: tuple[str, ...] = ("engine", "default")
    concurrency: int = 2
    env: dict[str, str] = field(default_factory=dict)
    child: Child | None = None

    def start(self) -> "Worker":
        """Start and return when it takes tasks."""
        env = child_environment(self.env)
        self.child = processes.worker(
            name=self.name, queues=self.queues, concurrency=self.concurrency, log=self.log, env=env
        )
        self.child.start()
        processes.await_worker(self.child, self.name, env["REDIS_URL"])
        return self

    @property
    def pid(self) -> int:
        assert self.child is not None
        return self.child.pid

    def stop(self) -> None:
        """As at a deployment: running tasks are finished."""
        if self.child:
            self.child.stop()

    def kill(self) -> None:
        if self.child:
            self.child.kill()

    def restart(self) -> "Worker":
        self.stop()
        return self.start()

    def output(self) -> str:
        """What it has logged since its last start."""
        return self.child.output() if self.child else ""


@dataclass
class Site:
    """A uvicorn on a port that stays the same over restarts."""

    log: Path
    port: int = field(default_factory=free_port)
    env: dict[str, str] = field(default_factory=dict)
    child: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> "Site":
        """Start and return when it answers requests."""
        self.child = processes.web(port=self.port, log=self.log, env=child_environment(self.env))
        self.child.start()
        processes.await_web(self.child, self.port)
        return self

    def stop(self) -> None:
        if self.child:
            self.child.stop()

    def kill(self) -> None:
        if self.child:
            self.child.kill()

    def restart(self) -> "Site":
        self.stop()
        return self.start()

    def output(self) -> str:
        """What it has logged since its last start."""
        return self.child.output() if self.child else ""
