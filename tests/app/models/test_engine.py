from __future__ import annotations

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from app.errors import StorageError
from app.models.engine import read_engine, write_engine
from app.models.tables import branches


def test_writing_is_seen_by_readers(home):
    writer, reader = write_engine(home.database), read_engine(home.database)
    with writer.begin() as connection:
        connection.execute(insert(branches).values(name="main"))
    with reader.connect() as connection:
        assert connection.execute(select(branches.c.name)).scalars().all() == ["main"]
    writer.dispose()
    reader.dispose()


def test_a_transaction_that_fails_leaves_nothing_not_even_ddl(home):
    engine = write_engine(home.database)
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE half (x)")
        raise ZeroDivisionError
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.exec_driver_sql("SELECT * FROM half")
    engine.dispose()


def test_a_reader_cannot_write(home):
    engine = read_engine(home.database)
    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(insert(branches).values(name="main"))
    engine.dispose()


def test_a_missing_database_is_told(tmp_path):
    with pytest.raises(StorageError):
        read_engine(tmp_path / "none.db").connect()
