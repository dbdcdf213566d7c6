from __future__ import annotations

import base64
import json
import multiprocessing
import os

import pytest

from app.errors import KeyUnavailable, StorageError, UsageError
from app.models import keyfile, keys
from app.models.keyfile import Kept, Way
from app.models.keyring_access import KeyringRefused
from app.models.keys import DataKey, create_key, ensure_key, key_state, load_key, move_key, unlock
from app.models.migrate import migrate
from app.models.passphrase import unwrap, wrap
from app.models.store import Store
from app.paths import Paths

PASSPHRASE = "correct horse battery"


class FakeKeyring:
    """A keyring in memory, which can be made to fail at the n-th call."""

    def __init__(self, fail_at=None, *, loses=False):
        self.secrets = {}
        self.calls = 0
        self.fail_at = fail_at
        self.loses = loses

    def _call(self):
        self.calls += 1
        if self.fail_at is not None and self.calls >= self.fail_at:
            raise KeyringRefused("The keyring is locked.")

    def get(self, account):
        self._call()
        return None if self.loses else self.secrets.get(account)

    def set(self, account, secret):
        self._call()
        self.secrets[account] = secret

    def delete(self, account):
        self._call()
        self.secrets.pop(account, None)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(
        keys, "wrap", lambda key, phrase: wrap(key, phrase, time_cost=1, memory_kib=8192, parallelism=1)
    )


@pytest.fixture
def paths(tmp_path):
    return Paths.discover({"DEVPULSE_HOME": str(tmp_path / "home")}).create()


def content(paths):
    return json.loads(paths.key_file.read_text())


def test_the_first_start_uses_a_keyring_that_works(paths):
    keyring = FakeKeyring()
    first = ensure_key(paths, keyring=keyring)
    assert first.created
    assert first.state.way is Way.KEYRING
    assert "keyring" in first.state.told
    assert set(content(paths)) == {"version", "way", "check", "account"}
    assert base64.b64encode(first.key.value).decode() not in paths.key_file.read_text()
    again = ensure_key(paths, keyring=keyring)
    assert (again.key, again.created) == (first.key, False)


@pytest.mark.parametrize("keyring", [FakeKeyring(fail_at=1), FakeKeyring(fail_at=2), FakeKeyring(loses=True)])
def test_without_one_the_key_is_kept_in_a_file_and_that_is_told(paths, keyring):
    first = ensure_key(paths, keyring=keyring)
    assert first.state.way is Way.FILE
    assert "whoever can read your files can read your titles" in first.state.told
    assert first.state.told.startswith("The keyring")
    assert paths.key_file.stat().st_mode & 0o777 == 0o600
    assert load_key(paths, keyring=FakeKeyring(fail_at=1)) == first.key


def test_a_passphrase_locks_the_key(paths):
    key = create_key(paths, Way.PASSPHRASE, passphrase=PASSPHRASE)
    with pytest.raises(KeyUnavailable, match="locked") as caught:
        load_key(paths)
    assert "devpulse unlock" in caught.value.advice
    assert unlock(paths, PASSPHRASE) == key
    with pytest.raises(KeyUnavailable, match="not the passphrase"):
        unlock(paths, "wrong " + PASSPHRASE)
    assert PASSPHRASE not in paths.key_file.read_text()


def test_the_same_passphrase_however_it_is_composed():
    wrapped = wrap(bytes(32), "pässwörter", time_cost=1, memory_kib=8192, parallelism=1)
    assert unwrap(wrapped, "pa\u0308sswo\u0308rter") == bytes(32)


def test_the_default_parameters_are_strong_and_work():
    wrapped = wrap(b"k" * 32, PASSPHRASE)
    assert (wrapped.time_cost, wrapped.memory_kib, wrapped.parallelism) == (3, 65_536, 4)
    assert unwrap(wrapped, PASSPHRASE) == b"k" * 32
    assert wrapped.from_json(wrapped.as_json()) == wrapped


@pytest.mark.parametrize("phrase", [None, "", "short"])
def test_a_short_passphrase_is_refused(paths, phrase):
    with pytest.raises(UsageError):
        create_key(paths, Way.PASSPHRASE, passphrase=phrase)
    assert key_state(paths).way is None


def test_unlocking_what_has_no_passphrase_is_told(paths):
    create_key(paths, Way.FILE)
    with pytest.raises(UsageError):
        unlock(paths, PASSPHRASE)


def test_there_is_never_a_second_key(paths):
    create_key(paths, Way.FILE)
    with pytest.raises(KeyUnavailable, match="already"):
        create_key(paths, Way.FILE)


