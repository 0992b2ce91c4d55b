"""A headless Chromium: on PATH, else Playwright's own download, else Debian's package; else the run fails."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A closed network answers Chromium's own background requests with refusals by the dozen.
FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


class NoBrowserError(Exception):
    """No headless browser could be found or installed."""


def flags() -> list[str]:
    """Chromium's sandbox refuses root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS


def executable(playwright_path: Path) -> Path:
    """A Chromium that can be started. `playwright_path` is where Playwright would keep its own.

    Installs one where there is none; raises NoBrowserError with what was tried.
    """
    # Two test processes must not run an installer at the same time.
    with (Path(tempfile.gettempdir()) / f"tanshi-browser-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return find(playwright_path) or install(playwright_path)


def find(playwright_path: Path) -> Path | None:
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return playwright_path if playwright_path.exists() else None


def install(playwright_path: Path) -> Path:
    tried = ["no " + ", ".join(NAMES) + " on PATH"]
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts.append(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    for command in attempts:
        if command[0] == "apt-get":
            # Lists may be missing or old; if they cannot be had, the installation itself says why.
            subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if found := find(playwright_path):
            return found
        tried.append(f"`{' '.join(command[-4:])}` ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    raise NoBrowserError("Browser tests need a Chromium. Tried: " + "; ".join(tried))
