-- What the steps in versions/ say; written by `python -m tests.app.models.whole_schema`.
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)

;
CREATE TABLE applications (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_applications PRIMARY KEY (id), 
	CONSTRAINT uq_applications_name UNIQUE (name)
)

;
CREATE TABLE branches (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_branches PRIMARY KEY (id), 
	CONSTRAINT uq_branches_name UNIQUE (name)
)

;
CREATE TABLE categories (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	name TEXT NOT NULL, 
	parent_id INTEGER, 
	color TEXT NOT NULL, 
	productivity INTEGER DEFAULT 0 NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_categories PRIMARY KEY (id), 
	CONSTRAINT ck_categories_productivity CHECK (productivity BETWEEN -1 AND 1), 
	CONSTRAINT fk_categories_parent_id FOREIGN KEY(parent_id) REFERENCES categories (id), 
	CONSTRAINT uq_categories_uuid UNIQUE (uuid)
)

;
CREATE TABLE devices (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_devices PRIMARY KEY (id), 
	CONSTRAINT uq_devices_uuid UNIQUE (uuid)
)

;
CREATE TABLE languages (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_languages PRIMARY KEY (id), 
	CONSTRAINT uq_languages_name UNIQUE (name)
)

;
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
)
 WITHOUT ROWID

;
CREATE TABLE rollup_daily (
	day INTEGER NOT NULL, 
	device_id INTEGER NOT NULL, 
	project_id INTEGER NOT NULL, 
	category_id INTEGER NOT NULL, 
	application_id INTEGER NOT NULL, 
	active_ms INTEGER NOT NULL, 
	idle_ms INTEGER NOT NULL, 
	switches INTEGER NOT NULL, 
	CONSTRAINT pk_rollup_daily PRIMARY KEY (day, device_id, project_id, category_id, application_id)
)
 WITHOUT ROWID

;
CREATE TABLE rollup_hourly (
	hour INTEGER NOT NULL, 
	device_id INTEGER NOT NULL, 
	category_id INTEGER NOT NULL, 
	active_ms INTEGER NOT NULL, 
	idle_ms INTEGER NOT NULL, 
	switches INTEGER NOT NULL, 
	CONSTRAINT pk_rollup_hourly PRIMARY KEY (hour, device_id, category_id)
)
 WITHOUT ROWID

;
CREATE TABLE texts (
	id INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	sealed BLOB NOT NULL, 
	CONSTRAINT pk_texts PRIMARY KEY (id)
)

;
CREATE TABLE projects (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	name TEXT NOT NULL, 
	color TEXT NOT NULL, 
	root_commit TEXT, 
	remote_digest BLOB, 
	remote_text_id INTEGER, 
	language TEXT, 
	archived INTEGER DEFAULT 0 NOT NULL, 
	created_ms INTEGER NOT NULL, 
	merged_into_id INTEGER, 
	CONSTRAINT pk_projects PRIMARY KEY (id), 
	CONSTRAINT fk_projects_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES projects (id), 
	CONSTRAINT fk_projects_remote_text_id FOREIGN KEY(remote_text_id) REFERENCES texts (id), 
	CONSTRAINT uq_projects_uuid UNIQUE (uuid)
)

;
CREATE INDEX ix_projects_remote_digest ON projects (remote_digest);
CREATE INDEX ix_projects_root_commit ON projects (root_commit);
CREATE TABLE rules (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	category_id INTEGER NOT NULL, 
	conditions TEXT NOT NULL, 
	enabled INTEGER DEFAULT 1 NOT NULL, 
	origin TEXT DEFAULT 'person' NOT NULL, 
	CONSTRAINT pk_rules PRIMARY KEY (id), 
	CONSTRAINT fk_rules_category_id FOREIGN KEY(category_id) REFERENCES categories (id) ON DELETE CASCADE, 
	CONSTRAINT uq_rules_uuid UNIQUE (uuid)
)

