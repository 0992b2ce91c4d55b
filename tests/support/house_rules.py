"""No test is left out silently: a skip fails the run, and missing real data is said at its end."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIVE_FIXTURES = {"worker", "make_worker", "site", "beat"}
BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}


def real_data_dir() -> Path:
    """Where the real bulletins lie: REAL_DATA_DIR, else beside the repository."""
    return Path(os.environ.get("REAL_DATA_DIR") or ROOT.parent / "shared" / "data")


class HouseRules:
    """Pytest hooks; the main process of a distributed run hears of its workers' counts by `workeroutput`."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.skipped: list[str] = []
        self.without_data = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Mark what fixtures give away, so that `-m` finds it; put aside what has no data."""
        for item in items:
            fixtures = set(getattr(item, "fixturenames", ()))
            if fixtures & LIVE_FIXTURES:
                item.add_marker("live")
            if fixtures & BROWSER_FIXTURES:
                item.add_marker("browser")
        if real_data_dir().is_dir():
            return
        aside = [item for item in items if item.get_closest_marker("real_data")]
        items[:] = [item for item in items if item not in aside]
        config.hook.pytest_deselected(items=aside)
        self.without_data = len(aside)

    @pytest.hookimpl(specname="pytest_collection_modifyitems", trylast=True)
    def pytest_begin_with_the_long_ones(self, items: list[pytest.Item]) -> None:
        """After pytest-django's order: who commits comes later, as the tables are emptied then."""

        def goes_on(item: pytest.Item) -> bool:
            commits = "transactional_db" in getattr(item, "fixturenames", ())
            return commits or item.get_closest_marker("first") is None

        items.sort(key=goes_on)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["without_data"] = self.without_data
        if self.skipped and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """xdist: every worker collects all tests, so that each one's count is the whole count."""
        output = getattr(node, "workeroutput", {})
        self.without_data = max(self.without_data, output.get("without_data", 0))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.without_data:
            terminalreporter.write_line(
                f"NOT RUN: {self.without_data} test(s) marked real_data, "
                f"because {real_data_dir()} does not exist (set REAL_DATA_DIR).",
                yellow=True,
            )
        for name in self.skipped:
            terminalreporter.write_line(f"SKIPPED, which fails the run here: {name}", red=True)
