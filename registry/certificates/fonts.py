"""The pages' own Chinese font for PDFs: Noto Sans SC as its package brings it, in about a hundred parts.

Each part's style sheet entry says which characters it holds. A document takes the few parts that its text needs
and embeds of them the characters it uses, so it shows Chinese on a machine without a Chinese font.
"""

import re
from bisect import bisect_right
from functools import cache
from pathlib import Path

from django.conf import settings

FACE = re.compile(r"url\(\./files/([a-z0-9-]+\.woff)\)[^}]*?unicode-range:\s*([^;}]+)", re.DOTALL)


class FontMissing(Exception):
    """The font's package is not installed: `make install`."""


def part_of(char: str, weight: int) -> Path | None:
    """The file that holds a character; None where the font has none. Raises FontMissing."""
    starts, ranges = _ranges(weight)
    name = _part(ord(char), starts, ranges)
    return folder() / name if name else None


def folder() -> Path:
    return Path(settings.NODE_MODULES) / "@fontsource" / "noto-sans-sc" / "files"


@cache
def _ranges(weight: int) -> tuple[list[int], list[tuple[int, int, str]]]:
    """First characters, in order, and (first, last, file) beside them."""
    sheet = folder().parent / f"{weight}.css"
    try:
        text = sheet.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise FontMissing(str(sheet)) from error
    found: list[tuple[int, int, str]] = []
    for name, listed in FACE.findall(text):
        for one in listed.split(","):
            first, _, last = one.strip().removeprefix("U+").partition("-")
            found.append((int(first, 16), int(last or first, 16), name))
    found.sort()
    return [first for first, _, _ in found], found


def _part(point: int, starts: list[int], ranges: list[tuple[int, int, str]]) -> str:
    """The file with this character; empty where the font has none."""
    # Ranges of different parts do not overlap, but for a few Latin signs that several have.
    for index in range(bisect_right(starts, point) - 1, max(-1, bisect_right(starts, point) - 9), -1):
        first, last, name = ranges[index]
        if first <= point <= last:
            return name
    return ""
