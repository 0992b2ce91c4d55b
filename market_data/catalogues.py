"""Translations: from the .po files people edit to the .mo files that gettext reads.

A bare machine has no msgfmt, and compiled files in the repository would contradict their source sooner or
later. So the start of any process compiles what is older than its sources: a few milliseconds, once.

A language's words lie in several .po files, one a subject, all of them parts of the one domain `django`.
"""

import io
import os
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.reloader import translation_file_changed


def compile_stale(folders: Iterable[Path]) -> None:
    """Write django.mo of every language in `folders` that is older than a part; silent where the disk is read-only.

    An image is built with its catalogues in it, so a read-only disk is no reason to stop.
    """
    for folder in (path for base in folders for path in sorted(base.glob("*/LC_MESSAGES"))):
        sources, target = sorted(folder.glob("*.po")), folder / "django.mo"
        if not sources or not is_stale(sources, target):
            continue
        # Several processes start at once: each writes its own file, and the rename is atomic.
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            draft.write_bytes(compiled(*(source.read_text(encoding="utf-8") for source in sources)))
            draft.replace(target)
            # Django has looked up words of its own while models were made, and keeps what it found then.
            translation_file_changed(None, target)
        except PermissionError:
            draft.unlink(missing_ok=True)
        except OSError as error:
            if error.errno != 30:  # EROFS
                raise


def is_stale(sources: Iterable[Path], target: Path) -> bool:
    """Whether a part is newer than what was compiled."""
    if not target.exists():
        return True
    made = target.stat().st_mtime_ns
    return any(made < source.stat().st_mtime_ns for source in sources)


def compiled(*texts: str) -> bytes:
    """The GNU .mo form of the parts; fuzzy and untranslated entries are left out, so that the original shows."""
    whole: Catalog = Catalog()
    for text in texts:
        for entry in read_po(io.StringIO(text)):
            if entry.id and not entry.fuzzy:
                whole[entry.id] = entry
    target = io.BytesIO()
    write_mo(target, whole, use_fuzzy=False)
    return target.getvalue()
