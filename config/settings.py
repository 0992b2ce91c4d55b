"""Settings, all from the environment; what is missing outside the demo stops the start with a clear word.

DATABASE_URL, REDIS_URL, SITE_URL and SECRET_KEY say where the parts are. DEMO=1 allows the demo's sign-ins.
MARKET_CALENDAR chooses the sessions: `xshg` (the real ones, the default) or `demo` (always open).
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import api_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / ".data"))


def flag(name: str) -> bool:
    """True where the environment variable is 1, true, yes or on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


DEBUG = flag("DEBUG")
DEMO = flag("DEMO")

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not (DEBUG or DEMO or flag("TANSHI_TOOLING")):
        raise ImproperlyConfigured("SECRET_KEY is not set: give a long random value in the environment.")
    SECRET_KEY = "only-for-tools-that-serve-nobody"  # noqa: S105 - never serves a request, see above

# Those that SECRET_KEY was before: they open what they sealed, and seal nothing any more.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]

ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

# Where people reach the platform: what mailed links begin with. A worker that sends mail sees no request.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
if not SITE_URL:
    if not (DEBUG or DEMO or flag("TANSHI_TOOLING")):
        raise ImproperlyConfigured(
            "SITE_URL is not set: give the platform's address, such as https://tanshi.example."
        )
    SITE_URL = "http://localhost:8000"

DATABASE_URL = os.environ.get("DATABASE_URL", "postgres://tanshi@127.0.0.1:5432/tanshi")
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

INSTALLED_APPS = [
    "config",
    "accounts",
    "registry",
    "exchange",
    "market_data",
    "channels",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_prometheus",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "accounts.api.middleware.ProblemsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.sign_in.middleware.LastSeenMiddleware",
    "accounts.sign_in.middleware.SecondFactorMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "market_data.context.platform",
                "accounts.approvals.context.inbox",
                "accounts.sign_in.context.sign_in",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **dj_database_url.parse(DATABASE_URL, conn_max_age=None, conn_health_checks=True),
        "ENGINE": "django.db.backends.postgresql",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.sign_in.passwords.Strength"}]
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# Guesses are counted in PostgreSQL instead (accounts/sign_in/guesses.py, docs/decisions/035).
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # of this browser; Django signs the others out
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "reset_password": "accounts.sign_in.reset_form.ResetPassword",
    "change_password": "accounts.sign_in.forms.ChangePassword",
}
# Whoever can trade or decide needs a second factor. The demo goes without, and says so on every page.
SECOND_FACTOR_REQUIRED = flag("SECOND_FACTOR_REQUIRED") or not DEMO
#: How long a second factor that was shown is enough for approvals, withdrawals and new keys.
STEP_UP_SECONDS = ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "accounts.sign_in.mfa_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an organisation appoints its people by their address
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "accounts.sign_in.forms.AuthenticateCode",
    "reauthenticate": "accounts.sign_in.forms.ReauthenticateCode",
    "activate_totp": "accounts.sign_in.forms.ActivateCode",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
KNOX_TOKEN_MODEL = "accounts.ApiKey"  # noqa: S105 - a model's name
REST_KNOX = {
    "TOKEN_MODEL": "accounts.ApiKey",
    "AUTH_HEADER_PREFIX": "Token",
    "TOKEN_TTL": None,
    "AUTO_REFRESH": False,
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not (DEBUG or DEMO)
if SESSION_COOKIE_SECURE:
    # The prefix makes browsers refuse such a cookie from anywhere but this very host, over https.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_AGE = 12 * 3600  # a working day, then the password and the second factor again
# Who looks for malware in uploaded files (accounts/approvals/scanning.py). The default is nobody, and pages say so.
DOCUMENT_SCANNER = os.environ.get("DOCUMENT_SCANNER", "accounts.approvals.scanning.nobody")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# A body larger than this is refused before it is read into memory: 1 000 orders take well below it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# --- words and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- static -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "static",
    *[
        (f"vendor/{name}", NODE_MODULES / folder)
        for name, folder in {
            "tabler": "@tabler/core/dist/css",
            "charts": "lightweight-charts/dist",
            "htmx": "htmx.org/dist",
            "noto-sans-sc": "@fontsource/noto-sans-sc",
        }.items()
        if (NODE_MODULES / folder).is_dir()
    ],
]
# What was collected is served from there. A clone in which nothing was collected finds each file when it is asked for,
# rather than look at two thousand of them at its start.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_ROOT.is_dir()

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS
API_RATES = api_settings.API_RATES

# --- e-mail: the demo writes files, a machine without a mail server its log -------------------------
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = not flag("EMAIL_WITHOUT_TLS")
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "filebased.EmailBackend" if DEMO else "console.EmailBackend"
)
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "tanshi@localhost")

# --- bells and pushes: nothing is kept there, see docs/decisions ----------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"exchange.tasks.drain": {"queue": "engine"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CHANNEL_LAYERS: dict[str, object] = {}

# --- the market -----------------------------------------------------------------------------------
MARKET_CALENDAR = os.environ.get("MARKET_CALENDAR", "xshg")
if MARKET_CALENDAR not in {"xshg", "demo"}:
    raise ImproperlyConfigured("MARKET_CALENDAR is one of: xshg, demo.")

# Layers below the exchange ask for the time through this path (accounts/clock.py).
PLATFORM_CLOCK = "exchange.clock.now"

# What the registry asks of the market above it (registry/market_port.py).
REGISTRY_MARKET = "exchange.for_registry"

# Each check is a function that yields breaks; the apps' own tables are checked by their own app.
AUDIT_CHECKS = [
    "registry.audit.checks.assets_sum_to_zero",
    "registry.audit.checks.balances_equal_transfers",
    "registry.audit.checks.issued_equals_held",
    "exchange.audit.locks_equal_open_orders",
    "exchange.audit.trades_equal_transfers",
    "registry.compliance.audit.surrendered_equals_ledger",
    "registry.audit.chain.sealed_days_unchanged",
    "registry.custody.audit.locks_equal_requests",
    "registry.inclusion.audit.reductions_issued_once",
    "registry.inclusion.audit.points_equal_records",
]

# Statements of what the apps above the registry keep in `pending` (registry/custody/audit.py).
AUDIT_SET_ASIDE = ["exchange.auction.audit.SET_ASIDE"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
