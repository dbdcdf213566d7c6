"""The tables, declared once, with types both databases have. Migrations are written against these."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _account(*, key: bool = False) -> Column[bytes]:
    return Column(
        "account", LargeBinary, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=key, nullable=False
    )


# What belongs to the service itself: its id, and keys sealed under the operator's secret.
service = Table(
    "service",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("retired", BigInteger),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("email", String(254), unique=True),
    Column("kdf", LargeBinary, nullable=False),
    Column("login_key", LargeBinary, nullable=False),
    Column("recovery_key", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("keys_version", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("disabled", BigInteger),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
)

wraps = Table(
    "wraps",
    metadata,
    _account(key=True),
    Column("kind", String(10), primary_key=True),
    Column("device", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    _account(key=True),
    Column("id", LargeBinary, primary_key=True),
    Column("signing_key", LargeBinary, nullable=False),
    Column("label", LargeBinary, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("revoked", BigInteger),
)

# The signed hash chain, link by link; the service keeps the bytes as they were signed.
device_statements = Table(
    "device_statements",
    metadata,
    _account(key=True),
    Column("sequence", Integer, primary_key=True),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    _account(),
    Column("device", LargeBinary),
    Column("kind", String(10), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("revoked", BigInteger),
    Index(None, "account"),
    Index(None, "expires"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("session", LargeBinary, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("issued", BigInteger, nullable=False),
    Column("used", BigInteger),
    Column("successor", LargeBinary),
    Index(None, "session"),
)

identities = Table(
    "identities",
    metadata,
    Column("provider", String(20), primary_key=True),
    Column("subject", String(255), primary_key=True),
    _account(),
    Column("linked", BigInteger, nullable=False),
    Index(None, "account"),
)

# One row an account: the last sequence given out, and the bytes in the vault, old versions included. A
# sequence means something within its lineage only: restoring a backup begins a new one.
vaults = Table(
    "vaults",
    metadata,
    _account(key=True),
    Column("lineage", LargeBinary, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
)

# Sealed bodies as they came. `superseded` is null in the current version of an object.
envelopes = Table(
    "envelopes",
    metadata,
    _account(key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("kind", Integer, nullable=False),
    Column("object", LargeBinary, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("superseded", BigInteger),
    Column("size", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "account", "object", "kind", "version", unique=True),
    Index(None, "superseded"),
)

# Work for later. `due`: when it may be taken; while it is claimed, when it may be taken from who has it.
tasks = Table(
    "tasks",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("job", String(40), nullable=False),
    Column("account", LargeBinary, ForeignKey("accounts.id", ondelete="CASCADE")),
    Column("body", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claim", LargeBinary),
    Column("failed", String(80), nullable=False),
    Column("dead", BigInteger),
    Index(None, "due"),
    Index(None, "account"),
)
