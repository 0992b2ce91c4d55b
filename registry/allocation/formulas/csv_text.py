"""From the bytes of a file to text: UTF-8 with or without its mark, or GBK as Chinese spreadsheets write it."""

from codecs import BOM_UTF8


class NotText(ValueError):
    """Neither UTF-8 nor GBK, or no text at all."""


def decode_text(content: bytes) -> str:
    """The text of a file. UTF-8 is tried first: GBK text is hardly ever valid UTF-8. Raises NotText.

    A zero byte is in no CSV file but in every workbook, picture and UTF-16 text.
    """
    if b"\0" in content:
        raise NotText("binary")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.removeprefix(BOM_UTF8).decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotText("encoding")