def test_a_lost_key_is_not_replaced_where_data_was_sealed_with_it(home):
    key = create_key(home, Way.FILE)
    Store.open(home.database, key.cipher()).close()
    home.key_file.unlink()
    for act in (lambda: ensure_key(home), lambda: load_key(home), lambda: create_key(home, Way.FILE)):
        with pytest.raises(KeyUnavailable, match="missing"):
            act()
    assert not home.key_file.exists()


def test_a_new_home_with_an_empty_or_broken_database_gets_a_key(paths):
    paths.database.write_bytes(b"")
    assert load_fails(paths) == "There is no key yet."
    assert ensure_key(paths, keyring=FakeKeyring()).created
    paths.key_file.unlink()
    paths.database.write_bytes(os.urandom(5000))
    assert ensure_key(paths, keyring=FakeKeyring()).created


def load_fails(paths, keyring=None):
    with pytest.raises(KeyUnavailable) as caught:
        load_key(paths, keyring=keyring or FakeKeyring())
    return caught.value.title


@pytest.mark.parametrize("way", [Way.KEYRING, Way.PASSPHRASE, Way.FILE])
@pytest.mark.parametrize("to", [Way.KEYRING, Way.PASSPHRASE, Way.FILE])
def test_the_key_moves_from_any_way_to_any_other(paths, way, to):
    keyring = FakeKeyring()
    key = create_key(paths, way, passphrase=PASSPHRASE, keyring=keyring)
    state = move_key(paths, key, to=to, passphrase="another " + PASSPHRASE, keyring=keyring)
    assert state.way is to
    got = unlock(paths, "another " + PASSPHRASE) if to is Way.PASSPHRASE else load_key(paths, keyring=keyring)
    assert got == key
    assert len(keyring.secrets) == (1 if to is Way.KEYRING else 0)
    assert [file.name for file in paths.data.iterdir() if "key.json" in file.name] == ["key.json"]


@pytest.mark.parametrize("way", [Way.KEYRING, Way.PASSPHRASE, Way.FILE])
@pytest.mark.parametrize("to", [Way.KEYRING, Way.PASSPHRASE, Way.FILE])
@pytest.mark.parametrize("step", ["write", "replace", "after"])
def test_the_key_is_never_lost_wherever_moving_breaks_off(paths, monkeypatch, way, to, step):
    keyring = FakeKeyring()
    key = create_key(paths, way, passphrase=PASSPHRASE, keyring=keyring)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if step == "write":
            patch.setattr(keyfile, "write", die)
        elif step == "replace":
            patch.setattr(type(paths.key_file), "replace", die)
        else:
            patch.setattr(keyfile, "_sync_folder", die)
        with pytest.raises(KeyboardInterrupt):
            move_key(paths, key, to=to, passphrase=PASSPHRASE, keyring=keyring)
    now = key_state(paths).way
    assert now is (to if step == "after" else way)
    assert (unlock(paths, PASSPHRASE) if now is Way.PASSPHRASE else load_key(paths, keyring=keyring)) == key


def test_a_keyring_that_refuses_keeps_the_old_way(paths):
    key = create_key(paths, Way.FILE)
    for keyring in (FakeKeyring(fail_at=1), FakeKeyring(fail_at=2), FakeKeyring(loses=True)):
        with pytest.raises(KeyUnavailable):
            move_key(paths, key, to=Way.KEYRING, keyring=keyring)
        assert load_key(paths) == key


def test_a_keyring_that_does_not_forget_is_no_error(paths):
    keyring = FakeKeyring()
    key = create_key(paths, Way.KEYRING, keyring=keyring)
    keyring.fail_at = 0
    assert move_key(paths, key, to=Way.FILE, keyring=keyring).way is Way.FILE


def test_moving_another_key_is_refused(paths):
    create_key(paths, Way.FILE)
    with pytest.raises(KeyUnavailable):
        move_key(paths, DataKey(bytes(32)), to=Way.FILE)


def test_a_keyring_that_lost_or_changed_the_key_is_told(paths):
    keyring = FakeKeyring()
    create_key(paths, Way.KEYRING, keyring=keyring)
    account = content(paths)["account"]
    keyring.secrets[account] = base64.b64encode(bytes(32)).decode()
    assert "not the right one" in load_fails(paths, keyring)
    for damaged in ("", "not base64!", base64.b64encode(b"short").decode()):
        keyring.secrets[account] = damaged
        assert "no longer in the keyring" in load_fails(paths, keyring)
    keyring.fail_at = 0
    assert "does not give" in load_fails(paths, keyring)


def tampered(way, change):
    def make(paths):
        create_key(paths, way, passphrase=PASSPHRASE, keyring=FakeKeyring())
        values = content(paths)
        change(values)
        paths.key_file.write_text(json.dumps(values))

    return make


