"""PostgreSQL and Valkey of the launcher: they start, survive rough handling, and say what is wrong."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.local.children import ChildError
from config.local.identity import lodge
from config.local.postgres import Postgres, ServerInUseError
from config.local.programs import find_postgres
from config.local.valkey import Valkey


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", settings={"shared_buffers": "16MB"})
    server.start()
    yield server
    server.stop()


def rows(server: Postgres, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(server.url)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchall() if cursor.description else []
    connection.close()
    return found


def test_it_answers_with_fsync_on_and_only_on_loopback(postgres: Postgres) -> None:
    assert rows(postgres, "SHOW fsync") == [("on",)]
    assert rows(postgres, "SHOW listen_addresses") == [("127.0.0.1",)]


def test_it_refuses_a_wrong_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(postgres.url.replace("tanshi:", "tanshi:wrong"))


def test_its_password_is_for_its_owner_alone(postgres: Postgres) -> None:
    assert postgres.password_file.stat().st_mode & 0o777 == 0o600
    assert not (postgres.lodging.home / "initdb.password").exists()


def test_data_survives_a_restart(postgres: Postgres) -> None:
    rows(postgres, "CREATE TABLE kept AS SELECT 7 AS n")
    postgres.stop()
    postgres.start()
    assert rows(postgres, "SELECT n FROM kept") == [(7,)]


def test_it_starts_again_at_once_after_sigkill(postgres: Postgres) -> None:
    rows(postgres, "CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(postgres.child.pid, signal.SIGKILL)  # type: ignore[union-attr]
    # Not reaped: its number still stands in the lock file, and a zombie bears it. Its backends live too.
    reaper = threading.Timer(1.5, postgres.child.await_end, kwargs={"timeout_s": 5})  # type: ignore[union-attr]
    reaper.start()
    second = Postgres(postgres.password_file.parent, settings={"shared_buffers": "16MB"})
    second.start()
    try:
        assert rows(second, "SELECT n FROM kept") == [(7,)]
    finally:
        second.stop()


def test_a_lock_file_that_names_a_stranger_does_not_stop_it(postgres: Postgres) -> None:
    postgres.stop()
    (postgres.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.cluster}\n")
    postgres.start()
    assert rows(postgres, "SELECT 1") == [(1,)]


def test_a_second_server_on_the_same_folder_is_refused_by_name(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.local.postgres.LEAVING_TIMEOUT_S", 0)
    second = Postgres(postgres.password_file.parent)
    with pytest.raises(ServerInUseError, match=rf"process {postgres.child.pid}\b"):  # type: ignore[union-attr]
        second.start()
    assert rows(postgres, "SELECT 1") == [(1,)]


def test_the_reason_of_a_failed_start_is_told_with_the_log(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", settings={"shared_buffers": "nonsense"})
    with pytest.raises(ChildError, match='invalid value for parameter "shared_buffers"') as caught:
        server.start()
    assert str(tmp_path / "postgres" / "postgres.log") in str(caught.value)


def test_a_folder_deeper_than_a_socket_path_is_fine(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 6)
    server = Postgres(deep, settings={"shared_buffers": "16MB"})
    server.start()
    server.stop()


def test_the_chosen_identity_can_really_use_program_and_folder(tmp_path: Path) -> None:
    lodging = lodge(find_postgres(), tmp_path / "postgres")
    assert lodging.identity.reaches(lodging.programs.postgres, lodging.home)


def test_valkey_answers_after_a_kill_on_the_same_port(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path / "valkey.log")
    valkey.start()
    port = valkey.port
    valkey.child.kill()  # type: ignore[union-attr]
    valkey.start()
    try:
        assert valkey.answers()
        assert valkey.port == port
    finally:
        valkey.stop()
