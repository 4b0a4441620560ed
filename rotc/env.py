"""What the surroundings say: every variable the system reads, checked, in one place.

Outside production no variable is needed: the data folder and a secret key are made on first use.
In production a half-configured system refuses to start and names the variable, never its value.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("embedded", "demo", "production")
OURS = {"ROTC_ENV", "ROTC_DATA_DIR", "ROTC_EMBEDDED_WORKER"}
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def needed(name: str, because: str = "In production the system needs it") -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {because}.")
    return value


def together(*names: str) -> None:
    """Refuse when some of these are set and others are not."""
    missing = [name for name in names if not text(name)]
    if missing and len(missing) < len(names):
        have = [name for name in names if text(name)]
        raise ImproperlyConfigured(f"{missing[0]} is not set, but {have[0]} is. Set both or none.")


def only_with(needed_name: str, *names: str) -> None:
    """Refuse when one of ``names`` is set and what gives it a meaning is not."""
    for name in names:
        if text(name) and not text(needed_name):
            raise ImproperlyConfigured(
                f"{name} is set, but {needed_name} is not. It has no effect without it."
            )


def refuse_unknown() -> None:
    """Refuse a variable that is called as ours are and is none of ours: it is misspelt."""
    for name in sorted(os.environ):
        if name.startswith("ROTC_") and name not in OURS:
            raise ImproperlyConfigured(f"{name} is not known. There are {', '.join(sorted(OURS))}.")


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE | FALSE:
        return value.strip().lower() in TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number.")
    return int(value)


def address(name: str, *schemes: str) -> str:
    """The address of a service, empty where none is set. It may hold a password: it is never shown."""
    value = text(name)
    if value and not _is_address(value, schemes):
        raise ImproperlyConfigured(f"{name} must be an address that starts with {schemes[0]}://.")
    return value


def _is_address(value, schemes) -> bool:
    try:
        urlsplit(value).port  # noqa: B018 — a port that is no number raises, as a bracket left open does
    except ValueError:
        return False
    return value.startswith(tuple(f"{scheme}://" for scheme in schemes))


def token(name: str) -> str:
    """A secret by which a machine is known, empty where none is set."""
    value = text(name)
    if value and not (len(value) >= 32 and value.isascii() and value.isprintable() and " " not in value):
        raise ImproperlyConfigured(
            f"{name} must have at least 32 characters, made at random, without spaces."
        )
    return value


def dsn(name: str) -> str:
    """The address to which errors are reported, as Sentry gives it; empty where none is set."""
    value = text(name)
    parts = urlsplit(value) if _is_address(value, ["https", "http"]) else None
    if value and not (parts and parts.username and parts.hostname and parts.path.split("/")[-1].isdigit()):
        raise ImproperlyConfigured(f"{name} must be an address as Sentry gives it: https://key@host/number.")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def kind() -> str:
    """``embedded`` (default), ``demo`` or ``production``: what sort of system this is."""
    value = text("ROTC_ENV", "embedded")
    if value not in KINDS:
        raise ImproperlyConfigured(f"ROTC_ENV must be one of {', '.join(KINDS)}.")
    return value


def data_folder() -> Path:
    """Where the database, uploads and the secret key live; made on first use, for its owner only."""
    default = ROOT / ("var-demo" if kind() == "demo" else "var")
    folder = Path(text("ROTC_DATA_DIR", str(default))).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key() -> str:
    if kind() == "production":
        key = needed("DJANGO_SECRET_KEY")
        # 256 bits as hosts generate them are 44 characters of base64.
        if len(key) < 43:
            raise ImproperlyConfigured("DJANGO_SECRET_KEY must have at least 43 characters, made at random.")
        return key
    return text("DJANGO_SECRET_KEY") or _kept_key(data_folder() / "secret_key")


def _kept_key(path: Path) -> str:
    # Two commands may be the first at once: write aside, then link; the first link wins.
    if not path.exists():
        draft = path.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
