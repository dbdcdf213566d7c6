"""`kill -9` of a writer at random moments: no damage, rollups right, nothing lost that was committed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

from app.models.database import quick_check, reading
from app.models.journal import Journal
from app.models.pulse import Pulse
from tests.app.models.rolled import expected, stored

ROUNDS = 20

WRITER = """
import sys
from pathlib import Path
from app.models.cipher import Cipher
from app.models.journal import Journal
from app.models.pulse import Pulse
from app.models.values import Activity, Span, State
database, pulse, start = Path(sys.argv[1]), Pulse(Path(sys.argv[2])), int(sys.argv[3])
journal = Journal.open(database, Cipher(bytes(32)))
at, last = start, None
while True:
    with journal.transaction():
        if last is not None:
            journal.set_end(last, at)
        doing = Activity(f"app{at % 7}", title=f"t{at}")
        last = journal.append(Span(at, at, 3600, State.ACTIVE, doing, True))
    print(last, at, flush=True)
    for _ in range(3):
        at += 1000
        pulse.write(last, at)
        print(last, at, flush=True)
"""


def test_a_writer_killed_again_and_again(home):
    randomly = random.Random(5)
    start = 1_700_000_000_000
    for _ in range(ROUNDS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, home.database, home.pulse, str(start)],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            writer.stdout.readline()
            time.sleep(randomly.uniform(0, 0.25))
            writer.send_signal(signal.SIGKILL)
            said = writer.stdout.read().splitlines()
        reached = max(
            (int(line.split()[1]) for line in said if line.count(" ") == 1 and line[-3:].isdigit()), default=0
        )
        journal = Journal.open(home.database, None)
        journal.recover(Pulse(home.pulse), now_ms=reached + 10**9)
        connection = journal.store.connection
        assert stored(connection) == expected(connection)
        last = connection.execute("SELECT max(end_ms) FROM activity_logs").fetchone()[0]
        assert last >= reached - 1000
        gaps = connection.execute(
            "SELECT count(*) FROM "
            "(SELECT start_ms - lag(end_ms) OVER (ORDER BY id) AS gap FROM activity_logs) "
            "WHERE gap < 0 OR gap > 100000"
        ).fetchone()
        assert gaps == (0,)
        journal.close()
        start = last + 1000
    with reading(home.database) as connection:
        assert quick_check(connection) == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
