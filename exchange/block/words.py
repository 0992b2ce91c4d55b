"""The words that the scripts of blocks say, in the language of the page; scripts hold none of their own."""

from django.utils.translation import gettext as _

from exchange.models import Order


def block_words() -> dict[str, str]:
    """Key → words; `{name}` is filled in by the script."""
    return {
        **{f"block.side.{value}": str(label).lower() for value, label in Order.Side.choices},
        "block.open": _("№ {no}: {who} makes an offer; you would {side} {qty} t of {instrument} at {price}"),
        "block.posted": _("№ {no}: a new offer to many; you would {side} {qty} t of {instrument} at {price}"),
        "block.counter": _("№ {no}: {who} answers with {qty} t at {price}"),
        "block.agree": _("№ {no}: {who} agrees to {qty} t at {price}; confirm to trade"),
        "block.accept": _("№ {no}: {who} accepted: traded"),
        "block.refuse": _("№ {no}: {who} refuses"),
        "block.withdraw": _("№ {no}: {who} withdraws"),
        "block.somebody": _("the offerer"),
        "block.rejected": _("№ {no}: the exchange refused it. {reason}"),
    }
