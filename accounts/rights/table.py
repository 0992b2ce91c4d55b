"""The table: role × action × whose, for every address.

A route stands here as Django writes it. Reading is GET, HEAD and OPTIONS; writing is the rest. No group to write
means that nobody changes anything there. The lines of market and registry are rooms of their own, read here.
"""

from accounts.rights import of_market, of_registry, who
from accounts.rights.entries import ANY, IN, TABLE, Right, enter, right_of
from accounts.rights.who import Whose

__all__ = ["TABLE", "Right", "of_market", "of_registry", "right_of"]

# --- everybody ------------------------------------------------------------------------------------
enter(
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
enter(Whose.PUBLIC, ANY, ANY, "i18n/setlang/")

# --- one's own person -------------------------------------------------------------------------------
enter(
    Whose.PERSONAL, ANY, ANY,
    "accounts/login/", "accounts/logout/", "accounts/password/set/", "accounts/2fa/passkeys/", "accounts/inactive/", "accounts/signup/", "accounts/password/reset/",
    "accounts/password/reset/done/", "accounts/password/reset/key/done/",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "accounts/2fa/authenticate/",
    "accounts/2fa/passkeys/login/",
)  # fmt: skip
enter(
    Whose.PERSONAL, IN, IN,
    "accounts/reauthenticate/", "accounts/password/change/", "accounts/security/",
    "accounts/2fa/reauthenticate/", "accounts/2fa/totp/activate/", "accounts/2fa/totp/deactivate/",
    "accounts/2fa/recovery-codes/", "accounts/2fa/recovery-codes/generate/",
    "accounts/2fa/passkeys/add/", "accounts/2fa/passkeys/reauthenticate/", "accounts/2fa/passkeys/<int:pk>/remove/",
    "accounts/sessions/", "accounts/sessions/<int:pk>/end/", "accounts/sessions/end-others/",
    "inbox/notices/", "inbox/notices/read/",
)  # fmt: skip
enter(
    Whose.OWN, IN, IN,
    "accounts/keys/", "accounts/keys/<slug:key>/revoke/", "api/v1/keys/", "api/v1/keys/<slug:key>/",
)  # fmt: skip

# --- two people -------------------------------------------------------------------------------------
enter(
    Whose.CONCERNED, IN, IN,
    "inbox/", "inbox/all/", "inbox/<int:pk>/", "documents/<int:pk>/", "api/v1/requests/",
    "api/v1/requests/<int:request_id>/", "api/v1/requests/<int:request_id>/approve/",
    "api/v1/requests/<int:request_id>/refuse/", "api/v1/requests/<int:request_id>/withdraw/",
    "api/v1/documents/", "api/v1/documents/<int:document_id>/",
)  # fmt: skip

# --- an organisation's people -----------------------------------------------------------------------
enter(Whose.PERSONAL, ANY, ANY, "invitation/")
enter(
    Whose.OWN, IN, None,
    "people/", "people/changes/", "api/v1/people/", "api/v1/people/changes/", "api/v1/people/<int:person_id>/",
)  # fmt: skip
enter(
    Whose.OWN, who.ADMINISTRATORS, who.ADMINISTRATORS,
    "people/invite/", "people/<int:pk>/", "people/<int:pk>/remove/", "people/invitations/<int:pk>/resend/",
    "people/invitations/<int:pk>/withdraw/", "api/v1/people/<int:person_id>/roles/",
    "api/v1/people/<int:person_id>/remove/", "api/v1/people/invitations/",
    "api/v1/people/invitations/<int:invitation_id>/resend/",
    "api/v1/people/invitations/<int:invitation_id>/withdraw/",
)  # fmt: skip
