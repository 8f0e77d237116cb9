"""Settings, read from the environment or from a ``.env`` file next to manage.py.

Only SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL need a value; every default below is the safe one. README.md lists them
all. The demo has a file ``.env.demo``, which ``make run`` writes, and its files in ``var/demo/``.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

# The demo: invented people, sign-in without second factor, a fixed day. Never for a real network. Only the environment
# turns it on, before a file is read, so that the demo and a real network never share settings or files.
env = environ.Env()
DEMO = env.bool("DEMO", default=False)
VAR_DIR = BASE_DIR / "var" / "demo" if DEMO else BASE_DIR / "var"
VAR_DIR.mkdir(parents=True, exist_ok=True)
env.read_env(BASE_DIR / env.str("MENTORNET_ENV_FILE", default=".env.demo" if DEMO else ".env"))
if env.bool("DEMO", default=False) != DEMO:
    raise ImproperlyConfigured(
        "The file .env has the settings of a demo (DEMO=true). `make run` moves them to .env.demo; "
        "a command of the demo begins with DEMO=true. A real network needs a .env of its own (README.md)."
    )
DEMO_TODAY = env.str("DEMO_TODAY", default="2011-09-15")
DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a long random text (README.md). `make run` writes one for the demo, whose commands begin "
        "with DEMO=true."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "common",
    "tasks",
    "accounts",
    "programmes",
    "people",
    "matching",
    "events",
    "reporting",
    "imports",
    "transfer",
    "desk",
    "demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "mentornet.middleware.RequestIdMiddleware",
    # First, so that requests which the next one refuses get these headers, too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mentornet.middleware.PrivateResponseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mentornet.middleware.CompressedPageMiddleware",
    "mentornet.health.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.middleware.ScriptRedirectMiddleware",
    "accounts.middleware.MembershipMiddleware",
    "accounts.middleware.KeptPostMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.searches.TypedSearchMiddleware",
]

ROOT_URLCONF = "mentornet.urls"
WSGI_APPLICATION = "mentornet.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "common.templatetags.ui",
                "common.templatetags.danish",
            ],
        },
    }
]

# SQLite, the default: write-ahead log, writers wait instead of failing, 64 MiB of pages in memory.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'mentornet.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# On SQLite the cache is a folder: a long transaction keeps all others from writing to the database, and the progress of
# that transaction is shown from the cache.
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
CACHES = {
    "default": env.cache_url(
        "CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}" if IS_SQLITE else "dbcache://cache_entries"
    ),
}
if CACHES["default"]["BACKEND"].endswith(("FileBasedCache", "DatabaseCache")):
    # Beyond 300 values, the default, some are deleted at random, and counts of failed sign-ins with them.
    CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 10_000}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation by e-mail proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# ``User.email`` is the only e-mail of a user: the table ``account_emailaddress`` is empty. allauth's own tokens would
# fill it with unverified rows when a password is reset, and users with such a row could not set up a second factor.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_RATE_LIMITS = {  # accounts/attempts.py
    "login": None,  # only failed sign-ins are limited: an office behind one address signs in at eight
    "login_failed": "5/15m/key",  # an account from one address or one known device
    "login_failed_account": "20/15m/key",  # an account from all addresses; beyond it an address has
    "login_failed_here_slow": "2/15m/key",
    "login_failed_address": "100/15m/key",  # an address on all accounts; beyond it the address has
    "login_failed_address_slow": "1/5s/key",
    "reset_password": "20/m/ip",
    "reset_password_mail": "5/15m/key",  # an e-mail, or an e-mail on a known device of its user
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.PasswordForm",
    "reauthenticate": "accounts.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Mentornet"
MFA_TOTP_TOLERANCE = 1  # the half minutes before and after are accepted
MFA_RECOVERY_CODE_COUNT = 10
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.ConfirmSecondFactorForm",
    "activate_totp": "accounts.forms.SetUpSecondFactorForm",
}
# Shown on the sign-in page of the demo; demo.builders.staff creates the users.
DEMO_SIGN_INS = {
    "password": "mentornet-demo",
    "emails": [
        f"{role}.{branch}@example.net"
        for branch in ("tingbjerg", "koebenhavn")
        for role in ("koordinator", "administrator", "leder")
    ],
}

SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=60 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=60 * 60 * 10)
SESSION_WARNING_SECONDS = env.int("SESSION_WARNING_SECONDS", default=60 * 5)  # before the session ends
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["common.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "common.stylesheets.StylesheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Outside the demo all requests use TLS, usually through a reverse proxy.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEMO)
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # failed sign-ins count per visitor, not per proxy
SECURE_HSTS_SECONDS = 0 if DEMO else 60 * 60 * 24 * 365 * 2
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "sessionid" if DEMO else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEMO else "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = False
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mentornet.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],  # charts have style attributes
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if DEMO else "smtp://localhost:25")
vars().update(EMAIL_CONFIG)
# The product puts e-mail into the queue; the worker uses the transport of EMAIL_URL.
MAIL_TRANSPORT = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_BACKEND = "tasks.mail.QueueBackend"
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds without an answer of the mail server
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="mentornet@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [("Drift", address) for address in env.list("ADMIN_EMAILS", default=[])]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "common/_table.html"
IMPORT_EXPORT_USE_TRANSACTIONS = True
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "mentornet.errors.PlainFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "mail_admins": {"class": "mentornet.errors.ErrorMailHandler", "level": "ERROR"},
    },
    "loggers": {"django": {"handlers": ["mail_admins"], "level": "INFO"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

# Limits of an uploaded spreadsheet, checked before anything is unpacked.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=10 * 1024 * 1024)
IMPORT_MAX_UNPACKED_BYTES = 80 * 1024 * 1024
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=50_000)
IMPORT_MAX_COLUMNS = 200
IMPORT_MAX_CELLS = 1_000_000  # filled, in all sheets
IMPORT_MAX_TEXT = 20_000_000  # characters in all cells
IMPORT_READ_MEMORY = 160 * 1024 * 1024  # bytes of the worker process
# Processor time stops hostile files. The wall clock is the last resort, and long enough for a busy server.
IMPORT_READ_CPU_SECONDS = env.int("IMPORT_READ_CPU_SECONDS", default=7)
IMPORT_READ_SECONDS = env.int("IMPORT_READ_SECONDS", default=60)
IMPORT_UNDO_DAYS = 30

# Limits of a branch file, checked before anything is unpacked.
ARCHIVE_MAX_BYTES = env.int("ARCHIVE_MAX_BYTES", default=200 * 1024 * 1024)
ARCHIVE_MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
ARCHIVE_MAX_CELL = 5_000_000  # characters; a sent report is one cell
