"""The QR code that leads to a certificate's public page."""

import io

import segno


def code_svg(address: str) -> str:
    """The QR code of an address for a page, without styles of its own."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=2, light="#fff", xmldecl=False, svgclass="qr", lineclass=None
    )
    return out.getvalue().decode()
