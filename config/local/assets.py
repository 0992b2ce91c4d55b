"""Whether the collected static files are still those of the sources."""

import hashlib
from pathlib import Path

from django.contrib.staticfiles.finders import get_finders


def fingerprint() -> str:
    """A digest of every source file's name, size and time; reading the contents would take longer."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            entry = Path(storage.path(name)).stat()
            digest.update(f"{name} {entry.st_size} {entry.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def mark(data: Path) -> Path:
    return data / "static.fingerprint"


def static_is_current(data: Path) -> bool:
    """Whether nothing changed since `remember_static`."""
    return mark(data).exists() and mark(data).read_text() == fingerprint()


def remember_static(data: Path) -> None:
    mark(data).write_text(fingerprint())