def set_wrapped(name, value):
    return tampered(Way.PASSPHRASE, lambda values: values["wrapped"].__setitem__(name, value))


@pytest.mark.parametrize(
    "make",
    [
        lambda paths: paths.key_file.write_bytes(b""),
        lambda paths: paths.key_file.write_bytes(os.urandom(500)),
        lambda paths: paths.key_file.write_text("[]"),
        lambda paths: paths.key_file.write_text("[" * 60_000),
        lambda paths: paths.key_file.write_text("{" + " " * 100_000 + "}"),
        lambda paths: paths.key_file.mkdir(),
        tampered(Way.FILE, lambda values: values.pop("check")),
        tampered(Way.FILE, lambda values: values.__setitem__("check", 5)),
        tampered(Way.FILE, lambda values: values.__setitem__("version", 2)),
        tampered(Way.FILE, lambda values: values.__setitem__("way", "cloud")),
        tampered(Way.FILE, lambda values: values.__setitem__("way", [])),
        tampered(Way.FILE, lambda values: values.__setitem__("key", "AAAA")),
        tampered(Way.FILE, lambda values: values.__setitem__("key", "?" * 44)),
        tampered(Way.FILE, lambda values: values.__setitem__("key", None)),
        tampered(Way.KEYRING, lambda values: values.__setitem__("account", None)),
        tampered(Way.PASSPHRASE, lambda values: values.__setitem__("wrapped", None)),
        set_wrapped("kdf", "md5"),
        set_wrapped("memory_kib", 2**40),
        set_wrapped("memory_kib", 1),
        set_wrapped("time_cost", 10**9),
        set_wrapped("time_cost", 1.5),
        set_wrapped("parallelism", True),
        set_wrapped("salt", ""),
        set_wrapped("sealed", "AAAA"),
    ],
)
def test_a_key_file_that_is_not_what_it_should_be_is_told_and_left(paths, make):
    make(paths)
    before = paths.key_file.is_file() and paths.key_file.read_bytes()
    for act in (load_key, ensure_key, key_state, lambda paths: unlock(paths, PASSPHRASE)):
        with pytest.raises(KeyUnavailable) as caught:
            act(paths)
        assert caught.value.advice
    assert before == (paths.key_file.is_file() and paths.key_file.read_bytes())


def test_altered_bits_of_a_wrapped_key_are_noticed(paths):
    create_key(paths, Way.PASSPHRASE, passphrase=PASSPHRASE)
    values = content(paths)
    for name in ("salt", "sealed"):
        altered = bytearray(base64.b64decode(values["wrapped"][name]))
        altered[3] ^= 1
        changed = {**values, "wrapped": {**values["wrapped"], name: base64.b64encode(altered).decode()}}
        paths.key_file.write_text(json.dumps(changed))
        with pytest.raises(KeyUnavailable):
            unlock(paths, PASSPHRASE)


def test_an_exchanged_key_is_noticed(paths):
    tampered(Way.FILE, lambda values: values.__setitem__("key", base64.b64encode(bytes(32)).decode()))(paths)
    assert "not the right one" in load_fails(paths)


def test_a_key_file_that_others_can_read_is_closed(paths):
    create_key(paths, Way.FILE)
    paths.key_file.chmod(0o644)
    load_key(paths)
    assert paths.key_file.stat().st_mode & 0o777 == 0o600


def test_nothing_shows_the_key():
    key = DataKey(b"K" * 32)
    kept = Kept(Way.FILE, "check", key=b"K" * 32)
    assert "KKKK" not in f"{key!r} {key} {kept!r} {key.cipher()!r}"


def test_a_disk_that_is_full_is_told_and_the_old_way_stays(paths, monkeypatch):
    key = create_key(paths, Way.FILE)

    def full(_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="full"):
            move_key(paths, key, to=Way.PASSPHRASE, passphrase=PASSPHRASE)
    assert load_key(paths) == key
    assert not list(paths.data.glob("*.new"))


def ask(home, results):
    results.put(ensure_key(Paths.discover({"DEVPULSE_HOME": home}), keyring=FakeKeyring(fail_at=1)).key.value)


def test_two_first_starts_at_once_make_one_key(paths):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    home = str(paths.data.parent)
    processes = [context.Process(target=ask, args=(home, results)) for _ in range(4)]
    for process in processes:
        process.start()
    found = {results.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()
    assert len(found) == 1


def test_the_whole_way_of_a_first_start(paths):
    first = ensure_key(paths, keyring=FakeKeyring(fail_at=1))
    migrate(paths)
    Store.open(paths.database, first.key.cipher()).close()
    with pytest.raises(KeyUnavailable, match="does not belong"):
        Store.open(paths.database, DataKey(bytes(32)).cipher())