;
CREATE TABLE activity_logs (
	id INTEGER NOT NULL, 
	device_id INTEGER NOT NULL, 
	start_ms INTEGER NOT NULL, 
	end_ms INTEGER NOT NULL, 
	utc_offset_s INTEGER NOT NULL, 
	state INTEGER NOT NULL, 
	switched INTEGER DEFAULT 0 NOT NULL, 
	application_id INTEGER, 
	title_id INTEGER, 
	url_id INTEGER, 
	path_id INTEGER, 
	project_id INTEGER, 
	branch_id INTEGER, 
	language_id INTEGER, 
	category_id INTEGER, 
	assigned INTEGER DEFAULT 0 NOT NULL, 
	note_id INTEGER, 
	CONSTRAINT pk_activity_logs PRIMARY KEY (id), 
	CONSTRAINT ck_activity_logs_forward CHECK (end_ms >= start_ms), 
	CONSTRAINT ck_activity_logs_state CHECK (state IN (0, 1)), 
	CONSTRAINT ck_activity_logs_ordered CHECK (id >> 10 = start_ms), 
	CONSTRAINT fk_activity_logs_application_id FOREIGN KEY(application_id) REFERENCES applications (id), 
	CONSTRAINT fk_activity_logs_branch_id FOREIGN KEY(branch_id) REFERENCES branches (id), 
	CONSTRAINT fk_activity_logs_category_id FOREIGN KEY(category_id) REFERENCES categories (id), 
	CONSTRAINT fk_activity_logs_device_id FOREIGN KEY(device_id) REFERENCES devices (id), 
	CONSTRAINT fk_activity_logs_language_id FOREIGN KEY(language_id) REFERENCES languages (id), 
	CONSTRAINT fk_activity_logs_note_id FOREIGN KEY(note_id) REFERENCES texts (id), 
	CONSTRAINT fk_activity_logs_path_id FOREIGN KEY(path_id) REFERENCES texts (id), 
	CONSTRAINT fk_activity_logs_project_id FOREIGN KEY(project_id) REFERENCES projects (id), 
	CONSTRAINT fk_activity_logs_title_id FOREIGN KEY(title_id) REFERENCES texts (id), 
	CONSTRAINT fk_activity_logs_url_id FOREIGN KEY(url_id) REFERENCES texts (id)
)

;
CREATE TABLE focus_sessions (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	device_id INTEGER NOT NULL, 
	project_id INTEGER, 
	state TEXT NOT NULL, 
	started_ms INTEGER NOT NULL, 
	ended_ms INTEGER, 
	utc_offset_s INTEGER NOT NULL, 
	planned_ms INTEGER, 
	focused_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	interruptions INTEGER DEFAULT 0 NOT NULL, 
	note_id INTEGER, 
	CONSTRAINT pk_focus_sessions PRIMARY KEY (id), 
	CONSTRAINT fk_focus_sessions_device_id FOREIGN KEY(device_id) REFERENCES devices (id), 
	CONSTRAINT fk_focus_sessions_note_id FOREIGN KEY(note_id) REFERENCES texts (id), 
	CONSTRAINT fk_focus_sessions_project_id FOREIGN KEY(project_id) REFERENCES projects (id), 
	CONSTRAINT uq_focus_sessions_uuid UNIQUE (uuid)
)

;
CREATE INDEX ix_focus_sessions_started_ms ON focus_sessions (started_ms);
CREATE TABLE project_roots (
	id INTEGER NOT NULL, 
	project_id INTEGER NOT NULL, 
	path_digest BLOB NOT NULL, 
	path_text_id INTEGER NOT NULL, 
	CONSTRAINT pk_project_roots PRIMARY KEY (id), 
	CONSTRAINT fk_project_roots_path_text_id FOREIGN KEY(path_text_id) REFERENCES texts (id), 
	CONSTRAINT fk_project_roots_project_id FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE, 
	CONSTRAINT uq_project_roots_path_digest UNIQUE (path_digest)
)

;
CREATE INDEX ix_project_roots_project_id ON project_roots (project_id);
INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING version_num;
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	source TEXT NOT NULL, 
	started_ms INTEGER NOT NULL, 
	finished_ms INTEGER, 
	digest BLOB NOT NULL, 
	spans INTEGER DEFAULT 0 NOT NULL, 
	name_text_id INTEGER, 
	CONSTRAINT pk_imports PRIMARY KEY (id), 
	CONSTRAINT fk_imports_name_text_id FOREIGN KEY(name_text_id) REFERENCES texts (id), 
	CONSTRAINT uq_imports_uuid UNIQUE (uuid)
)

;
CREATE TABLE goals (
	id INTEGER NOT NULL, 
	uuid TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	subject_id INTEGER, 
	period TEXT NOT NULL, 
	target_ms INTEGER NOT NULL, 
	weekdays INTEGER DEFAULT 127 NOT NULL, 
	enabled INTEGER DEFAULT 1 NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_goals PRIMARY KEY (id), 
	CONSTRAINT ck_goals_kind CHECK (kind IN ('at_least', 'at_most')), 
	CONSTRAINT ck_goals_subject CHECK (subject IN ('total', 'project', 'category', 'productive', 'focus')), 
	CONSTRAINT ck_goals_about CHECK ((subject IN ('project', 'category')) = (subject_id IS NOT NULL)), 
	CONSTRAINT ck_goals_period CHECK (period IN ('day', 'week')), 
	CONSTRAINT ck_goals_target CHECK (target_ms >= 0), 
	CONSTRAINT ck_goals_weekdays CHECK (weekdays BETWEEN 0 AND 127), 
	CONSTRAINT uq_goals_uuid UNIQUE (uuid)
)

