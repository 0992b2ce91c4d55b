"""What must not be seen while bids are sealed: nobody, operators and authorities included, learns price or quantity
of another's bid before the engine has closed the auction.

Bids stand in no book, quote, candle, trade or report before that. What is left are the locks of money in the ledger:
price × tonnes. Whoever reads another's ledger reads it without these, until the auction has ended.
"""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Organisation
from exchange.models import Command, Order


def bids() -> QuerySet[Order]:
    """Every bid, withdrawn ones too, on an auction that the engine has open."""
    under_way = Order.objects.filter(
        pk=OuterRef("parent"), kind=Command.Kind.AUCTION, status=Order.Status.OPEN
    )
    return Order.objects.filter(Exists(under_way), kind=Command.Kind.BID)


def causes(organisation: Organisation) -> list[str]:
    """Causes in the ledger of transfers that would tell what this organisation bids."""
    return [
        f"order:{number}" for number in bids().filter(organisation=organisation).values_list("pk", flat=True)
    ]
