"""The tables, once, for SQLAlchemy and Alembic.

The agent's write path (`journal.py`) speaks plain sqlite3 to the same tables, and never imports this
module. Times are integer ms UTC; `utc_offset_s` is seconds east of UTC at recording. Texts that a
window showed (titles, addresses, file paths) stand only in `texts`, sealed; `digest` is a keyed
hash by which equal texts are told. `0` stands for "none" in the rollups' keys, because
NULL never equals NULL in a primary key.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.schema import DDL

from app.models.outbox import triggers

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What the database knows about itself: the mark of its data key, which defaults were ever put in.
meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

devices = Table(
    "devices",
    metadata,
    Column("id", Integer, primary_key=True),  # 1 is this machine
    Column("uuid", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    # Which device of the account records it and tells it to the others; NULL: this home does.
    Column("owner", LargeBinary),
)

applications = Table(
    "applications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

texts = Table(
    "texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", LargeBinary, nullable=False),  # no index, see app/models/interning.py
    Column("sealed", LargeBinary, nullable=False),
)

branches = Table(
    "branches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

languages = Table(
    "languages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

categories = Table(
    "categories",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("parent_id", Integer, ForeignKey("categories.id")),
    Column("color", Text, nullable=False),  # '#rrggbb'
    Column("productivity", Integer, nullable=False, server_default=text("0")),  # -1, 0, 1
    Column("position", Integer, nullable=False),
    CheckConstraint("productivity BETWEEN -1 AND 1", name="productivity"),
)

rules = Table(
    "rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("position", Integer, nullable=False),  # the first rule that matches decides
    Column("category_id", Integer, ForeignKey("categories.id", ondelete="CASCADE"), nullable=False),
    Column("conditions", Text, nullable=False),  # JSON, see app/tracking/classifier.py
    Column("enabled", Integer, nullable=False, server_default=text("1")),
    Column("origin", Text, nullable=False, server_default=text("'person'")),  # or 'default'
)

projects = Table(
    "projects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("color", Text, nullable=False),
    Column("root_commit", Text),  # hex id of the first commit: the same project wherever it lies
    Column("remote_digest", LargeBinary),  # keyed hash of the normalised remote
    Column("remote_text_id", Integer, ForeignKey("texts.id")),
    Column("language", Text),
    Column("archived", Integer, nullable=False, server_default=text("0")),
    Column("created_ms", Integer, nullable=False),
    Column("merged_into_id", Integer, ForeignKey("projects.id")),
    Index("ix_projects_root_commit", "root_commit"),
    Index("ix_projects_remote_digest", "remote_digest"),
)

project_roots = Table(
    "project_roots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("path_digest", LargeBinary, nullable=False, unique=True),
    Column("path_text_id", Integer, ForeignKey("texts.id"), nullable=False),
    Index("ix_project_roots_project_id", "project_id"),
)

# Every import that brought something, so that it can be taken back as one step and is not brought twice.
imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),  # what wrote the file: 'activitywatch', 'wakatime', …
    Column("started_ms", Integer, nullable=False),
    Column("finished_ms", Integer),  # NULL: it was cut short
    Column("digest", LargeBinary, nullable=False),  # of the file's bytes
    Column("spans", Integer, nullable=False, server_default=text("0")),
    Column("name_text_id", Integer, ForeignKey("texts.id")),  # the file's name
)

# The table is ordered by time: an id is start_ms * 1024 plus a small number, so a range of time is a range
# of ids (`spans_table.first_id`), and no second index is written at every switch (docs/storage.md).
# A query by `start_ms` alone reads the whole table.
activity_logs = Table(
    "activity_logs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device_id", Integer, ForeignKey("devices.id"), nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("utc_offset_s", Integer, nullable=False),
    Column("state", Integer, nullable=False),  # 0 active, 1 idle
    Column("switched", Integer, nullable=False, server_default=text("0")),
    Column("application_id", Integer, ForeignKey("applications.id")),
    Column("title_id", Integer, ForeignKey("texts.id")),
    Column("url_id", Integer, ForeignKey("texts.id")),
    Column("path_id", Integer, ForeignKey("texts.id")),
    Column("project_id", Integer, ForeignKey("projects.id")),
    Column("branch_id", Integer, ForeignKey("branches.id")),
    Column("language_id", Integer, ForeignKey("languages.id")),
    Column("category_id", Integer, ForeignKey("categories.id")),
    # 1: the person chose project or category by hand, so rules do not change it again.
    Column("assigned", Integer, nullable=False, server_default=text("0")),
    Column("note_id", Integer, ForeignKey("texts.id")),
    Column("import_id", Integer, ForeignKey("imports.id")),  # which import brought it; NULL: recorded here
    CheckConstraint("end_ms >= start_ms", name="forward"),
    CheckConstraint("state IN (0, 1)", name="state"),
    CheckConstraint("id >> 10 = start_ms", name="ordered"),
)

rollup_daily = Table(
    "rollup_daily",
    metadata,
    Column("day", Integer, primary_key=True),  # days since 1970-01-01 in local time
    Column("device_id", Integer, primary_key=True),
    Column("project_id", Integer, primary_key=True),
    Column("category_id", Integer, primary_key=True),
    Column("application_id", Integer, primary_key=True),
    Column("active_ms", Integer, nullable=False),
    Column("idle_ms", Integer, nullable=False),
    Column("switches", Integer, nullable=False),
    sqlite_with_rowid=False,
)

rollup_hourly = Table(
    "rollup_hourly",
    metadata,
    Column("hour", Integer, primary_key=True),  # hours since 1970-01-01 00:00 in local time
    Column("device_id", Integer, primary_key=True),
    Column("category_id", Integer, primary_key=True),
    Column("active_ms", Integer, nullable=False),
    Column("idle_ms", Integer, nullable=False),
    Column("switches", Integer, nullable=False),
    sqlite_with_rowid=False,
)

focus_sessions = Table(
    "focus_sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("device_id", Integer, ForeignKey("devices.id"), nullable=False),
    Column("project_id", Integer, ForeignKey("projects.id")),
    Column("state", Text, nullable=False),  # running, paused, completed, stopped
    Column("started_ms", Integer, nullable=False),
    Column("ended_ms", Integer),
    Column("utc_offset_s", Integer, nullable=False),
    Column("planned_ms", Integer),  # NULL: open end
    Column("focused_ms", Integer, nullable=False),  # up to `updated_ms`, pauses left out
    Column("updated_ms", Integer, nullable=False),
    Column("interruptions", Integer, nullable=False, server_default=text("0")),
    Column("note_id", Integer, ForeignKey("texts.id")),
    Index("ix_focus_sessions_started_ms", "started_ms"),
)

goals = Table(
    "goals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uuid", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # at_least, at_most
    Column("subject", Text, nullable=False),  # total, project, category, productive, focus
    Column("subject_id", Integer),  # the project or category; it goes where its subject goes
    Column("period", Text, nullable=False),  # day, week
    Column("target_ms", Integer, nullable=False),
    Column("weekdays", Integer, nullable=False, server_default=text("127")),  # bit 0 is Monday
    Column("enabled", Integer, nullable=False, server_default=text("1")),
    Column("created_ms", Integer, nullable=False),
    CheckConstraint("kind IN ('at_least', 'at_most')", name="kind"),
    CheckConstraint("subject IN ('total', 'project', 'category', 'productive', 'focus')", name="subject"),
    CheckConstraint("(subject IN ('project', 'category')) = (subject_id IS NOT NULL)", name="about"),
    CheckConstraint("period IN ('day', 'week')", name="period"),
    CheckConstraint("target_ms >= 0", name="target"),
    CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"),
)

# The outbox (app/models/outbox.py): filled by triggers while an account is signed in.

sync_switch = Table(
    "sync_switch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("noting", Integer, nullable=False),  # 0 nothing, 1 all, 2 only what this home owns
    CheckConstraint("id = 1", name="single"),
)

outbox_slots = Table(
    "outbox_slots",
    metadata,
    Column("device_id", Integer, primary_key=True),
    Column("hour", Integer, primary_key=True),  # UTC hours since 1970, by the span's start
    Column("erased", Integer, nullable=False),  # 1: something was taken away, and no copy of it may stay
    sqlite_with_rowid=False,
)

outbox_rows = Table(
    "outbox_rows",
    metadata,
    Column("device_id", Integer, primary_key=True),
    Column("start_ms", Integer, primary_key=True),
    Column("mask", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),  # as the next two: before the first of the changes
    Column("project_id", Integer),
    Column("category_id", Integer),
    Column("at_ms", Integer, nullable=False),
    sqlite_with_rowid=False,
)

outbox_fields = Table(
    "outbox_fields",
    metadata,
    Column("type", Text, primary_key=True),
    Column("uuid", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    sqlite_with_rowid=False,
)

outbox_erasures = Table(
    "outbox_erasures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("from_ms", Integer),
    Column("to_ms", Integer),
    Column("at_ms", Integer, nullable=False),
)

outbox_heirs = Table(
    "outbox_heirs",
    metadata,
    Column("type", Text, primary_key=True),
    Column("uuid", Text, primary_key=True),
    Column("heir", Text),
    sqlite_with_rowid=False,
)

# What this home and the account have in common (app/sync/state). No secrets: those are not in the database.

sync_state = Table(
    "sync_state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

sync_objects = Table(
    "sync_objects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("object", LargeBinary, nullable=False, unique=True),
    Column("kind", Integer, nullable=False),
    Column("type", Text, nullable=False),  # of a record; empty: a container of activity
    Column("name", Text, nullable=False),  # the record's uuid, the container's name
    Column("version", Integer, nullable=False, server_default=text("0")),  # what the service has; 0: nothing
    Column("hash", LargeBinary),
    Column("due", Integer, nullable=False, server_default=text("0")),  # 1: to be pushed
    Column("held", Integer, nullable=False, server_default=text("0")),  # 1: known, and not in its table
    Column("base", LargeBinary),  # the record both had last, sealed by the data key
    Column("ours", LargeBinary),  # the record as it is here, sealed likewise
    Index("ix_sync_objects_type", "type", "name"),
    Index("ix_sync_objects_due", "due", sqlite_where=text("due = 1")),
)

sync_slots = Table(
    "sync_slots",
    metadata,
    Column("device_id", Integer, primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("tried", Integer, nullable=False),  # the highest generation this home ever made of it
    Column("attempts", Text),  # digests (hex) of those it has no answer to, one after the other
    Column("digest", LargeBinary),
    Column("container", Text),  # of an own slot: the name of the container that holds it
    Column("due", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

sync_heads = Table(
    "sync_heads",
    metadata,
    Column("device", LargeBinary, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("seen_ms", Integer, nullable=False),
    sqlite_with_rowid=False,
)

sync_alarms = Table(
    "sync_alarms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("device", LargeBinary),
    Column("detail", Text, nullable=False),  # ids and numbers only
    Column("read_ms", Integer),
)

for _statement in triggers().values():
    event.listen(metadata, "after_create", DDL(_statement.replace("%", "%%")))