;
ALTER TABLE activity_logs ADD COLUMN import_id INTEGER CONSTRAINT fk_activity_logs_import_id REFERENCES imports (id);
UPDATE alembic_version SET version_num='0002' WHERE alembic_version.version_num = '0001';
ALTER TABLE devices ADD COLUMN owner BLOB;
CREATE TABLE sync_switch (
	id INTEGER NOT NULL, 
	noting INTEGER NOT NULL, 
	CONSTRAINT pk_sync_switch PRIMARY KEY (id), 
	CONSTRAINT ck_sync_switch_single CHECK (id = 1)
)

;
CREATE TABLE outbox_slots (
	device_id INTEGER NOT NULL, 
	hour INTEGER NOT NULL, 
	erased INTEGER NOT NULL, 
	CONSTRAINT pk_outbox_slots PRIMARY KEY (device_id, hour)
)
 WITHOUT ROWID

;
CREATE TABLE outbox_rows (
	device_id INTEGER NOT NULL, 
	start_ms INTEGER NOT NULL, 
	mask INTEGER NOT NULL, 
	end_ms INTEGER NOT NULL, 
	project_id INTEGER, 
	category_id INTEGER, 
	at_ms INTEGER NOT NULL, 
	CONSTRAINT pk_outbox_rows PRIMARY KEY (device_id, start_ms)
)
 WITHOUT ROWID

;
CREATE TABLE outbox_fields (
	type TEXT NOT NULL, 
	uuid TEXT NOT NULL, 
	field TEXT NOT NULL, 
	at_ms INTEGER NOT NULL, 
	CONSTRAINT pk_outbox_fields PRIMARY KEY (type, uuid, field)
)
 WITHOUT ROWID

;
CREATE TABLE outbox_erasures (
	id INTEGER NOT NULL, 
	from_ms INTEGER, 
	to_ms INTEGER, 
	at_ms INTEGER NOT NULL, 
	CONSTRAINT pk_outbox_erasures PRIMARY KEY (id)
)

;
CREATE TABLE outbox_heirs (
	type TEXT NOT NULL, 
	uuid TEXT NOT NULL, 
	heir TEXT, 
	CONSTRAINT pk_outbox_heirs PRIMARY KEY (type, uuid)
)
 WITHOUT ROWID

;
CREATE TABLE sync_state (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_sync_state PRIMARY KEY ("key")
)
 WITHOUT ROWID

;
CREATE TABLE sync_objects (
	id INTEGER NOT NULL, 
	object BLOB NOT NULL, 
	kind INTEGER NOT NULL, 
	type TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version INTEGER DEFAULT 0 NOT NULL, 
	hash BLOB, 
	due INTEGER DEFAULT 0 NOT NULL, 
	held INTEGER DEFAULT 0 NOT NULL, 
	base BLOB, 
	ours BLOB, 
	CONSTRAINT pk_sync_objects PRIMARY KEY (id), 
	CONSTRAINT uq_sync_objects_object UNIQUE (object)
)

;
CREATE INDEX ix_sync_objects_type ON sync_objects (type, name);
CREATE INDEX ix_sync_objects_due ON sync_objects (due) WHERE due = 1;
CREATE TABLE sync_slots (
	device_id INTEGER NOT NULL, 
	hour INTEGER NOT NULL, 
	generation INTEGER NOT NULL, 
	tried INTEGER NOT NULL, 
	attempts TEXT, 
	digest BLOB, 
	container TEXT, 
	due INTEGER DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_sync_slots PRIMARY KEY (device_id, hour)
)
 WITHOUT ROWID

;
CREATE TABLE sync_heads (
	device BLOB NOT NULL, 
	sequence INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	body BLOB NOT NULL, 
	seen_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sync_heads PRIMARY KEY (device)
)
 WITHOUT ROWID

;
CREATE TABLE sync_alarms (
	id INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	device BLOB, 
	detail TEXT NOT NULL, 
	read_ms INTEGER, 
	CONSTRAINT pk_sync_alarms PRIMARY KEY (id)
)

