"""The table: role × action × whose, for every address.

A route stands here as Django writes it. Reading is GET, HEAD and OPTIONS; writing is the rest. No group to write
means that nobody changes anything there.
"""

from dataclasses import dataclass

from accounts.rights import who
from accounts.rights.who import Who, Whose


@dataclass(frozen=True)
class Right:
    """Who may read an address, who may write to it, and whose data stands behind it."""

    whose: Whose
    read: tuple[Who, ...]
    write: tuple[Who, ...] = ()

    def allows(self, user: object, *, reading: bool) -> bool:
        return any(group.has(user) for group in (self.read if reading else self.write))


TABLE: dict[str, Right] = {}


def _enter(
    whose: Whose, read: Who | tuple[Who, ...], write: Who | tuple[Who, ...] | None, *routes: str
) -> None:
    readers = read if isinstance(read, tuple) else (read,)
    writers = () if write is None else write if isinstance(write, tuple) else (write,)
    for route in routes:
        assert route not in TABLE, f"{route} stands in the table twice"
        TABLE[route] = Right(whose, readers, writers)


def right_of(route: str) -> Right | None:
    """The right of a route; None for one that nobody entered."""
    return TABLE.get(route)


ANY = who.EVERYBODY
IN = who.PEOPLE

# --- everybody ------------------------------------------------------------------------------------
_enter(
    Whose.PUBLIC, ANY, None,
    "", "prices/", "clock/", "registry/", "desk/", "desk/<str:code>/", "desk/<str:code>/data/", "instruments/<str:code>/",
    "reports/", "reports/<day:day>/", "public/", "public/emitters/", "public/vintages/", "public/projects/",
    "public/projects/<str:code>/", "public/certificates/", "public/factors/", "public/inclusion/", "api/v1/inclusion/",
    "api/v1/inclusion/methodologies/", "api/v1/inclusion/rewards/", "certificates/", "certificates/<str:number>/",
    "certificates/<str:number>/pdf/", "healthz", "readyz", "metrics", "api/schema/", "api/docs/",
    "api/v1/instruments/", "api/v1/instruments/<str:code>/quote/", "api/v1/instruments/<str:code>/book/",
    "api/v1/instruments/<str:code>/trades/", "api/v1/instruments/<str:code>/candles/",
    "api/v1/comparison/", "api/v1/composite/", "api/v1/market-events/",
    "api/v1/reports/history/", "api/v1/reports/check/<hex_text:sha256>/", "api/v1/reports/daily/",
    "api/v1/reports/daily/<date_text:day>/", "api/v1/public/emitters/", "api/v1/public/years/",
    "api/v1/public/vintages/", "api/v1/public/certificates/",
)  # fmt: skip
_enter(Whose.PUBLIC, ANY, ANY, "i18n/setlang/")

# --- one's own person -------------------------------------------------------------------------------
_enter(
    Whose.PERSONAL, ANY, ANY,
    "accounts/login/", "accounts/logout/", "accounts/password/set/", "accounts/2fa/passkeys/", "accounts/inactive/", "accounts/signup/", "accounts/password/reset/",
    "accounts/password/reset/done/", "accounts/password/reset/key/done/",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "accounts/2fa/authenticate/",
    "accounts/2fa/passkeys/login/",
)  # fmt: skip
_enter(
    Whose.PERSONAL, IN, IN,
    "accounts/reauthenticate/", "accounts/password/change/", "accounts/security/",
    "accounts/2fa/reauthenticate/", "accounts/2fa/totp/activate/", "accounts/2fa/totp/deactivate/",
    "accounts/2fa/recovery-codes/", "accounts/2fa/recovery-codes/generate/",
    "accounts/2fa/passkeys/add/", "accounts/2fa/passkeys/reauthenticate/", "accounts/2fa/passkeys/<int:pk>/remove/",
    "accounts/sessions/", "accounts/sessions/<int:pk>/end/", "accounts/sessions/end-others/",
    "inbox/notices/", "inbox/notices/read/",
)  # fmt: skip
_enter(
    Whose.OWN, IN, IN,
    "accounts/keys/", "accounts/keys/<slug:key>/revoke/", "api/v1/keys/", "api/v1/keys/<slug:key>/",
)  # fmt: skip

