"""Logs are JSON, and hold no secret: not by what we write, and not by what a library writes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cloud.logs import without_secrets
from tests.cloud.people import Device, Person, as_json
from tests.cloud.servers import ROOT, Stack


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bearer abc.def", "[cut]"),
        ("postgresql://devpulse:hunter2@db/x", "postgresql://[cut]@db/x"),
        ("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln", "[cut]"),
        ("k" * 60, "[cut]"),
        ("a plain sentence of words", "a plain sentence of words"),
    ],
)
def test_what_looks_like_a_secret_is_cut(text: str, left: str) -> None:
    assert without_secrets(None, "", {"event": text})["event"] == left


def test_every_line_is_json_and_an_exception_only_its_type() -> None:
    script = (
        "import logging; from cloud.logs import configure; configure('info')\n"
        "try: raise ValueError('canary-1')\n"
        "except ValueError: logging.getLogger('lib').exception('went wrong')\n"
        "logging.getLogger('lib').info('key %s', 'postgresql://u:canary-2@h')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    first, second = map(json.loads, run.stderr.splitlines())
    assert (first["message"], first["error"], first["level"]) == ("went wrong", "ValueError", "error")
    assert second["logger"] == "lib"
    assert "canary" not in run.stderr


def test_a_canary_is_in_no_log(person: Person, stack: Stack) -> None:
    canary = "canary-4f7b"
    message = as_json(person.sign_in_message(Device()))
    client = person.client
    client.post("/v1/auth/token", json={**message, "device_label": canary})
    client.post("/v1/auth/token", json=message | {"proof": canary})
    client.post("/v1/auth/challenge", json={"action": "sign-in", "login": f"{canary}@example.org"})
    client.post("/v1/auth/challenge", json={"action": canary, "login": canary})
    client.get(f"/{canary}?{canary}={canary}", headers={canary: canary, "Authorization": f"Bearer {canary}"})
    client.get("/v1/account", headers={"Cookie": f"devpulse_session={canary}", "X-Request-ID": f"{canary}!"})
    client.post(f"/account/enter?ticket={canary}", data={"ticket": canary})
    client.put("/v1/account", json={"email": f"{canary}@example.org"}, headers=person.headers)
    logs = stack.logs()
    assert canary not in logs
    assert person.device.refresh_token.hex() not in logs
    assert person.headers["Authorization"].split()[1] not in logs
    assert str(person.account) not in logs
    for line in logs.splitlines():
        json.loads(line)
