"""Real servers for a test run, started before Django reads its settings.

pytest-django loads the settings in a hook that runs before any conftest, and the settings read DATABASE_URL.
So this is a plugin, named in pyproject.toml, whose wrapper runs before that hook.

One PostgreSQL for the run: each xdist worker makes its own database in it. One Valkey for each process:
pub/sub does not know database numbers, and a test that flushes Valkey must not flush its neighbour's.
"""

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from config.local.children import Family
from config.local.identity import forget
from config.local.servers import bring_up
from tests.support import house_rules

# Tests trade durability of nothing: fsync stays on, what a test shows about a crash must be true.
POSTGRES_SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "max_connections": "300"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the servers and put their addresses where the settings look."""
    family = Family()
    folder = Path(tempfile.mkdtemp(prefix="tanshi-tests-"))
    # Removed last: closing functions run in reverse order.
    early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    early_config.add_cleanup(lambda: forget(folder / "postgres"))
    early_config.add_cleanup(family.stop)
    # A thread that hears Valkey go has nowhere left to log to.
    early_config.add_cleanup(lambda: setattr(logging, "raiseExceptions", False))
    if "PYTEST_XDIST_WORKER" in os.environ:
        # DATABASE_URL is the main process's; the Valkey named there is its own.
        os.environ.pop("REDIS_URL", None)
    os.environ.update(bring_up(family, folder, settings=POSTGRES_SETTINGS))
    os.environ.update(
        TANSHI_TEST_DATA=str(folder),
        DATA_DIR=str(folder),
        DEMO="1",
        MARKET_CALENDAR="demo",
        # The browser's driver runs an event loop in the test's thread; Django would refuse the ORM there.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe())
    early_config.pluginmanager.register(house_rules.HouseRules(early_config), "tanshi-house-rules")
    return (yield)
