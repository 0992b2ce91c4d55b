"""What certificates of auctions say: the result for the seller, the purchase for each buyer (exchange/auction/ending.py)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.words import grouped, yuan

KINDS = frozenset({"auction", "purchase"})
Stated = Mapping[str, Any]


def sentence(kind: str, stated: Stated, holder: str) -> str:
    """What is certified, in one sentence; tonnes, and money in yuan."""
    if kind == "purchase":
        return _("%(holder)s has bought %(quantity)s t of %(asset)s in auction %(auction)s.") % {
            "holder": holder, "quantity": grouped(stated["bought_t"]), "asset": stated["asset"],
            "auction": stated["auction"],
        }  # fmt: skip
    return _("%(holder)s has sold %(sold)s t of the %(offered)s t of %(asset)s offered in auction %(auction)s.") % {
        "holder": holder, "sold": grouped(stated["sold_t"]), "offered": grouped(stated["offered_t"]),
        "asset": stated["asset"], "auction": stated["auction"],
    }  # fmt: skip


def facts(stated: Stated) -> list[tuple[str, str]]:
    """(label, value) of what only auctions state."""
    labels = {
        "auction": _("Auction number"),
        "window": _("Bids were taken"),
        "offered_t": _("Offered, t"),
        "sold_t": _("Sold, t"),
        "bought_t": _("Bought, t"),
        "floor_fen": _("Floor, yuan/t"),
        "clearing_fen": _("Uniform price, yuan/t"),
        "average_fen": _("Average price, yuan/t"),
        "turnover_fen": _("Turnover, yuan"),
        "bids": _("Bids"),
        "bidders": _("Bidders"),
    }
    found = [
        (label, _value(key, stated[key])) for key, label in labels.items() if stated.get(key) is not None
    ]
    models = {"uniform": _("Uniform price"), "pay_as_bid": _("Pay as bid")}
    found.insert(1, (_("Price model"), models[stated["model"]]))
    if stated["surrender_only"]:
        found.append((_("Use"), _("can only be surrendered")))
    return found


def _value(key: str, value: Any) -> str:
    if key.endswith("_fen"):
        return yuan(value)
    return grouped(value) if key.endswith("_t") else str(value)
