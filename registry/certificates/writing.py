"""Text on a PDF page in a font of many parts: each run of characters in the part that has them."""

import logging
import re
from collections.abc import Iterator
from itertools import groupby

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from registry.certificates import fonts

# One line for every table of every font that is cut down says nothing that anybody could use.
logging.getLogger("fontTools").setLevel(logging.WARNING)

#: A word, a blank, or one Chinese character: between these a line may break.
PIECES = re.compile(r"[\u2e80-\uffef]|[ \t\n]|[^\u2e80-\uffef \t\n]+")
REGULAR, BOLD = 400, 600
Colour = tuple[int, int, int]


class Writer:
    """Writes on an FPDF sheet; lengths in mm, sizes in points."""

    def __init__(self, sheet: FPDF) -> None:
        self.sheet = sheet
        sheet.c_margin = 0

    def write(self, text: str, left: float, width: float, *, size: float, height: float, bold: bool = False,
              colour: Colour, centred: bool = False) -> None:  # fmt: skip
        """Lines of `height` from the present y downwards; y then stands below the last one."""
        self.sheet.set_text_color(*colour)
        for line in self._lines(text, width, size, bold):
            runs = list(self._runs(line, bold))
            gap = (width - sum(self._width(font, run, size) for font, run in runs)) / 2 if centred else 0
            self.sheet.set_x(left + gap)
            for font, run in runs:
                self.sheet.set_font(font, "", size)
                self.sheet.cell(
                    self.sheet.get_string_width(run), height, run, new_x=XPos.RIGHT, new_y=YPos.TOP
                )
            self.sheet.set_y(self.sheet.get_y() + height)

    def _lines(self, text: str, width: float, size: float, bold: bool) -> Iterator[str]:
        line, used = "", 0.0
        for piece in PIECES.findall(text):
            for part in self._fitting(piece, width, size, bold):
                wide = sum(self._width(font, run, size) for font, run in self._runs(part, bold))
                if line and used + wide > width:
                    yield line.rstrip()
                    line, used = "", 0.0
                if line or part != " ":
                    line, used = line + part, used + wide
        yield line.rstrip()

    def _fitting(self, piece: str, width: float, size: float, bold: bool) -> list[str]:
        """The piece, cut where it alone is wider than a line, as a digest or an address may be."""
        wide = sum(self._width(font, run, size) for font, run in self._runs(piece, bold))
        if wide <= width:
            return [piece]
        most = max(1, int(len(piece) * width / wide) - 1)
        return [piece[at : at + most] for at in range(0, len(piece), most)]

    def _runs(self, text: str, bold: bool) -> Iterator[tuple[str, str]]:
        """Pieces of a line with the name of their font; what no part has becomes a question mark."""
        weight = BOLD if bold else REGULAR
        chars = [char if fonts.part_of(char, weight) else "?" for char in text]
        for file, run in groupby(chars, lambda char: fonts.part_of(char, weight)):
            assert file is not None, "the question mark is in the font"
            if file.stem not in self.sheet.fonts:
                self.sheet.add_font(file.stem, "", file)
            yield file.stem, "".join(run)

    def _width(self, font: str, run: str, size: float) -> float:
        self.sheet.set_font(font, "", size)
        return self.sheet.get_string_width(run)
