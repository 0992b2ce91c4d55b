"""Certificates of surrender, of cancellation and of auctions: issued once, checked by anybody under their number."""

from registry.certificates.issuing import issue
from registry.certificates.numbers import new_number, normal_form

__all__ = ["issue", "new_number", "normal_form"]
