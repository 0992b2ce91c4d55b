"""docker-compose.yml by its text: `docker compose config` exists only where Docker does (`make check` runs it)."""

import re
from typing import Any

import pytest
import yaml

from tests.support.house_rules import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]


def test_every_part_is_there() -> None:
    assert set(SERVICES) == {
        "postgres",
        "valkey",
        "migrate",
        "web",
        "worker-engine",
        "worker-default",
        "beat",
    }


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_what_runs_on_tells_its_health(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "SITE_URL", "ALLOWED_HOSTS"]
)
def test_a_secret_has_no_default_and_says_what_is_missing(name: str) -> None:
    uses = re.findall(r"(?<!\$)\$\{" + name + r"(.*?)\}", TEXT)
    assert uses
    assert all(re.match(r":\?\S", use) for use in uses)


def test_the_database_survives_and_valkey_keeps_nothing() -> None:
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    assert "--save ''" in SERVICES["valkey"]["command"][-1]


def test_nobody_outside_the_machine_reaches_it_without_a_proxy() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_process_of_ours_waits_for_the_migrations() -> None:
    for name in ("web", "worker-engine", "worker-default", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_demo_cannot_be_switched_on_here() -> None:
    assert "DEMO" not in TEXT
    assert all(
        service.get("environment", {}).get("MARKET_CALENDAR", "xshg") == "xshg"
        for service in SERVICES.values()
    )
