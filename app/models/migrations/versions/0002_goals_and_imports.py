"""Goals; imports, and which of them brought a span."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two new tables and one new column; no row is rewritten, so it takes no longer with ten million."""
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("started_ms", sa.Integer(), nullable=False),
        sa.Column("finished_ms", sa.Integer(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("spans", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("name_text_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["name_text_id"], ["texts.id"], name=op.f("fk_imports_name_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("uuid", name=op.f("uq_imports_uuid")),
    )
    op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("target_ms", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), server_default=sa.text("127"), nullable=False),
        sa.Column("enabled", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_ms", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('at_least', 'at_most')", name=op.f("ck_goals_kind")),
        sa.CheckConstraint(
            "subject IN ('total', 'project', 'category', 'productive', 'focus')",
            name=op.f("ck_goals_subject"),
        ),
        sa.CheckConstraint(
            "(subject IN ('project', 'category')) = (subject_id IS NOT NULL)", name=op.f("ck_goals_about")
        ),
        sa.CheckConstraint("period IN ('day', 'week')", name=op.f("ck_goals_period")),
        sa.CheckConstraint("target_ms >= 0", name=op.f("ck_goals_target")),
        sa.CheckConstraint("weekdays BETWEEN 0 AND 127", name=op.f("ck_goals_weekdays")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint("uuid", name=op.f("uq_goals_uuid")),
    )
    # SQLite's own words: Alembic would add the reference in a second step, which SQLite does not have.
    op.execute(
        "ALTER TABLE activity_logs ADD COLUMN import_id INTEGER "
        "CONSTRAINT fk_activity_logs_import_id REFERENCES imports (id)"
    )
