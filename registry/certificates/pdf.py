"""A certificate on one page of A4. The same certificate gives the same bytes, today and in ten years."""

import segno
from django.utils import translation
from django.utils.translation import gettext as _
from fpdf import FPDF

from registry.certificates import shown
from registry.certificates.writing import Writer
from registry.compliance.models import Certificate

LEFT, WIDTH = 25.0, 160.0
ACCENT, INK, QUIET, WARN, LINE = (11, 114, 133), (23, 33, 43), (86, 97, 109), (138, 75, 0), (221, 226, 231)
LABEL_WIDTH = 55.0
QR_MM = 34.0
PROOF_TOP = 236.0


def pdf(certificate: Certificate, language: str, *, address: str = "") -> bytes:
    """The certificate as PDF, in `zh-hans` or `en`; `address` is the public page that its QR code leads to.

    Raises fonts.FontMissing.
    """
    with translation.override(language):
        sheet = _sheet(certificate, language)
        writer = Writer(sheet)
        _head(certificate, sheet, writer)
        _table(certificate, sheet, writer)
        _proof(certificate, sheet, writer, address)
        return bytes(sheet.output())


def _sheet(certificate: Certificate, language: str) -> FPDF:
    sheet = FPDF(format="A4")
    sheet.set_creation_date(certificate.issued_at)
    sheet.set_title(f"{shown.title(certificate)} {certificate.number}")
    sheet.set_lang("zh-CN" if language.startswith("zh") else "en")
    sheet.set_auto_page_break(False)
    sheet.add_page()
    sheet.set_draw_color(*ACCENT)
    sheet.set_line_width(0.8)
    sheet.rect(12, 12, 186, 273)
    sheet.set_line_width(0.2)
    sheet.rect(14, 14, 182, 269)
    return sheet


def _head(certificate: Certificate, sheet: FPDF, writer: Writer) -> None:
    sheet.set_y(30)
    platform = _("Tanshi carbon market registry")
    writer.write(platform, LEFT, WIDTH, size=11, height=8, colour=QUIET, centred=True)
    sheet.set_y(sheet.get_y() + 4)
    title = shown.title(certificate)
    writer.write(title, LEFT, WIDTH, size=26, height=14, bold=True, colour=ACCENT, centred=True)
    number = f"{_('Number')} {certificate.number}"
    writer.write(number, LEFT, WIDTH, size=11, height=8, colour=QUIET, centred=True)
    if certificate.content.get("synthetic"):
        words = _("Made up for the demo: it certifies nothing.")
        writer.write(words, LEFT, WIDTH, size=10, height=8, bold=True, colour=WARN, centred=True)
    sheet.set_y(sheet.get_y() + 8)
    writer.write(shown.sentence(certificate), LEFT, WIDTH, size=14, height=9, colour=INK)
    sheet.set_y(sheet.get_y() + 6)


def _table(certificate: Certificate, sheet: FPDF, writer: Writer) -> None:
    sheet.set_draw_color(*LINE)
    for label, value in shown.facts(certificate):
        top = sheet.get_y()
        writer.write(label, LEFT, LABEL_WIDTH - 4, size=10, height=8, colour=QUIET)
        below = sheet.get_y()
        sheet.set_y(top)
        writer.write(value, LEFT + LABEL_WIDTH, WIDTH - LABEL_WIDTH, size=11, height=8, colour=INK)
        sheet.set_y(max(below, sheet.get_y()))
        sheet.line(LEFT, sheet.get_y(), LEFT + WIDTH, sheet.get_y())


def _proof(certificate: Certificate, sheet: FPDF, writer: Writer, address: str) -> None:
    sheet.set_y(max(PROOF_TOP, sheet.get_y() + 4))
    top = sheet.get_y()
    for text, size in (
        (_("Anybody can check it under this number:"), 9.0),
        (address or certificate.number, 9.0),
        (_("SHA-256 of the content"), 9.0),
        (certificate.sha256, 7.5),
    ):
        writer.write(text, LEFT, WIDTH - QR_MM - 6, size=size, height=6, colour=QUIET)
    if address:
        _code(sheet, address, LEFT + WIDTH - QR_MM, top)


def _code(sheet: FPDF, address: str, left: float, top: float) -> None:
    """The QR code as squares: no picture that a printer would blur."""
    rows = list(segno.make(address, error="m", micro=False).matrix)
    side = QR_MM / len(rows)
    sheet.set_fill_color(0, 0, 0)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                sheet.rect(left + x * side, top + y * side, side * 1.02, side * 1.02, style="F")
