from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from app.models.database import PAGE_SIZE, connect
from app.models.leaves import leaf_rows

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0, 1, -1, 127, 128, 2**15, 2**23, 2**31, 2**47]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.binary(max_size=40),
)


@given(
    st.lists(
        st.tuples(st.integers(-(2**63), 2**63 - 1), VALUES, VALUES, VALUES),
        max_size=40,
        unique_by=lambda r: r[0],
    )
)
def test_reads_what_sqlite_wrote(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("leaves") / "t.db"
    connection = connect(path, create=True)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    connection.close()
    found = {rowid: values[1:] for rowid, values in leaf_rows(path) if len(values) == 4}
    assert found == {row[0]: row[1:] for row in rows}


@given(st.binary(max_size=PAGE_SIZE))
def test_garbage_is_survived(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("leaves") / "t.db"
    page = (b"\x0d" + content).ljust(PAGE_SIZE, b"\x81")[:PAGE_SIZE]
    path.write_bytes(bytes(PAGE_SIZE) + page)
    for rowid, values in leaf_rows(path):
        assert isinstance(rowid, int)
        assert isinstance(values, tuple)


def test_a_file_of_noise(tmp_path):
    path = tmp_path / "t.db"
    path.write_bytes(os.urandom(PAGE_SIZE * 2000 + 77))
    assert len(list(leaf_rows(path))) < 2000
