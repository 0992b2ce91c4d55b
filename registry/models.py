"""The registry's tables, gathered for Django; each stands in the module of its concern."""

from registry.ledger.models import Account, Asset, Batch, LedgerDay, Transfer

__all__ = ["Account", "Asset", "Batch", "LedgerDay", "Transfer"]
