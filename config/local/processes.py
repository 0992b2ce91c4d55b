"""Our own processes: web, workers and beat. The demo and the tests start exactly these."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from celery import Celery

from config.local.children import Child
from config.local.ports import LOOPBACK, answers

ROOT = Path(__file__).resolve().parents[2]


def web(*, port: int, log: Path, env: Mapping[str, str]) -> Child:
    """One uvicorn on 127.0.0.1. Open WebSockets get 3 s to leave when it stops."""
    words = [
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--no-access-log",
        "--timeout-graceful-shutdown",
        "3",
        # The hub encodes a message once for all clients; compressing it once for each would undo that.
        "--ws-per-message-deflate",
        "false",
    ]
    argv = [sys.executable, *words, "--host", LOOPBACK, "--port", str(port)]
    return Child("web server", argv, log=log, env=env, cwd=ROOT)


def await_web(child: Child, port: int, *, timeout_s: float = 30) -> None:
    """Return when the web process answers requests. Raises ChildError."""
    child.await_ready(lambda: answers(port) and serves(port), timeout_s=timeout_s)


def serves(port: int) -> bool:
    """Whether /healthz is answered without a server error."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def worker(*, name: str, queues: Sequence[str], concurrency: int, log: Path, env: Mapping[str, str]) -> Child:
    """One Celery worker. Without mingle, which waits a second for neighbours that it does not need."""
    words = [
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "--without-mingle",
        "--without-gossip",
        "--loglevel",
        "INFO",
    ]
    argv = [sys.executable, *words, "-Q", ",".join(queues), "-c", str(concurrency), "-n", f"{name}@tanshi"]
    return Child(f"worker {name}", argv, log=log, env=env, cwd=ROOT)


def await_worker(child: Child, name: str, redis_url: str, *, timeout_s: float = 30) -> None:
    """Return when the worker answers a ping over the broker. Raises ChildError."""
    # An application of its own: this process may be configured for another broker.
    with Celery("asks", broker=redis_url, set_as_current=False) as asking:

        def answers_ping() -> bool:
            return bool(asking.control.ping(destination=[f"{name}@tanshi"], timeout=0.5, limit=1))

        child.await_ready(answers_ping, timeout_s=timeout_s)


def beat(*, folder: Path, log: Path, env: Mapping[str, str]) -> Child:
    """Celery's clock. Its timetable's state lies in `folder` and may be lost."""
    words = ["-m", "celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]
    argv = [sys.executable, *words, "--schedule", str(folder / "beat-schedule")]
    return Child("beat", argv, log=log, env=env, cwd=ROOT)
