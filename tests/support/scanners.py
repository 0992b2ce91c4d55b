"""Scanners of documents as somebody might bring them (settings.DOCUMENT_SCANNER)."""

from accounts.approvals.scanning import Finding

#: Part of the harmless text that every scanner takes for malware.
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def eicar(content: bytes) -> Finding:
    """Knows one thing."""
    return Finding("Test scanner 1", "Eicar" if EICAR in content else "")


def away(content: bytes) -> Finding:
    raise ConnectionRefusedError
