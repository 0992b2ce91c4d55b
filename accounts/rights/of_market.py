"""Lines of the table of rights: trading, auctions, blocks, surveillance, oversight and reports."""

from accounts.rights import who
from accounts.rights.entries import ANY, IN, enter
from accounts.rights.who import Whose

# --- the market -------------------------------------------------------------------------------------
enter(Whose.OWN, IN, None, "api/v1/accounts/", "api/v1/trades/", "api/v1/movements/",
      "api/v1/reports/statement/", "api/v1/reports/statement/<date_text:day>/")  # fmt: skip
enter(Whose.OWN, IN, who.TRADERS, "api/v1/orders/", "api/v1/orders/batch/", "api/v1/orders/<str:client_id>/")
enter(Whose.OWN, who.MOVERS, who.MOVERS, "api/v1/positions/move/")
enter(
    Whose.ALL, who.OPERATORS, who.OPERATORS,
    "operator/", "operator/state/", "operator/close/", "operator/next/", "operator/calendar/",
    "operator/<str:code>/halt/", "operator/<str:code>/resume/",
)  # fmt: skip

enter(
    Whose.PUBLIC, ANY, None,
    "auctions/", "auctions/<int:pk>/", "auctions/<int:pk>/state/", "api/v1/auctions/<int:pk>/",
)  # fmt: skip
enter(Whose.PUBLIC, ANY, who.AUCTION_ASKERS, "api/v1/auctions/")
enter(Whose.OWN, who.AUCTION_ASKERS, who.AUCTION_ASKERS, "auctions/new/")
enter(
    Whose.OWN, who.TRADERS, who.TRADERS,
    "auctions/<int:pk>/bid/", "auctions/<int:pk>/bids/<str:client_id>/withdraw/",
)  # fmt: skip
enter(
    Whose.OWN, IN, who.TRADERS, "api/v1/auctions/<int:pk>/bids/", "api/v1/auctions/<int:pk>/bids/<str:client_id>/",
)  # fmt: skip

_BLOCKS = (
    "",
    "<int:pk>/",
    *(f"<int:pk>/{verb}/" for verb in ("counter", "accept", "refuse", "withdraw")),
)
enter(Whose.NEGOTIATED, who.BLOCK_READERS, who.TRADERS, *(f"api/v1/blocks/{rest}" for rest in _BLOCKS))
enter(
    Whose.NEGOTIATED,
    who.BLOCK_READERS,
    None,
    "blocks/",
    "blocks/lists/",
    "blocks/<int:pk>/",
    "blocks/<int:pk>/thread/",
)
enter(
    Whose.NEGOTIATED, who.TRADERS, who.TRADERS,
    *(f"blocks/{rest}" for rest in ("new/", *(f"<int:pk>/{verb}/" for verb in ("counter", "accept", "refuse", "withdraw")))),
)  # fmt: skip
enter(Whose.OWN, who.TRADERS, who.TRADERS, "blocks/groups/", "blocks/groups/<int:pk>/")
enter(
    Whose.OWN, who.BLOCK_READERS, who.TRADERS,
    *(f"api/v1/blocks/groups/{rest}" for rest in ("", "<int:pk>/", "<int:pk>/members/")),
)  # fmt: skip

enter(
    Whose.WATCHED,
    who.WATCHERS,
    who.MARKET_WATCHERS,
    "surveillance/<int:pk>/step/",
    "api/v1/surveillance/alerts/<int:pk>/steps/",
)
enter(
    Whose.ALL,
    who.WATCHERS,
    who.NATION_REGULATORS,
    "surveillance/thresholds/",
    "api/v1/surveillance/thresholds/",
)
enter(
    Whose.WATCHED, who.WATCHERS, None,
    "surveillance/", "surveillance/<int:pk>/", "surveillance/replay/", "surveillance/replay/<day:day>/<str:code>/",
    "api/v1/surveillance/alerts/", "api/v1/surveillance/alerts/<int:pk>/",
    "api/v1/surveillance/replay/<date_text:day>/<str:code>/",
)  # fmt: skip

# --- oversight and reports --------------------------------------------------------------------------------
enter(
    Whose.OVERSEEN, who.OVERSEERS, None,
    "regulator/", "regulator/emitters/", "regulator/emitters/<str:code>/", "regulator/overdue/",
    "regulator/vintages/", "api/v1/oversight/", "api/v1/oversight/emitters/",
)  # fmt: skip
enter(Whose.PUBLIC, ANY, None, "reports/data/", "reports/<day:day>/versions/")
enter(Whose.PUBLIC, ANY, ANY, "reports/check/")
enter(
    Whose.OWN, IN, IN,
    "reports/downloads/", "reports/downloads/<uuid:download>/", "reports/downloads/<uuid:download>/file/",
    "reports/downloads/<uuid:download>/remove/",
)  # fmt: skip
enter(Whose.ALL, who.OPERATORS, who.OPERATORS, "reports/<day:day>/correct/")
