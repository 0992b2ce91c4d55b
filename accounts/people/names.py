"""Names as they may be shown and written into a spreadsheet: no formula, no hidden characters."""

from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import WrongField


def checked_name(field: str, name: str, *, longest: int) -> str:
    """Without spaces around it. Raises WrongField `WRONG_NAME`."""
    text = " ".join(name.split())
    if not text:
        raise WrongField(field, "WRONG_NAME", _("This is needed."))
    if len(text) > longest:
        words = _("At most %(longest)s characters are possible.") % {"longest": longest}
        raise WrongField(field, "WRONG_NAME", words)
    if not text.isprintable() or text[0] in "=+-@":
        raise WrongField(
            field, "WRONG_NAME", _("Letters, digits and punctuation alone, and no =, +, - or @ in front.")
        )
    return text
