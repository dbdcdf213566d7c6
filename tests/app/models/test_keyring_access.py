"""The real keyring of a real session bus, and everything that is not one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from app.models.keyring_access import Keyring, KeyringRefused, allowed_backend, perform


@pytest.fixture
def no_bus():
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DBUS")}
    return {**environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}


@pytest.fixture
def session(tmp_path):
    """The environment of a session bus with an unlocked gnome-keyring."""
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    tmp_path.chmod(0o700)
    script = (
        "echo -n secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
        "echo $DBUS_SESSION_BUS_ADDRESS; cat"
    )
    with subprocess.Popen(
        ["dbus-run-session", "--", "sh", "-c", script],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        address = process.stdout.readline().strip()
        yield {**environ, "DBUS_SESSION_BUS_ADDRESS": address}
        process.stdin.close()
        process.wait(10)
        # The daemon does not end with its bus at once; all of the session's processes are one group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def test_a_secret_is_kept_given_back_and_forgotten(session):
    keyring = Keyring(environ=session)
    assert keyring.probe() == "SecretService"
    assert keyring.get("account") is None
    keyring.set("account", "a secret\n'\"ü")
    assert keyring.get("account") == "a secret\n'\"ü"
    assert keyring.get("other") is None
    keyring.delete("account")
    keyring.delete("account")
    assert keyring.get("account") is None


def test_no_keyring_is_told(no_bus):
    for act in (Keyring(environ=no_bus).probe, lambda: Keyring(environ=no_bus).get("a")):
        with pytest.raises(KeyringRefused, match="no keyring"):
            act()


@pytest.mark.parametrize(
    "name",
    [
        "keyrings.alt.file.PlaintextKeyring",
        "keyring.backends.null.Keyring",
        "os.path",
        "keyring.backends.chainer.ChainerBackend",
    ],
)
def test_a_backend_that_is_not_on_the_list_is_refused(session, name):
    with pytest.raises(KeyringRefused, match="does not trust"):
        Keyring(environ={**session, "PYTHON_KEYRING_BACKEND": name}).probe()


def test_a_backend_on_the_list_may_be_chosen(session):
    wanted = {**session, "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring"}
    assert Keyring(environ=wanted).probe() == "SecretService"
    elsewhere = {**session, "PYTHON_KEYRING_BACKEND": "keyring.backends.macOS.Keyring"}
    with pytest.raises(KeyringRefused):
        Keyring(environ=elsewhere).probe()


def test_a_plug_in_that_keeps_secrets_in_files_is_never_loaded(no_bus, tmp_path):
    package = tmp_path / "keyrings" / "alt"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "file.py").write_text(
        "import pathlib, keyring.backend\n"
        f"pathlib.Path({str(tmp_path / 'loaded')!r}).touch()\n"
        "class PlaintextKeyring(keyring.backend.KeyringBackend):\n"
        "    priority = 99\n"
        "    def get_password(self, *a): return 'x'\n"
        "    def set_password(self, *a): pass\n"
    )
    information = tmp_path / "keyrings.alt-1.dist-info"
    information.mkdir()
    (information / "entry_points.txt").write_text("[keyring.backends]\nfile = keyrings.alt.file\n")
    (information / "METADATA").write_text("Name: keyrings.alt\nVersion: 1\n")
    with pytest.raises(KeyringRefused):
        Keyring(environ={**no_bus, "PYTHONPATH": str(tmp_path)}).set("a", "b")
    assert not (tmp_path / "loaded").exists()


def test_a_keyring_that_never_answers_is_given_up(monkeypatch):
    """A prompt that nobody sees blocks for ever; the child is ended."""
    from app.models import keyring_access

    monkeypatch.setattr(
        keyring_access, "_argv", lambda _: [sys.executable, "-c", "import time; time.sleep(600)"]
    )
    started = time.monotonic()
    with pytest.raises(KeyringRefused, match="did not answer"):
        Keyring(limit_s=1.0).get("a")
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "answer", ["", "nonsense", "[]", "{}", '{"ok": "yes"}', '{"ok": false, "reason": "no"}']
)
def test_an_answer_that_is_none_is_refused(monkeypatch, answer):
    from app.models import keyring_access

    monkeypatch.setattr(keyring_access, "_argv", lambda _: [sys.executable, "-c", f"print({answer!r})"])
    with pytest.raises(KeyringRefused):
        Keyring().get("a")


def test_a_helper_that_cannot_be_started_is_told(monkeypatch):
    from app.models import keyring_access

    monkeypatch.setattr(keyring_access, "_argv", lambda _: ["/nonexistent"])
    with pytest.raises(KeyringRefused, match="could not be asked"):
        Keyring().get("a")


def test_the_secret_is_on_no_command_line():
    from app.models import keyring_access

    assert keyring_access._argv("set")[-2:] == ["app.models.keyring_access", "set"]


def test_an_error_of_the_backend_does_not_tell_the_secret(session):
    child = subprocess.run(
        [sys.executable, "-m", "app.models.keyring_access", "set"],
        input=json.dumps({"account": "a"}),
        capture_output=True,
        text=True,
        env=session,
    )
    assert child.returncode == 1
    assert json.loads(child.stdout) == {"ok": False, "reason": "The keyring refused (KeyError)."}
    assert child.stderr == ""


def test_an_unknown_word_is_refused(session, monkeypatch):
    for name, value in session.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(KeyringRefused, match="knows get"):
        perform("steal", {}, session)
    assert allowed_backend(session)
