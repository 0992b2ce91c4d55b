"""The rules of this repository that a machine can hold: nothing skipped, rooms small, no foreign hosts."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house_rules import ROOT

FILE_LINES = 300
FUNCTION_LINES = 40
APPS = ("accounts", "registry", "exchange", "market_data", "config", "tests")
# The package index and mirrors are the machine's business; a lock that names one works nowhere else.
INDEX_ADDRESS = re.compile(
    r"https?://(?!github\.com|opencollective\.com|[\w.]*\bspdx\b)\S*(pypi|npmjs|/simple)", re.IGNORECASE
)

SKIPPING = """
import pytest

@pytest.mark.skip(reason="not today")
def test_left_out():
    pass

def test_fine():
    pass
"""
MARKED = """
import pytest

@pytest.mark.real_data
def test_of_bulletins():
    raise AssertionError("must not run without data")

def test_fine():
    pass
"""


def sources() -> Iterator[Path]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def test_files_stay_below_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in sources()
        if (n := len(path.read_text().splitlines())) > FILE_LINES
    }
    assert not long


def test_functions_stay_below_40_lines() -> None:
    long = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > FUNCTION_LINES:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = length
    assert not long


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock", "package-lock.json"]
)
def test_locks_name_no_package_index(name: str) -> None:
    assert not INDEX_ADDRESS.findall((ROOT / name).read_text())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    packages = [entry for entry in entries if "==" in entry.split("\n", 1)[0]]
    assert packages
    assert all("--hash=sha256:" in entry for entry in packages)


def test_psycopg_3_stays_out() -> None:
    """Django silently prefers it to psycopg2, and `post()` uses psycopg2's COPY."""
    assert not re.search(r"^psycopg(-|==|\[)", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)


def run_pytest(folder: Path, source: str, *options: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """A run of its own with our hooks, without servers, on one file."""
    (folder / "test_inner.py").write_text(source)
    (folder / "conftest.py").write_text(
        "from tests.support.house_rules import HouseRules\n"
        "def pytest_configure(config):\n    config.pluginmanager.register(HouseRules(config))\n"
    )
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = real_data: x\n live: x\n browser: x\n")
    argv = [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", *options]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_skipped_test_fails_the_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run_pytest(tmp_path, SKIPPING, *options)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "SKIPPED, which fails the run here: test_inner.py::test_left_out" in done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_missing_real_data_is_said_with_the_number_of_tests(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run_pytest(tmp_path, MARKED, *options, REAL_DATA_DIR=str(tmp_path / "nowhere"))
    assert done.returncode == pytest.ExitCode.OK, done.stdout
    assert "NOT RUN: 1 test(s) marked real_data" in done.stdout
    assert "nowhere" in done.stdout


def test_real_data_tests_run_where_the_data_is(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, MARKED, REAL_DATA_DIR=str(tmp_path))
    assert "must not run without data" in done.stdout
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
