"""Every word that people see has a Chinese form, and the catalogue compiles without the gettext tools."""

import ast
import gettext
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from market_data.catalogues import compile_stale, compiled
from tests.support.house_rules import ROOT

SOURCES = sorted((ROOT / "locale" / "zh_Hans" / "LC_MESSAGES").glob("*.po"))
APPS = ("accounts", "registry", "exchange", "market_data", "config")
TRANSLATE = re.compile(r"""{%\s*translate\s+("(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
PLACE = re.compile(r"{{\s*(\w+)[^}]*}}")


def entries() -> Iterator[tuple[str, str, str]]:
    """File, original and Chinese of every finished entry of every part."""
    for source in SOURCES:
        for entry in read_po(io.StringIO(source.read_text(encoding="utf-8"))):
            if entry.id and entry.string and not entry.fuzzy and not entry.context:
                yield source.name, str(entry.id), str(entry.string)


def translated() -> dict[str, str]:
    return {original: chinese for _, original, chinese in entries()}


def in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for found in TRANSLATE.finditer(text):
            yield (found["double"] or found["single"] or "").replace("%", "%%")
        for found in BLOCK.finditer(text):
            yield PLACE.sub(r"%(\1)s", found[1].replace("%", "%%"))


def in_code() -> Iterator[str]:
    """First arguments of `_`, `gettext` and its relatives."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                    "_",
                    "gettext",
                    "gettext_lazy",
                    "gettext_noop",
                }:
                    argument = node.args[0] if node.args else None
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def test_every_word_on_a_page_has_its_chinese() -> None:
    known = translated()
    missing = sorted(word for word in {*in_templates(), *in_code()} if word and word not in known)
    assert missing == []


def test_a_word_stands_in_one_part_only() -> None:
    """Two parts that say one word differently would make the page depend on the order of files."""
    homes: dict[str, list[str]] = {}
    for part, original, _ in entries():
        homes.setdefault(original, []).append(part)
    assert {word: parts for word, parts in homes.items() if len(parts) > 1} == {}


def test_no_translation_loses_or_invents_a_place_for_a_value() -> None:
    places = re.compile(r"%\(\w+\)s|{\w+}|%s")
    known = translated()
    wrong = [
        original for original, chinese in known.items()
        if original and sorted(places.findall(original)) != sorted(places.findall(chinese))
    ]  # fmt: skip
    assert wrong == []


def test_compiled_words_are_what_gettext_reads() -> None:
    source = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Desk"\nmsgstr "交"\n"易"\n\n'
        'msgctxt "order"\nmsgid "Open"\nmsgstr "挂牌中"\n\n'
        '#, fuzzy\nmsgid "Old"\nmsgstr "旧"\n\nmsgid "Left"\nmsgstr ""\n'
    )
    words = gettext.GNUTranslations(io.BytesIO(compiled(source)))
    assert words.gettext("Desk") == "交易"
    assert words.pgettext("order", "Open") == "挂牌中"
    assert words.gettext("Old") == "Old"
    assert words.gettext("Left") == "Left"


def test_parts_make_one_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "Desk"\nmsgstr "交易"\n', encoding="utf-8")
    (folder / "allocation.po").write_text('msgid "Plan"\nmsgstr "方案"\n', encoding="utf-8")
    compile_stale([tmp_path])
    words = gettext.GNUTranslations(io.BytesIO((folder / "django.mo").read_bytes()))
    assert (words.gettext("Desk"), words.gettext("Plan")) == ("交易", "方案")
    assert [path.name for path in folder.glob("*.mo")] == ["django.mo"]


def test_a_catalogue_is_compiled_when_its_source_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, target = folder / "django.po", folder / "django.mo"
    source.write_text('msgid "Desk"\nmsgstr "交易"\n', encoding="utf-8")
    compile_stale([tmp_path])
    first = target.read_bytes()
    source.write_text('msgid "Desk"\nmsgstr "柜台"\n', encoding="utf-8")
    os.utime(source, ns=(target.stat().st_mtime_ns + 1, target.stat().st_mtime_ns + 1))
    compile_stale([tmp_path])
    assert target.read_bytes() != first


def test_the_first_process_in_a_fresh_clone_speaks_chinese(tmp_path: Path) -> None:
    """Django asks for words while it loads its own models, before anything is compiled."""
    words = tmp_path / "zh_Hans" / "LC_MESSAGES"
    words.mkdir(parents=True)
    for source in SOURCES:
        (words / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    script = (
        "import config.settings as settings, django, pathlib\n"
        f"settings.LOCALE_PATHS = [pathlib.Path({str(tmp_path)!r})]\n"
        "django.setup()\n"
        "from django.utils import translation\n"
        "translation.activate('zh-hans'); print(translation.gettext('Desk'))\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONIOENCODING": "utf-8"}
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "交易"


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    """The content policy forbids both; a template with one would be broken for everybody."""
    inline = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", re.IGNORECASE)
    wrong = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if inline.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
