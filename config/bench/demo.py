"""`bench demo`: how long `manage.py demo` takes until it says its address, the first time and the second.

Servers, data folder and port of its own; the database that the benchmark was given is not touched.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from config.local.ports import free_port
from config.local.processes import ROOT

READY = "Ctrl-C stops everything"
LIMIT_S = 600
#: What `make bench` sets for its own servers; the demo brings up others.
NOT_THE_DEMOS = {"DATABASE_URL", "REDIS_URL", "TANSHI_TOOLING", "DATA_DIR"}


def run(emitters: int = 0, starts: int = 3) -> dict[str, Any]:
    """Starts the demo `starts` times on one folder; `emitters` 0 is as many as the real market has."""
    with tempfile.TemporaryDirectory(prefix="tanshi-bench-") as folder:
        data = Path(folder) / "data"
        seconds = [start_and_stop(data, Path(folder) / f"{number}.txt", emitters) for number in range(starts)]
    later = sorted(seconds[1:])
    return {
        "bench": "demo",
        "value": round(later[len(later) // 2], 2),
        "unit": "s until a later start of the demo says its address",
        "baselines": {},
        "ratios": {},
        "details": {
            "first_start_s": round(seconds[0], 2),
            "later_starts_s": [round(each, 2) for each in later],
        },
    }


def start_and_stop(data: Path, output: Path, emitters: int) -> float:
    """Seconds until the address is said; everything is stopped again. Raises CommandError if it never is."""
    argv = [sys.executable, "manage.py", "demo", "--port", str(free_port())]
    argv += [f"--emitters={emitters}"] if emitters else []
    env = {key: value for key, value in os.environ.items() if key not in NOT_THE_DEMOS}
    began = time.perf_counter()
    with output.open("w") as said:
        process = subprocess.Popen(
            argv, cwd=ROOT, env={**env, "DATA_DIR": str(data)}, stdout=said, stderr=said
        )
    try:
        while READY not in output.read_text():
            if process.poll() is not None or time.perf_counter() - began > LIMIT_S:
                raise CommandError(f"The demo did not come up:\n{output.read_text()}")
            time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
