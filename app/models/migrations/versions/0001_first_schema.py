"""The first schema: activity with its rollups, projects, categories and rules, focus sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table and index."""
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("name", name=op.f("uq_applications_name")),
    )
    op.create_table(
        "branches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
        sa.UniqueConstraint("name", name=op.f("uq_branches_name")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("productivity", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("productivity BETWEEN -1 AND 1", name=op.f("ck_categories_productivity")),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("uuid", name=op.f("uq_categories_uuid")),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("uuid", name=op.f("uq_devices_uuid")),
    )
    op.create_table(
        "languages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_languages")),
        sa.UniqueConstraint("name", name=op.f("uq_languages_name")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_daily",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("active_ms", sa.Integer(), nullable=False),
        sa.Column("idle_ms", sa.Integer(), nullable=False),
        sa.Column("switches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "device_id", "project_id", "category_id", "application_id", name=op.f("pk_rollup_daily")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_hourly",
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("active_ms", sa.Integer(), nullable=False),
        sa.Column("idle_ms", sa.Integer(), nullable=False),
        sa.Column("switches", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "device_id", "category_id", name=op.f("pk_rollup_hourly")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("root_commit", sa.Text(), nullable=True),
        sa.Column("remote_digest", sa.LargeBinary(), nullable=True),
        sa.Column("remote_text_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("archived", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_ms", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["projects.id"], name=op.f("fk_projects_merged_into_id")),
        sa.ForeignKeyConstraint(["remote_text_id"], ["texts.id"], name=op.f("fk_projects_remote_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("uuid", name=op.f("uq_projects_uuid")),
    )
    op.create_index("ix_projects_remote_digest", "projects", ["remote_digest"], unique=False)
    op.create_index("ix_projects_root_commit", "projects", ["root_commit"], unique=False)
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("origin", sa.Text(), server_default=sa.text("'person'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_rules_category_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("uuid", name=op.f("uq_rules_uuid")),
    )
    op.create_table(
        "activity_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("utc_offset_s", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("switched", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("title_id", sa.Integer(), nullable=True),
        sa.Column("url_id", sa.Integer(), nullable=True),
        sa.Column("path_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("language_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("assigned", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("end_ms >= start_ms", name=op.f("ck_activity_logs_forward")),
        sa.CheckConstraint("state IN (0, 1)", name=op.f("ck_activity_logs_state")),
        sa.CheckConstraint("id >> 10 = start_ms", name=op.f("ck_activity_logs_ordered")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_activity_logs_application_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_activity_logs_branch_id")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_activity_logs_category_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_activity_logs_device_id")),
        sa.ForeignKeyConstraint(["language_id"], ["languages.id"], name=op.f("fk_activity_logs_language_id")),
        sa.ForeignKeyConstraint(["note_id"], ["texts.id"], name=op.f("fk_activity_logs_note_id")),
        sa.ForeignKeyConstraint(["path_id"], ["texts.id"], name=op.f("fk_activity_logs_path_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_activity_logs_project_id")),
        sa.ForeignKeyConstraint(["title_id"], ["texts.id"], name=op.f("fk_activity_logs_title_id")),
        sa.ForeignKeyConstraint(["url_id"], ["texts.id"], name=op.f("fk_activity_logs_url_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_logs")),
    )
    op.create_table(
        "focus_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_ms", sa.Integer(), nullable=False),
        sa.Column("ended_ms", sa.Integer(), nullable=True),
        sa.Column("utc_offset_s", sa.Integer(), nullable=False),
        sa.Column("planned_ms", sa.Integer(), nullable=True),
        sa.Column("focused_ms", sa.Integer(), nullable=False),
        sa.Column("updated_ms", sa.Integer(), nullable=False),
        sa.Column("interruptions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_focus_sessions_device_id")),
        sa.ForeignKeyConstraint(["note_id"], ["texts.id"], name=op.f("fk_focus_sessions_note_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_focus_sessions_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_sessions")),
        sa.UniqueConstraint("uuid", name=op.f("uq_focus_sessions_uuid")),
    )
    op.create_index("ix_focus_sessions_started_ms", "focus_sessions", ["started_ms"], unique=False)
    op.create_table(
        "project_roots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("path_digest", sa.LargeBinary(), nullable=False),
        sa.Column("path_text_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["path_text_id"], ["texts.id"], name=op.f("fk_project_roots_path_text_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_roots_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_roots")),
        sa.UniqueConstraint("path_digest", name=op.f("uq_project_roots_path_digest")),
    )
    op.create_index("ix_project_roots_project_id", "project_roots", ["project_id"], unique=False)
