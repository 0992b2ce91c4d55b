"""Whether a file holds malware, asked of a scanner that whoever runs the platform brings.

`settings.DOCUMENT_SCANNER` is the dotted path of a function that gets a file's content and gives a Finding; a client
of ClamAV is one such line. The default is `nobody`, and every page says of such a file that nothing scanned it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.approvals.errors import Refused

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """`scanner`: who looked, such as "ClamAV 1.4"; empty for nobody. `threat`: what was found, if anything."""

    scanner: str
    threat: str = ""


Scanner = Callable[[bytes], Finding]


def nobody(content: bytes) -> Finding:
    """The default: nothing looks at the file."""
    return Finding(scanner="")


def scanned_by(content: bytes) -> str:
    """Who looked and found nothing; "" where nobody looks.

    Raises Refused: `FILE_INFECTED`; `SCANNER_AWAY` where the scanner fails, because a file that should have been
    looked at and was not is not taken.
    """
    try:
        finding = _scanner(settings.DOCUMENT_SCANNER)(content)
    except Exception:
        logger.exception("the scanner of documents failed")
        raise Refused(
            "SCANNER_AWAY",
            _("The file could not be scanned for malware just now: try again in a few minutes."),
        ) from None
    if finding.threat:
        logger.warning("malware in an uploaded file: %s", finding.threat)
        raise Refused("FILE_INFECTED", _("The scanner found malware in this file; it was not kept."))
    return finding.scanner[:100]


@cache
def _scanner(path: str) -> Scanner:
    scanner: Scanner = import_string(path)
    return scanner
