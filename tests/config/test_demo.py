"""`manage.py demo` in a data folder of its own, as a person would run it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.local.ports import answers, free_port
from tests.support.house_rules import ROOT

START_LIMIT_S = 120
#: The whole nation is loaded in tests/demo.
EMITTERS = 60

pytestmark = pytest.mark.live


class Demo:
    """One run of the command; its output goes to a file that can be read while it runs."""

    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.output_path = data.with_suffix(f".{time.monotonic_ns()}.txt")
        env = {key: value for key, value in os.environ.items() if key not in HARNESS}
        argv = [sys.executable, "manage.py", "demo", "--port", str(port), "--emitters", str(EMITTERS)]
        with self.output_path.open("w") as output:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env={**env, "DATA_DIR": str(data)}, stdout=output, stderr=output
            )

    @property
    def output(self) -> str:
        return self.output_path.read_text()

    def await_words(self, words: str, *, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while words not in self.output:
            assert time.monotonic() < deadline, f"no {words!r} after {timeout_s} s:\n{self.output}"
            try:
                self.process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            assert words in self.output, f"ended:\n{self.output}"

    def await_end(self) -> int:
        return self.process.wait(timeout=60)


# What the test run sets for itself; a person's shell has none of it.
HARNESS = {
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEMO", "DATA_DIR", "MARKET_CALENDAR", "DJANGO_ALLOW_ASYNC_UNSAFE",
    "TANSHI_TEST_DATA", "TANSHI_TOOLING", "DEBUG",
}  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kept over the module: the later tests start on what the first one left."""
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture
def demo(data: Path) -> Iterator[Demo]:
    run = Demo(data, free_port())
    yield run
    run.process.send_signal(signal.SIGINT)
    try:
        run.await_end()
    finally:
        run.process.kill()


def test_it_comes_up_and_ctrl_c_stops_all_and_keeps_the_data(demo: Demo, data: Path) -> None:
    demo.await_words("Ctrl-C stops everything", timeout_s=START_LIMIT_S)
    assert "trader@jianghai.example" in demo.output
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/healthz", timeout=10) as response:
        assert response.status == 200
    members = descendants(demo.process.pid)
    assert len(members) >= 6
    command = f"set -a; . {data / 'env'}; {sys.executable} manage.py reconcile"
    asked = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.count(" ok") == len(settings.AUDIT_CHECKS)
    demo.process.send_signal(signal.SIGINT)
    assert demo.await_end() == 0
    assert not [pid for pid in members if alive(pid)]
    assert not answers(demo.port)
    assert (data / "postgres").is_dir()


def test_a_dead_child_is_said_with_its_log_and_ends_the_demo(demo: Demo, data: Path) -> None:
    demo.await_words("Ctrl-C stops everything", timeout_s=START_LIMIT_S)
    # The second start finds its tables, its data and its static files; how fast, `manage.py bench demo` says.
    assert "static files" not in demo.output
    members = descendants(demo.process.pid)
    beat = next(pid for pid in members if b"beat-schedule" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(beat, signal.SIGKILL)
    assert demo.await_end() != 0
    assert "beat was killed by signal 9" in demo.output
    assert str(data / "logs" / "beat.log") in demo.output
    assert not [pid for pid in members if alive(pid)]


def test_a_second_demo_on_the_same_data_is_refused(demo: Demo, data: Path) -> None:
    demo.await_words("PostgreSQL and Valkey", timeout_s=START_LIMIT_S)
    second = Demo(data, free_port())
    assert second.await_end() != 0
    assert f"A demo runs already on {data} (process {demo.process.pid})" in second.output


def test_a_busy_port_is_said_plainly_before_anything_starts(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = Demo(data, port)
        assert run.await_end() != 0
    assert (
        f"Port {port} cannot be used: Address already in use. Choose another: make demo PORT={port + 1}"
        in run.output
    )
    assert "PostgreSQL" not in run.output


def test_secrets_are_for_their_owner_alone(data: Path) -> None:
    """Runs after a start: the key that signs sessions and the logs, which hold API keys."""
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (data / "env").stat().st_mode & 0o777 == 0o600
    assert (data / "logs").stat().st_mode & 0o777 == 0o700


def descendants(pid: int) -> list[int]:
    """Every process below this one, from the kernel's own list."""
    children = [
        int(word)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for word in path.read_text().split()
    ]
    return [member for child in children for member in [child, *descendants(child)]]


def alive(pid: int) -> bool:
    """False for a zombie: it runs no more."""
    try:
        return not re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return False