# --- two people -------------------------------------------------------------------------------------
_enter(
    Whose.CONCERNED, IN, IN,
    "inbox/", "inbox/all/", "inbox/<int:pk>/", "documents/<int:pk>/", "api/v1/requests/",
    "api/v1/requests/<int:request_id>/", "api/v1/requests/<int:request_id>/approve/",
    "api/v1/requests/<int:request_id>/refuse/", "api/v1/requests/<int:request_id>/withdraw/",
    "api/v1/documents/", "api/v1/documents/<int:document_id>/",
)  # fmt: skip

# --- an organisation's people -----------------------------------------------------------------------
_enter(Whose.PERSONAL, ANY, ANY, "invitation/")
_enter(
    Whose.OWN, IN, None,
    "people/", "people/changes/", "api/v1/people/", "api/v1/people/changes/", "api/v1/people/<int:person_id>/",
)  # fmt: skip
_enter(
    Whose.OWN, who.ADMINISTRATORS, who.ADMINISTRATORS,
    "people/invite/", "people/<int:pk>/", "people/<int:pk>/remove/", "people/invitations/<int:pk>/resend/",
    "people/invitations/<int:pk>/withdraw/", "api/v1/people/<int:person_id>/roles/",
    "api/v1/people/<int:person_id>/remove/", "api/v1/people/invitations/",
    "api/v1/people/invitations/<int:invitation_id>/resend/",
    "api/v1/people/invitations/<int:invitation_id>/withdraw/",
)  # fmt: skip

# --- the market -------------------------------------------------------------------------------------
_enter(Whose.OWN, IN, None, "api/v1/accounts/", "api/v1/trades/", "api/v1/movements/",
       "api/v1/reports/statement/", "api/v1/reports/statement/<date_text:day>/")  # fmt: skip
_enter(Whose.OWN, IN, who.TRADERS, "api/v1/orders/", "api/v1/orders/batch/", "api/v1/orders/<str:client_id>/")
_enter(Whose.OWN, who.MOVERS, who.MOVERS, "api/v1/positions/move/")
_enter(
    Whose.ALL, who.OPERATORS, who.OPERATORS,
    "operator/", "operator/state/", "operator/close/", "operator/next/", "operator/calendar/",
    "operator/<str:code>/halt/", "operator/<str:code>/resume/",
)  # fmt: skip

_enter(
    Whose.PUBLIC, ANY, None,
    "auctions/", "auctions/<int:pk>/", "auctions/<int:pk>/state/", "api/v1/auctions/<int:pk>/",
)  # fmt: skip
_enter(Whose.PUBLIC, ANY, who.AUCTION_ASKERS, "api/v1/auctions/")
_enter(Whose.OWN, who.AUCTION_ASKERS, who.AUCTION_ASKERS, "auctions/new/")
_enter(
    Whose.OWN, who.TRADERS, who.TRADERS,
    "auctions/<int:pk>/bid/", "auctions/<int:pk>/bids/<str:client_id>/withdraw/",
)  # fmt: skip
_enter(
    Whose.OWN, IN, who.TRADERS, "api/v1/auctions/<int:pk>/bids/", "api/v1/auctions/<int:pk>/bids/<str:client_id>/",
)  # fmt: skip

