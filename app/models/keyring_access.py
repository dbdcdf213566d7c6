"""The operating system's keyring, asked in a process of its own: `python -m app.models.keyring_access`.

A keyring may prompt and block for ever, and loading it costs 25 MB; so it is asked by a child with a
time limit. Only backends on the list are used, whatever `PYTHON_KEYRING_BACKEND`, a keyringrc.cfg or an
installed plug-in says: some of those keep secrets in plain files. The work comes as one word (get, set,
delete, probe), everything else as one JSON object on standard input; the answer is one JSON object.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, cast

SERVICE = "DevPulse"
TIME_LIMIT_S = 10.0

# Module and class, the preferred one first.
ALLOWED = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)


class KeyringRefused(Exception):
    """The keyring cannot be used; the text says why, in words for a person."""


class Keyring:
    """The parent's side: asks the child, never longer than `limit_s` seconds."""

    def __init__(self, limit_s: float = TIME_LIMIT_S, environ: Mapping[str, str] | None = None) -> None:
        self._limit_s = limit_s
        self._environ = environ

    def probe(self) -> str:
        """The name of the backend that would be used. Raises `KeyringRefused`."""
        return str(self._ask("probe", {})["backend"])

    def get(self, account: str) -> str | None:
        """The secret kept under this account, None when there is none. Raises `KeyringRefused`."""
        secret = self._ask("get", {"account": account}).get("secret")
        return None if secret is None else str(secret)

    def set(self, account: str, secret: str) -> None:
        """Keep a secret. Raises `KeyringRefused`."""
        self._ask("set", {"account": account, "secret": secret})

    def delete(self, account: str) -> None:
        """Forget a secret; nothing happens when there is none. Raises `KeyringRefused`."""
        self._ask("delete", {"account": account})

    def _ask(self, action: str, request: Mapping[str, str]) -> dict[str, Any]:
        try:
            child = subprocess.run(  # noqa: S603  our own program, fixed words
                _argv(action),
                input=json.dumps(request),
                capture_output=True,
                text=True,
                timeout=self._limit_s,
                env=None if self._environ is None else dict(self._environ),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise KeyringRefused(
                f"The keyring did not answer within {self._limit_s:.0f} s; it may be locked."
            ) from None
        except OSError as error:
            raise KeyringRefused(f"The keyring could not be asked: {error.strerror}.") from None
        return _answer(child.stdout)


def _argv(action: str) -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--keyring-access", action]
    return [sys.executable, "-m", "app.models.keyring_access", action]


def _answer(text: str) -> dict[str, Any]:
    try:
        answer: object = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise KeyringRefused("The keyring's helper ended without an answer.")
    fields = cast("dict[str, Any]", answer)
    if fields.get("ok") is not True:
        raise KeyringRefused(str(fields.get("reason", "The keyring refused.")))
    return fields


def allowed_backend(environ: Mapping[str, str]) -> Any:
    """The first backend of the list that works here. Raises `KeyringRefused`."""
    wanted = environ.get("PYTHON_KEYRING_BACKEND", "")
    names = [f"{module}.{name}" for module, name in ALLOWED]
    if wanted and wanted not in names:
        raise KeyringRefused("PYTHON_KEYRING_BACKEND names a keyring that DevPulse does not trust.")
    for module, name in ALLOWED:
        if wanted in ("", f"{module}.{name}"):
            backend = _backend(module, name)
            if backend is not None:
                return backend
    raise KeyringRefused("There is no keyring on this desktop.")


def _backend(module: str, name: str) -> Any:
    try:
        kind = getattr(importlib.import_module(module), name)
        # Every backend raises RuntimeError from `priority` where it cannot work.
        if kind.priority <= 0:
            return None
        return kind()
    except (ImportError, AttributeError, RuntimeError):
        return None
    # Each backend has errors of its own kind (D-Bus, COM, Security); none of them may end the search.
    except Exception:  # noqa: BLE001
        return None


def perform(action: str, request: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """The child's side: do one thing. Raises `KeyringRefused`."""
    backend = allowed_backend(environ)
    account = str(request.get("account", ""))
    if action == "probe":
        return {"ok": True, "backend": type(backend).__module__.rsplit(".", 1)[-1]}
    if action == "get":
        return {"ok": True, "secret": backend.get_password(SERVICE, account)}
    if action == "set":
        backend.set_password(SERVICE, account, str(request["secret"]))
    elif action == "delete":
        if backend.get_password(SERVICE, account) is not None:
            backend.delete_password(SERVICE, account)
    else:
        raise KeyringRefused("The keyring's helper knows get, set, delete and probe.")
    return {"ok": True}


def main(arguments: list[str]) -> int:
    """Read one request, answer it, and never say more of a failure than its kind."""
    try:
        request = json.loads(sys.stdin.read() or "{}")
        answer = perform(arguments[0] if arguments else "", request, os.environ)
    except KeyringRefused as error:
        answer = {"ok": False, "reason": str(error)}
    # Whatever a foreign backend throws must reach the parent as an answer, without the secret in it.
    except Exception as error:  # noqa: BLE001
        answer = {"ok": False, "reason": f"The keyring refused ({type(error).__name__})."}
    sys.stdout.write(json.dumps(answer))
    return 0 if answer["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
