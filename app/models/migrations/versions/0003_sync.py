"""Sync: the outbox with its triggers, what is known of the account's objects, heads and alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.outbox import triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, triggers and one new column; no row is rewritten, so millions take no longer."""
    op.add_column("devices", sa.Column("owner", sa.LargeBinary(), nullable=True))
    _outbox()
    _known()
    for statement in triggers().values():
        op.execute(sa.text(statement.replace(":", r"\:")))


def _outbox() -> None:
    op.create_table(
        "sync_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("noting", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sync_switch_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_switch")),
    )
    op.create_table(
        "outbox_slots",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "hour", name=op.f("pk_outbox_slots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox_rows",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("mask", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "start_ms", name=op.f("pk_outbox_rows")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox_fields",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("type", "uuid", "field", name=op.f("pk_outbox_fields")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox_erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=True),
        sa.Column("to_ms", sa.Integer(), nullable=True),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_erasures")),
    )
    op.create_table(
        "outbox_heirs",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("heir", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("type", "uuid", name=op.f("pk_outbox_heirs")),
        sqlite_with_rowid=False,
    )


def _known() -> None:
    op.create_table(
        "sync_state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sync_state")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_objects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("object", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("due", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("held", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=True),
        sa.Column("ours", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_objects")),
        sa.UniqueConstraint("object", name=op.f("uq_sync_objects_object")),
    )
    op.create_index("ix_sync_objects_type", "sync_objects", ["type", "name"], unique=False)
    op.create_index(
        "ix_sync_objects_due", "sync_objects", ["due"], unique=False, sqlite_where=sa.text("due = 1")
    )
    op.create_table(
        "sync_slots",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("container", sa.Text(), nullable=True),
        sa.Column("due", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "hour", name=op.f("pk_sync_slots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_heads",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seen_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_sync_heads")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("read_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_alarms")),
    )