_BLOCKS = (
    "",
    "<int:pk>/",
    *(f"<int:pk>/{verb}/" for verb in ("counter", "accept", "refuse", "withdraw")),
)
_enter(Whose.NEGOTIATED, who.BLOCK_READERS, who.TRADERS, *(f"api/v1/blocks/{rest}" for rest in _BLOCKS))
_enter(
    Whose.NEGOTIATED,
    who.BLOCK_READERS,
    None,
    "blocks/",
    "blocks/lists/",
    "blocks/<int:pk>/",
    "blocks/<int:pk>/thread/",
)
_enter(
    Whose.NEGOTIATED, who.TRADERS, who.TRADERS,
    *(f"blocks/{rest}" for rest in ("new/", *(f"<int:pk>/{verb}/" for verb in ("counter", "accept", "refuse", "withdraw")))),
)  # fmt: skip
_enter(Whose.OWN, who.TRADERS, who.TRADERS, "blocks/groups/", "blocks/groups/<int:pk>/")
_enter(
    Whose.OWN, who.BLOCK_READERS, who.TRADERS,
    *(f"api/v1/blocks/groups/{rest}" for rest in ("", "<int:pk>/", "<int:pk>/members/")),
)  # fmt: skip

_enter(
    Whose.WATCHED,
    who.WATCHERS,
    who.MARKET_WATCHERS,
    "surveillance/<int:pk>/step/",
    "api/v1/surveillance/alerts/<int:pk>/steps/",
)
_enter(
    Whose.ALL,
    who.WATCHERS,
    who.NATION_REGULATORS,
    "surveillance/thresholds/",
    "api/v1/surveillance/thresholds/",
)
_enter(
    Whose.WATCHED, who.WATCHERS, None,
    "surveillance/", "surveillance/<int:pk>/", "surveillance/replay/", "surveillance/replay/<day:day>/<str:code>/",
    "api/v1/surveillance/alerts/", "api/v1/surveillance/alerts/<int:pk>/",
    "api/v1/surveillance/replay/<date_text:day>/<str:code>/",
)  # fmt: skip

# --- the registry: emitters and figures ----------------------------------------------------------------
_enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, None, "registry/emitters/", "registry/emitters/<str:code>/",
)  # fmt: skip
_enter(
    Whose.OVERSEEN, who.RECORD_KEEPERS, who.RECORD_KEEPERS,
    "registry/emitters/new/", "registry/emitters/<str:code>/names/", "registry/emitters/<str:code>/units/",
)  # fmt: skip
_enter(
    Whose.OVERSEEN, who.PROVINCE_REGULATORS, who.PROVINCE_REGULATORS, "registry/emitters/<str:code>/years/",
)  # fmt: skip
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.RECORD_KEEPERS,
    "api/v1/emitters/", "api/v1/emitters/<str:code>/", "api/v1/emitters/<str:code>/units/",
    "api/v1/emitters/<str:code>/units/<path:unit>/",
)  # fmt: skip
_enter(Whose.OWN_OR_OVERSEEN, IN, who.PROVINCE_REGULATORS, "api/v1/emitters/<str:code>/years/")
_enter(Whose.OWN_OR_OVERSEEN, IN, None, "api/v1/emitters/<str:code>/changes/")
_enter(
    Whose.OVERSEEN, who.OVERSEERS, who.PROVINCE_REGULATORS,
    "registry/emissions/", "registry/emissions/<int:year>/",
    "registry/emissions/<int:year>/<str:code>/<int:pk>/", "registry/emitters/<str:code>/objections/<int:pk>/answer/", "registry/imports/",
    "registry/imports/template/<str:kind>.<str:form>", "registry/imports/<int:pk>/", "registry/imports/<int:pk>/state/",
    "registry/imports/<int:pk>/decide/",
)  # fmt: skip
_enter(Whose.OWN, who.INITIATORS, who.INITIATORS, "registry/emitters/<str:code>/figures/<int:pk>/object/")
_enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, who.PROVINCE_REGULATORS,
    "registry/emissions/<int:year>/<str:code>/",
)  # fmt: skip
_enter(Whose.OWN_OR_OVERSEEN, IN, who.INITIATORS, "api/v1/objections/")
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.PROVINCE_REGULATORS,
    "api/v1/emissions/", "api/v1/objections/<int:pk>/uphold/", "api/v1/objections/<int:pk>/dismiss/",
)  # fmt: skip

