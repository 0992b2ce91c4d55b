"""Lines of the table of rights: what the registry holds and decides."""

from accounts.rights import who
from accounts.rights.entries import ANY, IN, enter
from accounts.rights.who import Whose

# --- the registry: emitters and figures ----------------------------------------------------------------
enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, None, "registry/emitters/", "registry/emitters/<str:code>/",
)  # fmt: skip
enter(
    Whose.OVERSEEN, who.RECORD_KEEPERS, who.RECORD_KEEPERS,
    "registry/emitters/new/", "registry/emitters/<str:code>/names/", "registry/emitters/<str:code>/units/",
)  # fmt: skip
enter(
    Whose.OVERSEEN, who.PROVINCE_REGULATORS, who.PROVINCE_REGULATORS, "registry/emitters/<str:code>/years/",
)  # fmt: skip
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.RECORD_KEEPERS,
    "api/v1/emitters/", "api/v1/emitters/<str:code>/", "api/v1/emitters/<str:code>/units/",
    "api/v1/emitters/<str:code>/units/<path:unit>/",
)  # fmt: skip
enter(Whose.OWN_OR_OVERSEEN, IN, who.PROVINCE_REGULATORS, "api/v1/emitters/<str:code>/years/")
enter(Whose.OWN_OR_OVERSEEN, IN, None, "api/v1/emitters/<str:code>/changes/")
enter(
    Whose.OVERSEEN, who.OVERSEERS, who.PROVINCE_REGULATORS,
    "registry/emissions/", "registry/emissions/<int:year>/",
    "registry/emissions/<int:year>/<str:code>/<int:pk>/", "registry/emitters/<str:code>/objections/<int:pk>/answer/", "registry/imports/",
    "registry/imports/template/<str:kind>.<str:form>", "registry/imports/<int:pk>/", "registry/imports/<int:pk>/state/",
    "registry/imports/<int:pk>/decide/",
)  # fmt: skip
enter(Whose.OWN, who.INITIATORS, who.INITIATORS, "registry/emitters/<str:code>/figures/<int:pk>/object/")
enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, who.PROVINCE_REGULATORS,
    "registry/emissions/<int:year>/<str:code>/",
)  # fmt: skip
enter(Whose.OWN_OR_OVERSEEN, IN, who.INITIATORS, "api/v1/objections/")
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.PROVINCE_REGULATORS,
    "api/v1/emissions/", "api/v1/objections/<int:pk>/uphold/", "api/v1/objections/<int:pk>/dismiss/",
)  # fmt: skip

# --- the registry: allocation, adjustments, credits ---------------------------------------------------
enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, who.ISSUERS_AND_REGULATORS,
    "registry/allocation/", "registry/allocation/<int:pk>/", "registry/allocation/<int:pk>/state/",
    "registry/allocation/<int:pk>/rows/<str:code>/", "registry/adjustments/", "registry/adjustments/<int:pk>/",
    "registry/allocation/make/", "registry/allocation/upload/",
    "registry/allocation/<int:pk>/rows/<str:code>/province/",
)  # fmt: skip
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS_AND_REGULATORS,
    "api/v1/allocations/", "api/v1/allocations/<int:pk>/", "api/v1/allocations/<int:pk>/rows/", "api/v1/allocations/<int:pk>/rows/<str:code>/",
    "api/v1/allocations/<int:pk>/send/", "api/v1/allocations/<int:pk>/drop/",
    "api/v1/allocations/<int:pk>/differentiate/", "api/v1/adjustments/", "api/v1/adjustments/<int:pk>/",
)  # fmt: skip
enter(
    Whose.CONCERNED, IN, IN,
    "registry/allocation/<int:pk>/act/", "api/v1/allocations/<int:pk>/approve/", "api/v1/allocations/<int:pk>/refuse/",
    "api/v1/allocations/<int:pk>/withdraw/", "api/v1/adjustments/<int:pk>/approve/",
    "api/v1/adjustments/<int:pk>/refuse/", "api/v1/adjustments/<int:pk>/withdraw/",
    "api/v1/credits/issues/<int:pk>/approve/", "api/v1/credits/issues/<int:pk>/refuse/",
    "api/v1/surrenders/<int:surrender_id>/approve/", "api/v1/surrenders/<int:surrender_id>/refuse/",
    "api/v1/surrenders/<int:surrender_id>/withdraw/", "api/v1/shortfalls/<int:pk>/approve/",
    "api/v1/shortfalls/<int:pk>/refuse/", "api/v1/shortfalls/<int:pk>/withdraw/",
)  # fmt: skip
enter(
    Whose.PUBLIC, ANY, who.ISSUERS,
    "api/v1/credits/projects/", "api/v1/credits/projects/<str:code>/", "api/v1/factors/",
)  # fmt: skip
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS,
    "registry/credits/", "registry/credits/projects/<str:code>/", "api/v1/credits/issues/",
    "api/v1/credits/issues/<int:pk>/",
)  # fmt: skip
enter(Whose.ALL, who.ISSUERS, who.ISSUERS, "registry/credits/new/", "registry/factors/new/")

