"""Reads from the ledger."""

from registry.ledger.models import Account


def balances(holder_id: int) -> dict[tuple[str, str], int]:
    """What a holder has by asset and purpose, in fen or tonnes; empty accounts too, sources not."""
    rows = Account.objects.filter(holder_id=holder_id).exclude(purpose=Account.Purpose.SOURCE)
    return {
        (asset, purpose): balance
        for asset, purpose, balance in rows.values_list("asset", "purpose", "balance")
    }