# --- the registry: allocation, adjustments, credits ---------------------------------------------------
_enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, who.ISSUERS_AND_REGULATORS,
    "registry/allocation/", "registry/allocation/<int:pk>/", "registry/allocation/<int:pk>/state/",
    "registry/allocation/<int:pk>/rows/<str:code>/", "registry/adjustments/", "registry/adjustments/<int:pk>/",
    "registry/allocation/make/", "registry/allocation/upload/",
    "registry/allocation/<int:pk>/rows/<str:code>/province/",
)  # fmt: skip
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS_AND_REGULATORS,
    "api/v1/allocations/", "api/v1/allocations/<int:pk>/", "api/v1/allocations/<int:pk>/rows/", "api/v1/allocations/<int:pk>/rows/<str:code>/",
    "api/v1/allocations/<int:pk>/send/", "api/v1/allocations/<int:pk>/drop/",
    "api/v1/allocations/<int:pk>/differentiate/", "api/v1/adjustments/", "api/v1/adjustments/<int:pk>/",
)  # fmt: skip
_enter(
    Whose.CONCERNED, IN, IN,
    "registry/allocation/<int:pk>/act/", "api/v1/allocations/<int:pk>/approve/", "api/v1/allocations/<int:pk>/refuse/",
    "api/v1/allocations/<int:pk>/withdraw/", "api/v1/adjustments/<int:pk>/approve/",
    "api/v1/adjustments/<int:pk>/refuse/", "api/v1/adjustments/<int:pk>/withdraw/",
    "api/v1/credits/issues/<int:pk>/approve/", "api/v1/credits/issues/<int:pk>/refuse/",
    "api/v1/surrenders/<int:surrender_id>/approve/", "api/v1/surrenders/<int:surrender_id>/refuse/",
    "api/v1/surrenders/<int:surrender_id>/withdraw/", "api/v1/shortfalls/<int:pk>/approve/",
    "api/v1/shortfalls/<int:pk>/refuse/", "api/v1/shortfalls/<int:pk>/withdraw/",
)  # fmt: skip
_enter(
    Whose.PUBLIC, ANY, who.ISSUERS,
    "api/v1/credits/projects/", "api/v1/credits/projects/<str:code>/", "api/v1/factors/",
)  # fmt: skip
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS,
    "registry/credits/", "registry/credits/projects/<str:code>/", "api/v1/credits/issues/",
    "api/v1/credits/issues/<int:pk>/",
)  # fmt: skip
_enter(Whose.ALL, who.ISSUERS, who.ISSUERS, "registry/credits/new/", "registry/factors/new/")

# --- the registry: carbon inclusion ---------------------------------------------------------------------
_enter(
    Whose.PERSONAL, who.INDIVIDUALS, who.INDIVIDUALS,
    "registry/inclusion/me/", "registry/inclusion/me/do/", "api/v1/inclusion/account/", "api/v1/inclusion/records/",
    "api/v1/inclusion/points/", "api/v1/inclusion/scenes/<str:code>/join/",
    "api/v1/inclusion/scenes/<str:code>/leave/",
)  # fmt: skip
_enter(Whose.OWN_OR_OVERSEEN, IN, None, "registry/inclusion/", "registry/inclusion/scenes/<str:code>/")
_enter(Whose.PUBLIC, IN, None, "registry/inclusion/template.<str:form>")
_enter(
    Whose.OWN, IN, who.INITIATORS,
    "registry/inclusion/scenes/<str:code>/upload/", "registry/inclusion/imports/<int:pk>/",
    "registry/inclusion/imports/<int:pk>/decide/", "api/v1/inclusion/imports/", "api/v1/inclusion/imports/<int:pk>/",
    "api/v1/inclusion/imports/<int:pk>/send/", "api/v1/inclusion/imports/<int:pk>/drop/",
)  # fmt: skip
_enter(Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS, "api/v1/inclusion/scenes/")
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS,
    "registry/inclusion/scenes/<str:code>/convert/", "api/v1/inclusion/scenes/<str:code>/conversions/",
)  # fmt: skip
_enter(Whose.ALL, who.ISSUERS, who.ISSUERS, "registry/inclusion/new/", "registry/inclusion/rewards/")

