"""Translations: from the .po files people edit to the .mo files that gettext reads.

A bare machine has no msgfmt, and compiled files in the repository would contradict their source sooner or
later. So the start of any process compiles what is older than its source: a few milliseconds, once.
"""

import ast
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

MAGIC = 0x950412DE
HEADER = struct.Struct("<7I")
KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")


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
    """The GNU .mo form of a .po file: two tables of (length, offset), then the strings, sorted by original."""
    messages = sorted((key.encode(), value.encode()) for key, value in catalogue(text).items())
    count = len(messages)
    at = HEADER.size + 16 * count
    tables: list[bytes] = []
    strings: list[bytes] = []
    for column in (0, 1):
        for message in messages:
            tables.append(struct.pack("<2I", len(message[column]), at))
            strings.append(message[column] + b"\0")
            at += len(message[column]) + 1
    header = HEADER.pack(MAGIC, 0, count, HEADER.size, HEADER.size + 8 * count, 0, 0)
    return b"".join([header, *tables, *strings])


def catalogue(text: str) -> dict[str, str]:
    """Original → translation, as gettext keys them: context joined by EOT, plural forms by NUL.

    Fuzzy and untranslated entries are left out, so that the original shows instead.
    """
    found: dict[str, str] = {}
    for entry in entries(text):
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        if "msgid" not in entry or not all(forms) or "fuzzy" in entry:
            continue
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = f"{entry['msgctxt']}\x04{key}"
        if "msgid_plural" in entry:
            key = f"{key}\0{entry['msgid_plural']}"
        found[key] = "\0".join(forms)
    return found


def entries(text: str) -> Iterator[dict[str, str]]:
    """The entries of a .po file, each as {keyword: joined string}; blank lines part them."""
    entry: dict[str, str] = {}
    field = ""
    for line in [*text.splitlines(), ""]:
        stripped = line.strip()
        if not stripped:
            if entry:
                yield entry
            entry, field = {}, ""
        elif stripped.startswith("#,") and "fuzzy" in stripped:
            entry["fuzzy"] = "yes"
        elif stripped.startswith('"'):
            entry[field] += ast.literal_eval(stripped)
        elif stripped.startswith(KEYWORDS):
            field, _, quoted = stripped.partition(" ")
            entry[field] = ast.literal_eval(quoted.strip())
