"""Child processes: each with a log of its own, awaited by a condition, stopped with its parent.

Every child gets a session of its own, so that Ctrl-C in the terminal reaches only the parent, which then
stops the children in order. If the parent is killed, Linux signals the children (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from config.local.identity import STRAIGHT, Identity

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
TICK_S = 0.05


class ChildError(Exception):
    """A child died, or did not become ready; the message names it and its log."""


class Child:
    """One child process and its log file.

    Start it from the main thread: Linux counts the thread that forked as the parent, and would signal the
    child when that thread ends.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        identity: Identity = STRAIGHT,
        stop_signal: signal.Signals = signal.SIGTERM,
        stdin: str = "",
    ) -> None:
        self.name = name
        self.argv = [*identity.prefix, *map(str, argv)]
        self.log = log
        self.env = None if env is None else dict(env)
        self.cwd = cwd
        self.identity = identity
        self.stop_signal = stop_signal
        self.stdin = stdin
        self.process: subprocess.Popen[bytes] | None = None
        self.log_start = 0

    def start(self) -> "Child":
        """Start the process; its output is appended to the log."""
        assert not self.alive, f"{self.name} runs already"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(
                self.argv,
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                user=self.identity.uid,
                group=self.identity.gid,
                extra_groups=None if self.identity.uid is None else [],
                start_new_session=True,
                preexec_fn=lambda: end_with_parent(parent, self.stop_signal),  # noqa: PLW1509 - no threads yet
            )
        if self.stdin and self.process.stdin:
            self.process.stdin.write(self.stdin.encode())
            self.process.stdin.close()
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None, f"{self.name} was never started"
        return self.process.pid

    def output(self) -> str:
        """What the process has written since its last start."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def await_ready(self, ready: Callable[[], bool], *, timeout_s: float = 30) -> None:
        """Return when `ready()` holds. Raises ChildError if the process dies or takes too long."""
        deadline = time.monotonic() + timeout_s
        while not ready():
            if self.ended_within(TICK_S):
                raise ChildError(self.epitaph())
            if time.monotonic() > deadline:
                raise ChildError(f"{self.name} is not ready after {timeout_s:g} s. Log: {self.log}")

    def ended_within(self, seconds: float) -> bool:
        """Whether the process ends within that time; returns at once when it does."""
        assert self.process is not None
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def epitaph(self) -> str:
        """What a person must know about the dead process: how it ended, its last words, its log."""
        assert self.process is not None
        code = self.process.returncode
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        last = "\n".join(f"    {line}" for line in self.output().strip().splitlines()[-8:])
        return f"{self.name} {how}. Its last words:\n{last}\n  Log: {self.log}"

    def ask_to_stop(self) -> None:
        """Send the stop signal and return."""
        if self.process and self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, *, timeout_s: float = 10) -> None:
        """Ask the process to stop, and kill its whole group if it does not."""
        self.ask_to_stop()
        self.await_end(timeout_s=timeout_s)

    def await_end(self, *, timeout_s: float) -> None:
        """For a child that was asked to stop: asking twice would make Celery drop its running tasks."""
        if self.process and not self.ended_within(timeout_s):
            self.kill()

    def kill(self) -> None:
        """SIGKILL for the process and everything that it started."""
        if self.process:
            # The group outlives its leader where workers of a pool are still there.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def end_with_parent(parent: int, stop_signal: int) -> None:
    """Runs in the child before its program: ask Linux for the stop signal when the parent dies."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal))
    if os.getppid() != parent:  # The parent died before we could ask.
        os._exit(1)


class Family:
    """The children of one program. Servers outlive those who use them when all are stopped."""

    def __init__(self) -> None:
        self.servers: list[Child] = []
        self.users: list[Child] = []
        self.wake = threading.Event()
        self.stop_requested = False

    def add_server(self, child: Child) -> None:
        """A database or broker: stopped last."""
        self.servers.append(child)

    def add(self, child: Child) -> Child:
        """A process that uses the servers: stopped before them."""
        self.users.append(child)
        return child

    def listen(self) -> None:
        """From here on Ctrl-C raises nothing and waits for `watch`. Main thread only."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, self.on_signal)

    def watch(self) -> None:
        """After `listen`: return on Ctrl-C or SIGTERM; raise ChildError as soon as a child is dead."""
        while not self.stop_requested:
            for child in [*self.servers, *self.users]:
                if not child.alive:
                    raise ChildError(child.epitaph())
            # SIGCHLD wakes us at once; the timeout only covers a signal lost between check and wait.
            self.wake.wait(timeout=1)
            self.wake.clear()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Note what happened; the loop in `watch` acts on it."""
        if number != signal.SIGCHLD:
            self.stop_requested = True
        self.wake.set()

    def stop(self) -> None:
        """Stop all. Users are asked together, so that they stop side by side; then the servers."""
        for group in (self.users, self.servers):
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.await_end(timeout_s=20)
