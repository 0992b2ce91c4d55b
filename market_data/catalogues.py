"""Translations: from the .po files people edit to the .mo files that gettext reads.

A bare machine has no msgfmt, and compiled files in the repository would contradict their source sooner or
later. So the start of any process compiles what is older than its source: a few milliseconds, once.
"""

import io
import os
from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_stale(folders: Iterable[Path]) -> None:
    """Write the .mo beside every .po in `folders` that is newer; silent where the disk is read-only.

    An image is built with its catalogues in it, so a read-only disk is no reason to stop.
    """
    for source in (path for folder in folders for path in sorted(folder.glob("*/LC_MESSAGES/*.po"))):
        target = source.with_suffix(".mo")
        if not is_stale(source, target):
            continue
        # Several processes start at once: each writes its own file, and the rename is atomic.
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            draft.write_bytes(compiled(source.read_text(encoding="utf-8")))
            draft.replace(target)
        except PermissionError:
            draft.unlink(missing_ok=True)
        except OSError as error:
            if error.errno != 30:  # EROFS
                raise


def is_stale(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def compiled(text: str) -> bytes:
    """The GNU .mo form of a .po file; fuzzy and untranslated entries are left out, so that the original shows."""
    target = io.BytesIO()
    write_mo(target, read_po(io.StringIO(text)), use_fuzzy=False)
    return target.getvalue()
