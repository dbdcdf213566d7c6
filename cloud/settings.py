"""Settings of the service: from the environment, checked all at once, frozen."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cloud.reading import (
    Reader,
    SettingsRefused,
    address_range,
    choice,
    file,
    folder,
    listen_host,
    number,
    origin,
    rate,
    secret,
    text,
    url,
)

__all__ = ["PREFIX", "Provider", "Settings", "SettingsRefused", "from_environment"]

PREFIX = "DEVPULSE_CLOUD_"
LEVELS = ("debug", "info", "warning", "error")
Migrate = Literal["on-start", "by-hand"]
SignUp = Literal["closed", "invited", "open"]
_migrate: Callable[[str], Migrate] = choice("on-start", "by-hand")
_sign_up: Callable[[str], SignUp] = choice("closed", "invited", "open")


@dataclass(frozen=True, slots=True)
class Provider:
    """One "sign in with": whose pages and calls, and who we are to them."""

    client_id: str
    client_secret: str = field(repr=False)
    site: str
    api: str


@dataclass(frozen=True, slots=True)
class Rates:
    """How often, as `count/period`: by account for all calls, by address for all and for signing in."""

    account: str = "1200/minute"
    address: str = "2400/minute"
    sign_in: str = "30/minute"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that an operator can choose. The defaults serve one person on this machine."""

    host: str = "127.0.0.1"
    port: int = 8420
    log_level: str = "info"
    workers: int = 1
    public_url: str = "http://127.0.0.1:8420"
    data: Path = Path("devpulse-cloud")
    database_url: str = field(default="", repr=False)
    database_pool: int = 10
    redis_url: str = field(default="", repr=False)
    migrate: Migrate = "on-start"
    secrets: tuple[str, ...] = field(default=(), repr=False)
    operator_token: str = field(default="", repr=False)
    sign_up: SignUp = "closed"
    trusted_proxies: tuple[str, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    drain_seconds: int = 0
    quota_bytes: int = 1 << 30
    rates: Rates = Rates()
    providers: Mapping[str, Provider] = field(default_factory=dict[str, Provider])

    @property
    def postgresql(self) -> bool:
        """Whether the database is a PostgreSQL server rather than a file."""
        return self.database_url.startswith("postgresql")

    @property
    def database_file(self) -> Path:
        """The SQLite file, where that is the database."""
        named = self.database_url.partition("://")[2].removeprefix("/")
        return Path(named) if named else self.data / "cloud.db"


def default_data_folder(environ: Mapping[str, str]) -> Path:
    """Where the file database and the service's secret lie unless DEVPULSE_CLOUD_DATA says otherwise."""
    if home := environ.get("DEVPULSE_HOME"):
        return Path(home).expanduser().absolute() / "cloud"
    given = environ.get("XDG_DATA_HOME", "")
    base = Path(given) if given.startswith("/") else Path(os.path.expanduser("~/.local/share"))  # noqa: PTH111
    return base / "devpulse-cloud"


def from_environment(
    environ: Mapping[str, str],
    *,
    host: str | None = None,
    port: str | None = None,
    workers: str | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
) -> Settings:
    """The settings of `environ`, with the words of the command line before it.

    A secret may also lie in a file that `…_FILE` names. Raises SettingsRefused with every reason there is.
    """
    options = {"HOST": host, "PORT": port, "WORKERS": workers, "TLS_CERT": tls_cert, "TLS_KEY": tls_key}
    given = {name: value for name, value in options.items() if value is not None}
    read = Reader(PREFIX, environ, given)
    plain = Settings()
    listen = read("HOST", listen_host, plain.host)
    at = read("PORT", number(0, 65_535, "0 takes any that is free"), plain.port)
    scheme = "https" if "TLS_CERT" in read.present else "http"
    shown = f"[{listen}]" if ":" in listen else listen
    database = read.secret("DATABASE_URL", url("sqlite", "postgresql", "postgresql+asyncpg"), "")
    migrate = read("MIGRATE", _migrate, None) or _usual_migration(database)
    sign_up: SignUp = read("SIGN_UP", _sign_up, plain.sign_up)
    settings = Settings(
        host=listen,
        port=at,
        log_level=read("LOG_LEVEL", choice(*LEVELS), plain.log_level),
        workers=read("WORKERS", number(1, 64, "one for each core"), plain.workers),
        public_url=read("PUBLIC_URL", origin, f"{scheme}://{shown}:{at}"),
        data=read("DATA", folder, default_data_folder(environ)),
        database_url=database,
        database_pool=read("DATABASE_POOL", number(1, 200, "connections"), plain.database_pool),
        redis_url=read.secret("REDIS_URL", url("redis", "rediss", "unix"), ""),
        migrate=migrate,
        secrets=read.secret("SECRET", secret, ()),
        operator_token=read.secret("OPERATOR_TOKEN", text(24), ""),
        sign_up=sign_up,
        trusted_proxies=read("TRUSTED_PROXIES", address_range, ()),
        tls_cert=read("TLS_CERT", file, None),
        tls_key=read("TLS_KEY", file, None),
        drain_seconds=read("DRAIN_SECONDS", number(0, 300, "seconds"), plain.drain_seconds),
        quota_bytes=read("QUOTA_BYTES", number(1 << 20, 1 << 50, "bytes an account"), plain.quota_bytes),
        rates=Rates(
            account=read("RATE_ACCOUNT", rate, plain.rates.account),
            address=read("RATE_ADDRESS", rate, plain.rates.address),
            sign_in=read("RATE_SIGN_IN", rate, plain.rates.sign_in),
        ),
        providers=_providers(read),
    )
    read.refuse_unknown()
    _agree(read, settings)
    if read.reasons:
        raise SettingsRefused(read.reasons)
    return settings


def _usual_migration(database: str) -> Migrate:
    """A file belongs to this process; a server may have other replicas of another version on it."""
    return "by-hand" if database.startswith("postgresql") else "on-start"


_VENDORS = {
    "github": ("https://github.com", "https://api.github.com"),
    "google": ("https://accounts.google.com", "https://openidconnect.googleapis.com"),
}


def _providers(read: Reader) -> dict[str, Provider]:
    found: dict[str, Provider] = {}
    for name, (site, api) in _VENDORS.items():
        word = name.upper()
        client = read(f"{word}_CLIENT_ID", text(1), "")
        key = read.secret(f"{word}_CLIENT_SECRET", text(1), "")
        at = read(f"{word}_URL", origin, site)
        calls = read(f"{word}_API_URL", origin, api)
        if bool(client) != bool(key):
            read.reasons.append(
                f"{PREFIX}{word}_CLIENT_ID and …_SECRET belong together; one of them is missing."
            )
        elif client:
            found[name] = Provider(client, key, at, calls)
    return found


def _agree(read: Reader, settings: Settings) -> None:
    """What is fine by itself and not together."""
    if settings.workers > 1 and not settings.redis_url:
        read.reasons.append(
            f"{settings.workers} workers must share limits, challenges and announcements, which takes Redis: "
            f"set {PREFIX}REDIS_URL, or serve with one worker."
        )
    if settings.postgresql and not settings.secrets:
        read.reasons.append(
            f"With PostgreSQL the service's secret must be the same for every replica: set {PREFIX}SECRET or "
            f"{PREFIX}SECRET_FILE to 32 random bytes in base64 (openssl rand -base64 32)."
        )
    if bool(settings.tls_cert) != bool(settings.tls_key):
        read.reasons.append("A TLS certificate and its key belong together; one of them is missing.")