;
CREATE TRIGGER outbox_span_insert AFTER INSERT ON activity_logs WHEN (SELECT noting FROM sync_switch) BEGIN 
        INSERT INTO outbox_slots SELECT new.device_id, new.start_ms / 3600000, 0
        WHERE new.start_ms >= 0 AND (new.device_id = 1 OR (SELECT owner FROM devices WHERE id = new.device_id) IS NULL)
        ON CONFLICT DO UPDATE SET erased = 1 WHERE excluded.erased > erased
    ; 
        INSERT INTO outbox_rows
        SELECT new.device_id, new.start_ms, 32, new.end_ms, new.project_id, new.category_id,
            CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
        WHERE (SELECT noting FROM sync_switch) = 1 AND new.start_ms >= 0 AND 32 AND NOT (new.device_id = 1 OR (SELECT owner FROM devices WHERE id = new.device_id) IS NULL)
        ON CONFLICT DO UPDATE SET mask = mask | excluded.mask, at_ms = excluded.at_ms
    ; END;
CREATE TRIGGER outbox_span_update AFTER UPDATE ON activity_logs WHEN (SELECT noting FROM sync_switch) BEGIN 
        INSERT INTO outbox_slots SELECT new.device_id, new.start_ms / 3600000, ((old.title_id IS NOT NULL AND old.title_id IS NOT new.title_id) OR (old.url_id IS NOT NULL AND old.url_id IS NOT new.url_id) OR (old.path_id IS NOT NULL AND old.path_id IS NOT new.path_id) OR (old.note_id IS NOT NULL AND old.note_id IS NOT new.note_id))
        WHERE new.start_ms >= 0 AND (new.device_id = 1 OR (SELECT owner FROM devices WHERE id = new.device_id) IS NULL)
        ON CONFLICT DO UPDATE SET erased = 1 WHERE excluded.erased > erased
    ; 
        INSERT INTO outbox_rows
        SELECT new.device_id, new.start_ms, (((old.project_id IS NOT new.project_id) * 1) | ((old.category_id IS NOT new.category_id) * 2) | ((old.assigned IS NOT new.assigned) * 4) | ((old.note_id IS NOT new.note_id) * 8) | ((old.end_ms IS NOT new.end_ms) * 32)), old.end_ms, old.project_id, old.category_id,
            CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
        WHERE (SELECT noting FROM sync_switch) = 1 AND new.start_ms >= 0 AND (((old.project_id IS NOT new.project_id) * 1) | ((old.category_id IS NOT new.category_id) * 2) | ((old.assigned IS NOT new.assigned) * 4) | ((old.note_id IS NOT new.note_id) * 8) | ((old.end_ms IS NOT new.end_ms) * 32)) AND NOT (new.device_id = 1 OR (SELECT owner FROM devices WHERE id = new.device_id) IS NULL)
        ON CONFLICT DO UPDATE SET mask = mask | excluded.mask, at_ms = excluded.at_ms
    ; END;
CREATE TRIGGER outbox_span_delete AFTER DELETE ON activity_logs WHEN (SELECT noting FROM sync_switch) BEGIN 
        INSERT INTO outbox_slots SELECT old.device_id, old.start_ms / 3600000, 1
        WHERE old.start_ms >= 0 AND (old.device_id = 1 OR (SELECT owner FROM devices WHERE id = old.device_id) IS NULL)
        ON CONFLICT DO UPDATE SET erased = 1 WHERE excluded.erased > erased
    ; 
        INSERT INTO outbox_rows
        SELECT old.device_id, old.start_ms, 16, old.end_ms, old.project_id, old.category_id,
            CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
        WHERE (SELECT noting FROM sync_switch) = 1 AND old.start_ms >= 0 AND 16 AND NOT (old.device_id = 1 OR (SELECT owner FROM devices WHERE id = old.device_id) IS NULL)
        ON CONFLICT DO UPDATE SET mask = mask | excluded.mask, at_ms = excluded.at_ms
    ; END;
