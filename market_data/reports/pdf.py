"""A report for printing: landscape A4, every table, in Chinese or English, with the fonts of the certificates.

Long tables are cut, and say so: the whole of them stands in CSV, XLSX and Parquet.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from fpdf import FPDF

from market_data.models import Report
from market_data.reports import notice
from market_data.reports.tables import Cell, Column, Kind, Table
from registry.certificates.writing import Writer

LEFT, WIDTH, BOTTOM = 12.0, 273.0, 196.0
INK, QUIET, ACCENT, LINE = (23, 33, 43), (86, 97, 109), (11, 114, 133), (221, 226, 231)
#: Lines of one table that are printed.
MOST_LINES = 500
ROW_MM = 4.6
#: Columns side by side; a wider table goes on below with its first column again.
MOST_COLUMNS = 11


class Sheet(Writer):
    """A page with tables on it: `Writer` knows the fonts, this the columns."""

    def cells(self, texts: list[tuple[str, bool]], *, size: float, colour: tuple[int, int, int]) -> None:
        """One row of equally wide cells, (text, whether it stands at the right)."""
        self.sheet.set_text_color(*colour)
        top, wide = self.sheet.get_y(), WIDTH / len(texts)
        for place, (text, at_right) in enumerate(texts):
            runs = list(self._runs(self._cut(text, wide - 1.5, size), bold=False))
            free = wide - 1.5 - sum(self._width(font, run, size) for font, run in runs)
            self.sheet.set_xy(LEFT + place * wide + (free if at_right else 0), top)
            for font, run in runs:
                self.sheet.set_font(font, "", size)
                self.sheet.cell(self.sheet.get_string_width(run), ROW_MM, run)
        self.sheet.set_y(top + ROW_MM)
        self.sheet.line(LEFT, top + ROW_MM, LEFT + WIDTH, top + ROW_MM)

    def _cut(self, text: str, wide: float, size: float) -> str:
        """The text, or as much of it as fits."""
        while text and sum(self._width(font, run, size) for font, run in self._runs(text, bold=False)) > wide:
            text = text[:-2] + "…"
            if text == "…":
                return ""
        return text


def pdf(report: Report, tables: list[Table], language: str) -> bytes:
    """The report as PDF in `zh-hans` or `en`. Raises fonts.FontMissing."""
    with translation.override(language):
        page = FPDF(format="A4", orientation="landscape")
        page.set_creation_date(report.published_at)
        page.set_title(f"{title(report)} {report.day}")
        page.set_lang("zh-CN" if language.startswith("zh") else "en")
        page.set_auto_page_break(False)
        page.set_draw_color(*LINE)
        page.add_page()
        page.set_y(12)
        sheet = Sheet(page)
        _head(report, sheet)
        for each in tables:
            _table(each, sheet)
        _proof(report, sheet)
        return bytes(page.output())


def title(report: Report) -> str:
    """What it is, in the active language."""
    if report.organisation:
        return _("Settlement statement of %(name)s") % {"name": report.organisation.name}
    return _("Market report")


def _head(report: Report, sheet: Sheet) -> None:
    zh = (translation.get_language() or "zh").startswith("zh")
    sheet.write(f"{title(report)}  {report.day}", LEFT, WIDTH, size=16, height=9, bold=True, colour=ACCENT)
    if report.version > 1:
        words = _("Version %(version)s: %(reason)s") % {"version": report.version, "reason": report.reason}
        sheet.write(words, LEFT, WIDTH, size=9, height=5, colour=INK)
    bulletin: Mapping[str, Any] | None = report.content.get("bulletin")
    if bulletin is not None:
        text = (notice.chinese if zh else notice.english)(report.day, bulletin)
        for line in text.splitlines()[1:]:
            if line:
                sheet.write(line, LEFT, WIDTH, size=9.5, height=5.2, colour=INK)


def _table(table: Table, sheet: Sheet) -> None:
    for number, columns in enumerate(_side_by_side(table.columns)):
        _room(sheet, 3 * ROW_MM + 8)
        sheet.sheet.set_y(sheet.sheet.get_y() + 3)
        if number == 0:
            sheet.write(str(table.label), LEFT, WIDTH, size=11, height=6, bold=True, colour=INK)
        heads = [
            (str(table.columns[place].label), _at_right(table.columns[place], place)) for place in columns
        ]
        sheet.cells(heads, size=6.5, colour=QUIET)
        for row in table.rows[:MOST_LINES]:
            if _room(sheet, ROW_MM):
                sheet.cells(heads, size=6.5, colour=QUIET)
            texts = [(_shown(row[place]), _at_right(table.columns[place], place)) for place in columns]
            sheet.cells(texts, size=7, colour=INK)
    if len(table.rows) > MOST_LINES:
        words = _("The first %(most)s of %(all)s lines; all of them stand in CSV, XLSX and Parquet.")
        words %= {"most": MOST_LINES, "all": len(table.rows)}
        sheet.write(words, LEFT, WIDTH, size=8, height=5, colour=QUIET)
    elif not table.rows:
        sheet.write(_("Nothing."), LEFT, WIDTH, size=8, height=5, colour=QUIET)


def _side_by_side(columns: tuple[Column, ...]) -> list[list[int]]:
    """Places of the columns that stand in one row; the first column begins each."""
    places = list(range(1, len(columns)))
    if len(columns) <= MOST_COLUMNS + 1:
        return [[0, *places]]
    return [[0, *places[at : at + MOST_COLUMNS - 1]] for at in range(0, len(places), MOST_COLUMNS - 1)]


def _room(sheet: Sheet, height: float) -> bool:
    """A new page where so much does not fit any more; whether there was one."""
    if sheet.sheet.get_y() + height <= BOTTOM:
        return False
    sheet.sheet.add_page()
    sheet.sheet.set_y(12)
    return True


def _at_right(column: Column, place: int) -> bool:
    return column.kind in {Kind.MONEY, Kind.WHOLE} and place > 0


def _shown(cell: Cell) -> str:
    return "–" if cell is None else str(cell)


def _proof(report: Report, sheet: Sheet) -> None:
    _room(sheet, 14)
    sheet.sheet.set_y(sheet.sheet.get_y() + 3)
    sheet.write(
        _("SHA-256 of this report (its JSON download)"), LEFT, WIDTH, size=7.5, height=4.5, colour=QUIET
    )
    sheet.write(report.sha256, LEFT, WIDTH, size=7.5, height=4.5, colour=INK)
