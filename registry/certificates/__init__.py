"""Certificates of surrender and of cancellation: issued once, checked by anybody under their number."""

from registry.certificates.issuing import issue
from registry.certificates.numbers import new_number, normal_form

__all__ = ["issue", "new_number", "normal_form"]