CREATE TRIGGER outbox_root_insert AFTER INSERT ON project_roots WHEN (SELECT noting FROM sync_switch) BEGIN INSERT INTO outbox_fields SELECT 'project', uuid, 'roots', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM projects WHERE id = new.project_id ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_root_update AFTER UPDATE ON project_roots WHEN (SELECT noting FROM sync_switch) BEGIN INSERT INTO outbox_fields SELECT 'project', uuid, 'roots', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM projects WHERE id = old.project_id ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; INSERT INTO outbox_fields SELECT 'project', uuid, 'roots', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM projects WHERE id = new.project_id ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_root_delete AFTER DELETE ON project_roots WHEN (SELECT noting FROM sync_switch) BEGIN INSERT INTO outbox_fields SELECT 'project', uuid, 'roots', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM projects WHERE id = old.project_id ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_category_insert AFTER INSERT ON categories WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('category', new.uuid, '*', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_category_update AFTER UPDATE ON categories WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields SELECT 'category', new.uuid, column1, CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM (VALUES ('name', old.name IS NOT new.name), ('parent_id', old.parent_id IS NOT new.parent_id), ('color', old.color IS NOT new.color), ('productivity', old.productivity IS NOT new.productivity), ('position', old.position IS NOT new.position)) WHERE column2 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_category_delete AFTER DELETE ON categories WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('category', old.uuid, '-', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_rule_insert AFTER INSERT ON rules WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('rule', new.uuid, '*', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_rule_update AFTER UPDATE ON rules WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields SELECT 'rule', new.uuid, column1, CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM (VALUES ('position', old.position IS NOT new.position), ('category_id', old.category_id IS NOT new.category_id), ('conditions', old.conditions IS NOT new.conditions), ('enabled', old.enabled IS NOT new.enabled), ('origin', old.origin IS NOT new.origin)) WHERE column2 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_rule_delete AFTER DELETE ON rules WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('rule', old.uuid, '-', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_project_insert AFTER INSERT ON projects WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('project', new.uuid, '*', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_project_update AFTER UPDATE ON projects WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields SELECT 'project', new.uuid, column1, CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM (VALUES ('name', old.name IS NOT new.name), ('color', old.color IS NOT new.color), ('root_commit', old.root_commit IS NOT new.root_commit), ('remote_digest', old.remote_digest IS NOT new.remote_digest), ('language', old.language IS NOT new.language), ('archived', old.archived IS NOT new.archived), ('created_ms', old.created_ms IS NOT new.created_ms), ('merged_into_id', old.merged_into_id IS NOT new.merged_into_id)) WHERE column2 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_project_delete AFTER DELETE ON projects WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('project', old.uuid, '-', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_goal_insert AFTER INSERT ON goals WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('goal', new.uuid, '*', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_goal_update AFTER UPDATE ON goals WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields SELECT 'goal', new.uuid, column1, CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM (VALUES ('kind', old.kind IS NOT new.kind), ('subject', old.subject IS NOT new.subject), ('subject_id', old.subject_id IS NOT new.subject_id), ('period', old.period IS NOT new.period), ('target_ms', old.target_ms IS NOT new.target_ms), ('weekdays', old.weekdays IS NOT new.weekdays), ('enabled', old.enabled IS NOT new.enabled), ('created_ms', old.created_ms IS NOT new.created_ms)) WHERE column2 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_goal_delete AFTER DELETE ON goals WHEN (SELECT noting FROM sync_switch) AND 1 BEGIN INSERT INTO outbox_fields VALUES ('goal', old.uuid, '-', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_focus_session_insert AFTER INSERT ON focus_sessions WHEN (SELECT noting FROM sync_switch) AND new.state NOT IN ('running', 'paused') BEGIN INSERT INTO outbox_fields VALUES ('focus_session', new.uuid, '*', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_focus_session_update AFTER UPDATE ON focus_sessions WHEN (SELECT noting FROM sync_switch) AND new.state NOT IN ('running', 'paused') BEGIN INSERT INTO outbox_fields SELECT 'focus_session', new.uuid, column1, CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) FROM (VALUES ('device_id', old.device_id IS NOT new.device_id), ('project_id', old.project_id IS NOT new.project_id), ('state', old.state IS NOT new.state), ('started_ms', old.started_ms IS NOT new.started_ms), ('ended_ms', old.ended_ms IS NOT new.ended_ms), ('utc_offset_s', old.utc_offset_s IS NOT new.utc_offset_s), ('planned_ms', old.planned_ms IS NOT new.planned_ms), ('focused_ms', old.focused_ms IS NOT new.focused_ms), ('updated_ms', old.updated_ms IS NOT new.updated_ms), ('interruptions', old.interruptions IS NOT new.interruptions), ('note_id', old.note_id IS NOT new.note_id)) WHERE column2 ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
CREATE TRIGGER outbox_focus_session_delete AFTER DELETE ON focus_sessions WHEN (SELECT noting FROM sync_switch) AND old.state NOT IN ('running', 'paused') BEGIN INSERT INTO outbox_fields VALUES ('focus_session', old.uuid, '-', CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms; END;
UPDATE alembic_version SET version_num='0003' WHERE alembic_version.version_num = '0002';