# --- the registry: compliance ---------------------------------------------------------------------------
_enter(
    Whose.OWN, IN, who.INITIATORS,
    "registry/compliance/<int:year>/", "registry/compliance/<int:year>/surrender/",
    "api/v1/obligations/<int:year>/",
)  # fmt: skip
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.INITIATORS,
    "registry/surrenders/<int:pk>/", "api/v1/obligations/", "api/v1/surrenders/",
    "api/v1/surrenders/<int:surrender_id>/",
)  # fmt: skip
_enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, who.PROVINCE_REGULATORS,
    "registry/shortfalls/<int:pk>/",
)  # fmt: skip
_enter(Whose.OVERSEEN, who.OVERSEERS, None, "registry/shortfalls/")
_enter(Whose.OWN_OR_OVERSEEN, IN, None, "api/v1/shortfalls/", "api/v1/shortfalls/<int:pk>/")
_enter(
    Whose.OWN_OR_OVERSEEN, IN, who.PROVINCE_REGULATORS, "api/v1/shortfalls/<int:pk>/propose/",
)  # fmt: skip
_enter(
    Whose.OWN_OR_OVERSEEN, who.ISSUERS_AND_REGULATORS, who.ISSUERS_AND_REGULATORS,
    "registry/freezes/new/", "registry/freezes/<int:pk>/end/",
)  # fmt: skip
_enter(
    Whose.OWN, who.ANY_INITIATORS, who.INITIATORS,
    *(f"registry/{page}/new/" for page in ("pledges", "transfers", "carry-over", "cancellations")),
    "registry/pledges/<int:pk>/release/", "registry/pledges/<int:pk>/dispose/",
)  # fmt: skip
_enter(Whose.OWN, who.ASKERS, who.LISTERS, "registry/trusted/new/")

# --- the registry: custody ------------------------------------------------------------------------------
_enter(Whose.OWN, IN, who.MOVERS, "registry/holdings/")
_enter(Whose.OWN, IN, None, "registry/holdings/movements/")
_enter(
    Whose.OWN_OR_OVERSEEN, IN, IN,
    *(f"registry/{page}/" for page in ("freezes", "pledges", "trusted", "transfers", "carry-over", "cancellations")),
    "registry/cancellations/<int:pk>/",
)  # fmt: skip
_CUSTODY = ("freezes", "pledges", "trusted", "transfers", "carryovers", "cancellations")
_enter(
    Whose.OWN_OR_OVERSEEN, IN, IN,
    *(f"api/v1/{name}/{rest}" for name in _CUSTODY for rest in (
        "", "<int:pk>/", "<int:pk>/approve/", "<int:pk>/refuse/", "<int:pk>/withdraw/",
    )),
    "api/v1/freezes/<int:pk>/lift/", "api/v1/pledges/<int:pk>/release/", "api/v1/pledges/<int:pk>/dispose/",
    "api/v1/trusted/<int:pk>/remove/",
)  # fmt: skip

# --- oversight and reports --------------------------------------------------------------------------------
_enter(
    Whose.OVERSEEN, who.OVERSEERS, None,
    "regulator/", "regulator/emitters/", "regulator/emitters/<str:code>/", "regulator/overdue/",
    "regulator/vintages/", "api/v1/oversight/", "api/v1/oversight/emitters/",
)  # fmt: skip
_enter(Whose.PUBLIC, ANY, None, "reports/data/", "reports/<day:day>/versions/")
_enter(Whose.PUBLIC, ANY, ANY, "reports/check/")
_enter(
    Whose.OWN, IN, IN,
    "reports/downloads/", "reports/downloads/<uuid:download>/", "reports/downloads/<uuid:download>/file/",
    "reports/downloads/<uuid:download>/remove/",
)  # fmt: skip
_enter(Whose.ALL, who.OPERATORS, who.OPERATORS, "reports/<day:day>/correct/")
