"""As whom PostgreSQL runs: as an ordinary user, as root, and as root in a folder that only root may read."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.local.identity import (
    NAMESPACE,
    STRAIGHT,
    NoIdentityError,
    folder_outside,
    forget,
    lodge,
    path_outside,
)
from config.local.postgres import Postgres
from config.local.programs import find_postgres
from tests.support.house_rules import ROOT

ASK = (
    "import os, psycopg2, redis; c = psycopg2.connect(os.environ['DATABASE_URL']).cursor();"
    "c.execute('SELECT 6 * 7'); print(c.fetchone()[0], os.getuid(),"
    " redis.Redis.from_url(os.environ['REDIS_URL']).ping())"
)
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A data folder below one that only its owner may enter."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    yield closed / "postgres"
    forget(closed / "postgres")


def test_the_first_way_that_works_is_chosen(home: Path) -> None:
    lodging = lodge(find_postgres(), home)
    assert lodging.home == home or AS_ROOT
    assert lodging.identity == (STRAIGHT if not AS_ROOT else lodging.identity)
    assert not AS_ROOT or lodging.identity.name in {"namespace", "nobody"}


def test_without_namespaces_root_starts_it_as_nobody_and_opens_no_folder(home: Path) -> None:
    lodging = lodge(find_postgres(), home, allow_namespace=False)
    if not AS_ROOT:
        assert lodging.identity == STRAIGHT
        return
    before = permissions(home)
    server = Postgres(home, lodging=lodging, settings={"shared_buffers": "16MB"})
    server.start()
    try:
        psycopg2.connect(server.url).close()
        assert Path(f"/proc/{server.child.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid  # type: ignore[union-attr]
    finally:
        server.stop()
    assert permissions(home) == before


def test_the_namespace_leaves_everything_with_root(home: Path) -> None:
    lodging = lodge(find_postgres(), home)
    if lodging.identity != NAMESPACE:
        # Ordinary users need none, and some machines refuse it: then another way was found above.
        assert lodging.identity.reaches(lodging.programs.postgres, lodging.home)
        return
    server = Postgres(home, lodging=lodging, settings={"shared_buffers": "16MB"})
    server.start()
    server.stop()
    assert {path.stat().st_uid for path in home.rglob("*")} == {0}
    assert not path_outside(home).exists()


def test_a_folder_of_somebody_else_in_the_way_is_refused(home: Path) -> None:
    """Anybody may write in /var/tmp: programs and data must not end up in a folder laid there as a trap."""
    target = home.parent / "target"
    target.mkdir()
    path_outside(home).symlink_to(target)
    try:
        with pytest.raises(NoIdentityError, match="belongs to somebody else"):
            folder_outside(home)
    finally:
        path_outside(home).unlink()


def test_an_ordinary_user_brings_up_both_servers() -> None:
    """As root: in a copy of the launcher, as `nobody`. Otherwise we are an ordinary user already."""
    folder = Path(tempfile.mkdtemp(prefix="tanshi-user-"))
    try:
        env = {"PATH": os.environ["PATH"], "TMPDIR": str(folder), "TANSHI_TOOLING": "1"}
        uid = pwd.getpwnam("nobody").pw_uid if AS_ROOT else os.getuid()
        python, places = python_for(uid, folder)
        shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("__pycache__"))
        folder.chmod(0o755)
        os.chown(folder, uid, -1)
        done = subprocess.run(
            [python, "-m", "config.local", python, "-c", ASK],
            cwd=folder,
            env={**env, **places},
            user=uid if AS_ROOT else None,
            extra_groups=[] if AS_ROOT else None,
            capture_output=True,
            text=True,
        )
        assert done.stdout.split() == ["42", str(uid), "True"], done.stderr
        assert not list(folder.glob("tanshi-*")), "the servers' folder is removed"
    finally:
        shutil.rmtree(folder)


def python_for(uid: int, folder: Path) -> tuple[str, dict[str, str]]:
    """This very Python with its packages, run by the user; copied where the original is out of reach.

    Another Python of the machine will not do: some packages differ between patch releases.
    """
    packages = Path(sysconfig.get_path("purelib"))
    python = os.path.realpath(sys.executable)
    env: dict[str, str] = {}
    if not readable(Path(python), uid):
        ignored = shutil.ignore_patterns("__pycache__", "site-packages", "test", "share")
        home = shutil.copytree(sys.base_prefix, folder / "python", symlinks=True, ignore=ignored)
        python = str(home / "bin" / Path(python).name)
        env = {"PYTHONHOME": str(home), "LD_LIBRARY_PATH": str(home / "lib")}
    if not readable(packages, uid):
        packages = shutil.copytree(packages, folder / "packages")
    return python, {**env, "PYTHONPATH": os.pathsep.join([str(folder), str(packages)])}


def readable(path: Path, uid: int) -> bool:
    """Whether the user reaches the file or folder, tried for real."""
    user = uid if AS_ROOT else None
    return not subprocess.run(["test", "-r", path], user=user, cwd="/").returncode


def permissions(path: Path) -> list[tuple[Path, int, int]]:
    """Mode and owner of every folder above."""
    return [(parent, parent.stat().st_mode, parent.stat().st_uid) for parent in path.parents]
