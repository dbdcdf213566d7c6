"""A database as the first schema had it, with activity in it; and what a later program must find of it."""

from __future__ import annotations

from app.models.cipher import Cipher
from app.models.database import connect
from app.models.rebuild import rebuild
from app.models.spans_table import first_id
from app.models.steps import upgrade
from app.paths import Paths

T = 1_700_000_000_000
COUNT = 2_000


def first_schema(paths: Paths, cipher: Cipher, count: int = COUNT) -> None:
    """Make it: a project, a category, a session, and `count` minutes of activity with titles."""
    paths.create()
    upgrade(paths.database, to=1)
    connection = connect(paths.database)
    run = connection.execute
    run("BEGIN IMMEDIATE")
    run("INSERT INTO devices VALUES (1, 'machine', 'this one')")
    run("INSERT INTO meta VALUES ('lineage', 'the first')")
    run("INSERT INTO applications VALUES (1, 'editor')")
    run("INSERT INTO categories VALUES (1, 'code', 'Code', NULL, '#112233', 1, 0)")
    run(
        "INSERT INTO projects (id, uuid, name, color, created_ms) VALUES (1, 'api', 'api', '#112233', ?)",
        (T,),
    )
    run("INSERT INTO focus_sessions VALUES (1, 'f', 1, 1, 'completed', ?, ?, 0, 5, 5, ?, 0, NULL)", (T, T, T))
    for n in range(count):
        text = f"title {n}"
        run("INSERT INTO texts VALUES (?, ?, ?)", (n + 1, cipher.digest(text), cipher.seal(text)))
        start = T + n * 60_000
        run(
            "INSERT INTO activity_logs "
            "VALUES (?, 1, ?, ?, 3600, 0, 1, 1, ?, NULL, NULL, 1, NULL, NULL, 1, 0, NULL)",
            (first_id(start), start, start + 60_000, n + 1),
        )
    rebuild(connection)
    run("COMMIT")
    connection.close()