# --- the registry: carbon inclusion ---------------------------------------------------------------------
enter(
    Whose.PERSONAL, who.INDIVIDUALS, who.INDIVIDUALS,
    "registry/inclusion/me/", "registry/inclusion/me/do/", "api/v1/inclusion/account/", "api/v1/inclusion/records/",
    "api/v1/inclusion/points/", "api/v1/inclusion/scenes/<str:code>/join/",
    "api/v1/inclusion/scenes/<str:code>/leave/",
)  # fmt: skip
enter(Whose.OWN_OR_OVERSEEN, IN, None, "registry/inclusion/", "registry/inclusion/scenes/<str:code>/")
enter(Whose.PUBLIC, IN, None, "registry/inclusion/template.<str:form>")
enter(
    Whose.OWN, IN, who.INITIATORS,
    "registry/inclusion/scenes/<str:code>/upload/", "registry/inclusion/imports/<int:pk>/",
    "registry/inclusion/imports/<int:pk>/decide/", "api/v1/inclusion/imports/", "api/v1/inclusion/imports/<int:pk>/",
    "api/v1/inclusion/imports/<int:pk>/send/", "api/v1/inclusion/imports/<int:pk>/drop/",
)  # fmt: skip
enter(Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS, "api/v1/inclusion/scenes/")
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.ISSUERS,
    "registry/inclusion/scenes/<str:code>/convert/", "api/v1/inclusion/scenes/<str:code>/conversions/",
)  # fmt: skip
enter(Whose.ALL, who.ISSUERS, who.ISSUERS, "registry/inclusion/new/", "registry/inclusion/rewards/")

# --- the registry: compliance ---------------------------------------------------------------------------
enter(
    Whose.OWN, IN, who.INITIATORS,
    "registry/compliance/<int:year>/", "registry/compliance/<int:year>/surrender/",
    "api/v1/obligations/<int:year>/",
)  # fmt: skip
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.INITIATORS,
    "registry/surrenders/<int:pk>/", "api/v1/obligations/", "api/v1/surrenders/",
    "api/v1/surrenders/<int:surrender_id>/",
)  # fmt: skip
enter(
    Whose.OWN_OR_OVERSEEN, who.COVERED_OR_OVERSEEING, who.PROVINCE_REGULATORS,
    "registry/shortfalls/<int:pk>/",
)  # fmt: skip
enter(Whose.OVERSEEN, who.OVERSEERS, None, "registry/shortfalls/")
enter(Whose.OWN_OR_OVERSEEN, IN, None, "api/v1/shortfalls/", "api/v1/shortfalls/<int:pk>/")
enter(
    Whose.OWN_OR_OVERSEEN, IN, who.PROVINCE_REGULATORS, "api/v1/shortfalls/<int:pk>/propose/",
)  # fmt: skip
enter(
    Whose.OWN_OR_OVERSEEN, who.ISSUERS_AND_REGULATORS, who.ISSUERS_AND_REGULATORS,
    "registry/freezes/new/", "registry/freezes/<int:pk>/end/",
)  # fmt: skip
enter(
    Whose.OWN, who.ANY_INITIATORS, who.INITIATORS,
    *(f"registry/{page}/new/" for page in ("pledges", "transfers", "carry-over", "cancellations")),
    "registry/pledges/<int:pk>/release/", "registry/pledges/<int:pk>/dispose/",
)  # fmt: skip
enter(Whose.OWN, who.ASKERS, who.LISTERS, "registry/trusted/new/")

# --- the registry: custody ------------------------------------------------------------------------------
enter(Whose.OWN, IN, who.MOVERS, "registry/holdings/")
enter(Whose.OWN, IN, None, "registry/holdings/movements/")
enter(
    Whose.OWN_OR_OVERSEEN, IN, IN,
    *(f"registry/{page}/" for page in ("freezes", "pledges", "trusted", "transfers", "carry-over", "cancellations")),
    "registry/cancellations/<int:pk>/",
)  # fmt: skip
_CUSTODY = ("freezes", "pledges", "trusted", "transfers", "carryovers", "cancellations")
enter(
    Whose.OWN_OR_OVERSEEN, IN, IN,
    *(f"api/v1/{name}/{rest}" for name in _CUSTODY for rest in (
        "", "<int:pk>/", "<int:pk>/approve/", "<int:pk>/refuse/", "<int:pk>/withdraw/",
    )),
    "api/v1/freezes/<int:pk>/lift/", "api/v1/pledges/<int:pk>/release/", "api/v1/pledges/<int:pk>/dispose/",
    "api/v1/trusted/<int:pk>/remove/",
)  # fmt: skip
