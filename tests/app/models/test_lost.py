from __future__ import annotations

import errno
import os
import shutil

import pytest

from app.errors import DatabaseGone, StorageFull
from app.models import lost
from app.models.backups import back_up, backups, discard
from app.models.migrate import migrate


def begin_anew(home):
    home.database.unlink()
    migrate(home, resources_dir=home.data / "none")


def test_nothing_is_lost_at_a_first_start_nor_later(home):
    assert lost.problem(home) is None
    back_up(home, keep=7)
    assert lost.problem(home) is None
    migrate(home, resources_dir=home.data / "none")
    assert lost.problem(home) is None


def test_a_missing_database_is_told_before_and_after_a_new_one_is_begun(home):
    [day] = {backup.made[:8] for backup in [back_up(home, keep=7)]}
    home.database.unlink()
    for begin in (lambda: None, lambda: migrate(home, resources_dir=home.data / "none")):
        begin()
        told = lost.problem(home)
        assert isinstance(told, DatabaseGone)
        assert f"{day[:4]}-{day[4:6]}-{day[6:]}" in told.detail


def test_the_backup_outlives_a_week_of_newer_ones(home):
    old = back_up(home, keep=7).path.read_bytes()
    begin_anew(home)
    for _ in range(9):
        back_up(home, keep=3)
    kept = lost.kept(home)
    assert kept is not None
    assert kept.read_bytes() == old
    assert kept.stat().st_mode & 0o077 == 0


def test_a_second_loss_keeps_the_first_backup(home):
    back_up(home, keep=7)
    begin_anew(home)
    kept = lost.kept(home)
    back_up(home, keep=7)
    begin_anew(home)
    assert lost.kept(home) == kept


def test_a_backup_that_is_not_sound_is_passed_over_where_there_is_a_better_one(home):
    sound = back_up(home, keep=7)
    broken = home.backups / "devpulse-29990101-000000.db"
    broken.write_bytes(b"no database")
    begin_anew(home)
    kept = lost.kept(home)
    assert kept is not None
    assert kept.read_bytes() == sound.path.read_bytes()
    lost.decided(home)
    sound.path.unlink()
    begin_anew(home)
    assert lost.kept(home) is not None, "better than nothing: some of it may be readable"


def test_without_links_it_is_copied(home, monkeypatch):
    back_up(home, keep=7)

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    begin_anew(home)
    kept = lost.kept(home)
    assert kept is not None
    assert kept.stat().st_nlink == 1
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_keeps_a_new_database_from_being_begun(home, monkeypatch):
    back_up(home, keep=7)
    home.database.unlink()

    def refuse(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(StorageFull):
        migrate(home, resources_dir=home.data / "none")
    assert not home.database.exists()


@pytest.mark.parametrize("settle", [lost.decided, discard])
def test_a_decision_or_an_erasure_ends_it(home, settle):
    back_up(home, keep=7)
    begin_anew(home)
    settle(home)
    assert lost.kept(home) is None
    assert lost.problem(home) is None
    lost.decided(home)
    assert (len(backups(home)) == 1) == (settle is lost.decided)
