"""The browser of the tests is real and headless, and a machine without one gets a clear word."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support import chromium


def test_it_runs_scripts(page: Page) -> None:
    page.set_content("<output></output><script>document.querySelector('output').textContent = 6 * 7</script>")
    assert page.locator("output").text_content() == "42"


def test_without_any_browser_the_word_says_what_was_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tried: list[str] = []

    def fails(command: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[str]":
        tried.append(" ".join(map(str, command)))
        return subprocess.CompletedProcess(command, 100, "", "no network here")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(chromium.NoBrowserError, match=r"no chromium.* on PATH.*no network here"):
        chromium.executable(tmp_path / "none")
    assert any("playwright install" in command for command in tried)
