"""As whom PostgreSQL runs. It refuses root, so root needs a way that changes nothing on the machine.

1. An ordinary user: straight.
2. Root: a user namespace in which root is called 1000 (`unshare`). Files stay root's; no system user is made.
3. Root where namespaces are refused (many containers) or cannot reach the clone: `nobody`. If nobody cannot
   reach the clone either, programs and data go to a folder of our own under /var/tmp; the permissions of
   the clone's parents are never touched.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.local.programs import PostgresPrograms

IN_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


class NoIdentityError(Exception):
    """There is no way to run PostgreSQL as somebody who is not root."""


@dataclass(frozen=True)
class Identity:
    """How to start a program: words before its command line, and the user that it changes to."""

    name: str
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def reaches(self, program: Path, folder: Path) -> bool:
        """Whether this identity can run the program and write in the folder, tried for real."""
        script = 'test -x "$1" && test -r "$1" && test -w "$2"'
        argv = [*self.prefix, "sh", "-c", script, "sh", str(program), str(folder)]
        try:
            # The working directory may be closed to the other identity, so it is not inherited.
            done = subprocess.run(
                argv,
                check=False,
                user=self.uid,
                group=self.gid,
                capture_output=True,
                cwd="/",
                extra_groups=None if self.uid is None else [],
            )
        except OSError:
            return False
        return done.returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or folder of ours to this identity."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


STRAIGHT = Identity("straight")
NAMESPACE = Identity("namespace", prefix=IN_NAMESPACE)


def nobody() -> Identity:
    """The machine's least privileged user."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise NoIdentityError("PostgreSQL refuses root, and this machine has no user `nobody`.") from error
    return Identity("nobody", uid=entry.pw_uid, gid=entry.pw_gid)


@dataclass(frozen=True)
class Lodging:
    """Who runs PostgreSQL, with which programs, and in which folder its data lies."""

    identity: Identity
    programs: PostgresPrograms
    home: Path


def lodge(programs: PostgresPrograms, home: Path, *, allow_namespace: bool = True) -> Lodging:
    """Choose the first way that works for a cluster meant to lie in `home`. Raises NoIdentityError."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() != 0:
        return Lodging(STRAIGHT, programs, home)
    if allow_namespace and shutil.which("unshare") and NAMESPACE.reaches(programs.postgres, home):
        return Lodging(NAMESPACE, programs, home)
    return lodge_as_nobody(programs, home)


def lodge_as_nobody(programs: PostgresPrograms, home: Path) -> Lodging:
    """In the clone where `nobody` can reach it, else in a folder of our own outside."""
    identity = nobody()
    identity.own(home)
    if identity.reaches(programs.postgres, home):
        return Lodging(identity, programs, home)
    outside = folder_outside(home)
    if not identity.reaches(programs.postgres, outside):
        programs = copy_programs(programs, outside)
    home = outside / "data"
    home.mkdir(exist_ok=True, mode=0o700)
    identity.own(home)
    if not identity.reaches(programs.postgres, home):
        raise NoIdentityError(f"PostgreSQL refuses root, and `nobody` cannot use {outside}.")
    return Lodging(identity, programs, home)


def path_outside(home: Path) -> Path:
    """The name of the folder that stands in for `home` where `nobody` cannot reach it."""
    name = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"tanshi-{name}"  # noqa: S108 - its owner is checked before use


def forget(home: Path) -> None:
    """Remove what a passing run laid outside its own folder, if it did."""
    folder = path_outside(home)
    if folder.is_dir() and not folder.is_symlink() and folder.lstat().st_uid == os.geteuid():
        shutil.rmtree(folder)


def folder_outside(home: Path) -> Path:
    """A folder under /var/tmp that belongs to this clone alone; refuses one that somebody else laid there."""
    folder = path_outside(home)
    folder.mkdir(mode=0o755, exist_ok=True)
    entry = folder.lstat()
    if folder.is_symlink() or entry.st_uid != os.geteuid() or entry.st_mode & 0o022:
        raise NoIdentityError(f"{folder} belongs to somebody else: remove it.")
    return folder


def copy_programs(programs: PostgresPrograms, folder: Path) -> PostgresPrograms:
    """Copy the wheel's folders, libraries beside them, to where everybody may read them."""
    if not programs.copied:
        raise NoIdentityError(f"`nobody` may not run {programs.postgres}.")
    for source in programs.copied:
        target = folder / source.name
        if source.is_dir() and not target.is_dir():
            partial = folder / f"{source.name}.part"
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(source, partial)
            partial.rename(target)
    return PostgresPrograms(folder / programs.bin.relative_to(programs.copied[0].parent))
