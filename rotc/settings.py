"""Settings, read from top to bottom: what it is, where it keeps things, who may enter, how it looks."""

import dj_database_url
import django
from django.core.exceptions import ImproperlyConfigured
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

from rotc import env
from rotc.web.content_policy import content_policy

# --- what this system is
env.refuse_unknown()
KIND = env.kind()
PRODUCTION = KIND == "production"
BASE_DIR = env.ROOT
DATA_DIR = env.data_folder()
SECRET_KEY = env.secret_key()
DEBUG = env.flag("DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production: its error pages show what is kept.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
if PRODUCTION:
    env.needed("ALLOWED_HOSTS")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS must name the host names that people type, not all of them."
        )
VERSION = "0.1.0"
PORT = env.number("PORT", 8000)
# Where people open it, as letters and the first line of its log say it.
ADDRESS = f"https://{ALLOWED_HOSTS[0].lstrip('.')}/" if PRODUCTION else f"http://127.0.0.1:{PORT}/"
EMBEDDED_WORKER = env.flag("ROTC_EMBEDDED_WORKER", default=not PRODUCTION)
METRICS_TOKEN = env.token("METRICS_TOKEN")
SENTRY_DSN = env.dsn("SENTRY_DSN")
BODY_LIMIT = 12 * 1024 * 1024  # bytes; a roster file may have 10 MB

INSTALLED_APPS = [
    "rotc",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_eventstream",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "huey.contrib.djhuey",
]

MIDDLEWARE = [
    "rotc.figures.middleware.NotedForFigures",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "rotc.web.middleware.PlainAddresses",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rotc.operations.middleware.ClosedForMaintenance",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rotc.accounts.middleware.StaffNeedSecondFactor",
    "rotc.web.middleware.PrivateAnswers",
    "rotc.web.middleware.SignInWithinAPage",
    "rotc.web.middleware.RefusalsInWords",
    # Last and sync: then the whole chain runs in one thread hop (measured 1.6 times as fast).
    "whitenoise.middleware.WhiteNoiseMiddleware",
]

ROOT_URLCONF = "rotc.urls"
ASGI_APPLICATION = "rotc.asgi.application"
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
                "rotc.web.context.shell",
            ],
            "builtins": ["rotc.templatetags.house"],
        },
    }
]
if django.VERSION < (6, 0):  # From 6.0 on partials are Django's own.
    INSTALLED_APPS.append("template_partials")
    TEMPLATES[0]["OPTIONS"]["builtins"].append("template_partials.templatetags.partials")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- where it keeps things
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "rotc.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA busy_timeout=15000; PRAGMA foreign_keys=ON;"
        ),
    },
}
if PRODUCTION:
    env.needed("DATABASE_URL")
DATABASE_URL = env.address("DATABASE_URL", "postgres", "postgresql", "pgsql", "sqlite")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL) if DATABASE_URL else SQLITE}
ON_POSTGRESQL = DATABASES["default"]["ENGINE"].endswith("postgresql")
if ON_POSTGRESQL:
    # Under ASGI a kept connection leaks one a thread; the pool bounds them.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A longer try to connect again would pause twice as long after each failure: the whole outage once more, at its end.
    pool = {"min_size": 1, "max_size": 10, "timeout": 4, "reconnect_timeout": 2}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = pool
    # A machine that vanished without a word is noticed within half a minute, also by a worker that waits for it.
    vanished = {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    }
    DATABASES["default"]["OPTIONS"] = vanished | DATABASES["default"]["OPTIONS"]

REDIS_URL = env.address("REDIS_URL", "redis", "rediss", "unix")
if PRODUCTION and not EMBEDDED_WORKER:
    env.needed("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "rotc.web.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "rotc",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)},
        }
    }

BUCKET = env.text("AWS_STORAGE_BUCKET_NAME")
STORE = env.address("AWS_S3_ENDPOINT_URL", "https", "http")
env.only_with("AWS_STORAGE_BUCKET_NAME", "AWS_S3_ENDPOINT_URL")
env.together("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
if STORE:  # On Amazon's own machines the keys may come from the machine.
    env.needed("AWS_ACCESS_KEY_ID", because="AWS_S3_ENDPOINT_URL names a store that asks for it")
UPLOADS = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": DATA_DIR / "uploads", "base_url": None},
}
if BUCKET:
    from botocore.config import Config  # takes a while to load, and only a bucket needs it

    UPLOADS = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": BUCKET,
            "endpoint_url": STORE or None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "querystring_expire": 300,
            "max_memory_size": 1024 * 1024,  # what is read and larger, as a backup is, goes through the disk
            # A page that waits for a store that is away says so after seconds, not minutes.
            "client_config": Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2}),
        },
    }
STORAGES = {
    "default": UPLOADS,
    "staticfiles": {"BACKEND": "rotc.web.static_files.HouseStaticFiles"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
# A company's sheet without scripts posts every cell and its version at once.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

HUEY = {
    "name": "rotc",
    "immediate": False,
    "utc": False,
    "consumer": {"workers": 1, "max_delay": 0.5, "graceful_signal": "TERM", "shutdown_timeout": 20},
}
if REDIS_URL:
    # A worker waits a second at a time for its next task, so its time-out is longer than that.
    doorbell = ConnectionPool.from_url(
        REDIS_URL, socket_connect_timeout=0.5, socket_timeout=3, retry=Retry(NoBackoff(), 0)
    )
    HUEY |= {"huey_class": "huey.PriorityRedisHuey", "connection_pool": doorbell}
else:
    HUEY |= {"huey_class": "huey.SqliteHuey", "filename": str(DATA_DIR / "queue.sqlite3")}

# --- who may enter
AUTH_USER_MODEL = "rotc.User"
AUTHENTICATION_BACKENDS = ["rotc.accounts.backends.SignInNames"]
PASSWORD_HASHERS = ["rotc.accounts.hashers.FrugalArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "rotc.accounts.adapter.HouseAdapter"
# Our backend resolves student number, username and verified e-mail alike from what was typed.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/accounts/email/"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "add_email": "rotc.accounts.forms.AddEmail",
    "reset_password": "rotc.accounts.forms.ResetPassword",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # No letters to addresses that nobody here has.
# A computer lab or a parade ground stands behind one address; five wrong tries rest one account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "120/m/ip,5/5m/key",
    "access_code": "300/m/ip,5/5m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 1 if PRODUCTION else 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "ROTC Grading"
STAFF_NEED_SECOND_FACTOR = PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^api/(live|health)/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

STANDING_STYLE = BASE_DIR / "static" / "css" / "standing.css"  # the standing page carries it inside
CONTENT_SECURITY_POLICY = content_policy(STANDING_STYLE)

# --- streams
EVENTSTREAM_CHANNELMANAGER_CLASS = "rotc.live.channels.HouseChannels"

# --- letters
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
SENDS_LETTERS = bool(env.text("EMAIL_HOST"))
env.only_with("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS")
env.together("EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD")
if PRODUCTION and SENDS_LETTERS:
    env.needed("DEFAULT_FROM_EMAIL", because="Letters need an address that they come from")
if SENDS_LETTERS:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("EMAIL_HOST")
    EMAIL_PORT = env.number("EMAIL_PORT", 587)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
    EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "rotc@localhost")

# --- how it speaks
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Asia/Manila"
FORMAT_MODULE_PATH = "rotc.formats"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A page that was refused is no trouble of the system; each would leave forty lines of traceback.
    "loggers": {"rotc": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
