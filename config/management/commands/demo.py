"""`manage.py demo`: the whole exchange on one machine, in one terminal."""

import fcntl
import os
import shlex
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.local import processes
from config.local.assets import remember_static, static_is_current
from config.local.children import Child, ChildError, Family
from config.local.identity import NoIdentityError
from config.local.ports import BusyPortError, require_free
from config.local.postgres import ServerInUseError
from config.local.programs import MissingProgramError
from config.local.secret import kept_secret
from config.local.servers import bring_up

SIGN_INS = [
    ("trader@jianghai.example", "emitter, trades"),
    ("approver@jianghai.example", "emitter, second signature"),
    ("trader@yunling.example", "emitter, trades"),
    ("regulator@mee.example", "national authority"),
    ("regulator@shanghai.example", "province authority"),
    ("issuer@registry.example", "registry operator"),
    ("checker@registry.example", "registry operator, second signature"),
    ("operator@exchange.example", "exchange operator"),
    ("analyst@example.com", "reads reports"),
    ("linxi@example.com", "a person with a carbon account"),
    ("operator@shenhui.example", "runs scenes of carbon inclusion"),
]
KEPT_IN_ENV_FILE = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "MARKET_CALENDAR", "DATA_DIR")
TROUBLES = (ChildError, BusyPortError, ServerInUseError, MissingProgramError, NoIdentityError)


class Command(BaseCommand):
    help = "PostgreSQL, Valkey, demo data, web, workers and beat in one terminal; Ctrl-C stops all."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the web pages (default 8000)")
        parser.add_argument("--history", type=Path, help="daily bars to show instead of simulated ones")
        parser.add_argument(
            "--emitters", type=int, help="a smaller nation than the market's, for a quick start"
        )

    def handle(
        self, *args: Any, port: int, history: Path | None, emitters: int | None, **options: Any
    ) -> None:
        self.data = Path(settings.DATA_DIR)
        self.logs = self.data / "logs"
        self.logs.mkdir(parents=True, exist_ok=True, mode=0o700)  # the logs hold the demo's API keys
        self.family = Family()
        self.began = time.monotonic()
        if history and not history.is_file():
            raise CommandError(f"No such file: {history}")
        wishes = ["--history", str(history.resolve())] if history else []
        wishes += [f"--emitters={emitters}"] if emitters else []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.interrupt)
        try:
            with self.only_one():
                self.run(port, wishes)
        except BusyPortError as error:
            raise CommandError(f"{error} Choose another: make demo PORT={port + 1}") from error
        except TROUBLES as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before everything was up.")

    def run(self, port: int, wishes: list[str]) -> None:
        """Bring everything up, wait for Ctrl-C, take everything down; data stays. `wishes` are load_demo's options."""
        require_free(port)
        try:
            with self.step("PostgreSQL and Valkey"):
                self.env = self.environment(bring_up(self.family, self.data), port)
                self.write_env_file()
            with self.step("tables and demo data"):
                keys = self.manage("load_demo", "--migrate", *wishes)
            self.collect_static()
            with self.step("web, workers and beat"):
                self.start_processes(port)
            self.family.listen()
            self.welcome(port, keys)
            self.family.watch()
        finally:
            # A second Ctrl-C would leave children behind; each of them has a limited time to stop anyway.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self.stdout.write("\nStopping …")
            self.family.stop()
            self.stdout.write("Everything is stopped; the data is kept.")

    def environment(self, addresses: dict[str, str], port: int) -> dict[str, str]:
        """What every child gets: our own, and what the demo settles."""
        return {
            "MARKET_CALENDAR": "demo",
            "DATA_DIR": str(self.data),
            "SITE_URL": f"http://localhost:{port}",
            **os.environ,
            **addresses,
            "DEMO": "1",
            "SECRET_KEY": os.environ.get("SECRET_KEY") or kept_secret(self.data / "secret_key"),
            "PYTHONUNBUFFERED": "1",
        }

    def write_env_file(self) -> None:
        """For other commands in another terminal: `set -a; . .data/env`. Its owner's alone, it holds passwords."""
        path = self.data / "env"
        path.unlink(missing_ok=True)
        words = "".join(f"{name}={shlex.quote(self.env[name])}\n" for name in KEPT_IN_ENV_FILE)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(words)

    def manage(self, command: str, *arguments: str) -> str:
        """Run one management command to its end; returns what it printed. Raises ChildError.

        Without the checks of the code, which import every page: `make check` runs them, a start need not wait.
        """
        program: list[str | Path] = [sys.executable, processes.ROOT / "manage.py", command, "--skip-checks"]
        argv = [*program, *arguments]
        log = self.logs / f"{command}.log"
        child = Child(f"manage.py {command}", argv, log=log, env=self.env, cwd=processes.ROOT).start()
        assert child.process is not None
        try:
            code = child.process.wait()
        finally:
            child.stop()
        if code != 0:
            raise ChildError(child.epitaph())
        return child.output()

    def collect_static(self) -> None:
        """Copies take seconds, so only when a file changed since the last time."""
        if not static_is_current(self.data):
            with self.step("static files"):
                self.manage("collectstatic", "--noinput", "--verbosity", "0")
                remember_static(self.data)

    def start_processes(self, port: int) -> None:
        """Start all side by side, then wait for each."""
        env, logs, broker = self.env, self.logs, self.env["REDIS_URL"]
        web = processes.web(port=port, log=logs / "web.log", env=env)
        engine = processes.worker(
            name="engine", queues=["engine"], concurrency=2, log=logs / "worker-engine.log", env=env
        )
        default = processes.worker(
            name="default", queues=["default"], concurrency=1, log=logs / "worker-default.log", env=env
        )
        beat = processes.beat(folder=self.data, log=logs / "beat.log", env=env)
        for child in (web, engine, default, beat):
            self.family.add(child).start()
        processes.await_web(web, port)
        processes.await_worker(engine, "engine", broker)
        processes.await_worker(default, "default", broker)

    def welcome(self, port: int, keys: str) -> None:
        """The address and who may sign in."""
        lines = [f"  {address:<28} {what}" for address, what in SIGN_INS]
        self.stdout.write("\n".join(["", keys.strip(), "", "Sign-ins, password `demo`:", *lines, ""]))
        self.stdout.write(f"  →  http://127.0.0.1:{port}/      (Ctrl-C stops everything and keeps the data)")
        self.stdout.write(f"     logs: {self.logs}")
        self.stdout.write(
            f"     other commands: set -a; . {self.data / 'env'}; manage.py reconcile (as README says)"
        )
        self.stdout.flush()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One line of progress: name, tick, and how long it took."""
        self.stdout.write(f"  {name:<28}", ending="")
        self.stdout.flush()
        start = time.monotonic()
        try:
            yield
        except BaseException:
            self.stdout.write("✗")
            raise
        if self.family.stop_requested:
            raise KeyboardInterrupt
        now = time.monotonic()
        self.stdout.write(f"✓ {now - start:5.1f} s   ({now - self.began:.1f} s in all)")

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Two demos on one folder would fight for its data; the lock goes with the process."""
        with (self.data / "demo.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise CommandError(f"A demo runs already on {self.data} (process {lock.read()}).") from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def interrupt(self, number: int, frame: object) -> None:
        """Ctrl-C, SIGTERM and SIGHUP unwind the stack.

        Python drops an exception that is raised inside a destructor or a callback of the interpreter; the
        note stays, and the end of the step reads it.
        """
        self.family.stop_requested = True
        raise KeyboardInterrupt
