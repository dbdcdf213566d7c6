"""Completion scripts, in the real shells."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from app.cli import build_parser
from app.commands.completion_scripts import places, script

CASES = [
    ("", {"status", "focus", "report", "settings", "--version"}, {"--minutes"}),
    ("sta", {"status"}, {"focus"}),
    ("focus ", {"start", "pause", "resume", "stop", "status"}, {"report"}),
    ("focus start --", {"--minutes", "--project", "--json"}, {"--by"}),
    ("report --by ", {"project", "category", "hour"}, {"--from", "file one.json"}),
    ("report --by d", {"day"}, {"hour"}),
    ("report --json --fo", {"--format"}, {"--from"}),
    ("data key move ", {"keyring", "file", "passphrase"}, {"status"}),
    ("settings get tracking.i", {"tracking.idle_after_s"}, {"privacy.detail"}),
    ("private ", {"on", "off"}, set()),
    ("export fi", {"file one.json"}, {"other"}),
    ("report -o fi", {"file one.json"}, {"--from"}),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("completion")
    found = places(build_parser())
    for shell in ("bash", "zsh", "fish"):
        (place / f"completion.{shell}").write_text(script(shell, found))
    (place / "work").mkdir()
    (place / "work" / "file one.json").write_text("")
    (place / "work" / "other").write_text("")
    return place


def run(argv, folder, **environ):
    done = subprocess.run(
        argv, cwd=folder / "work", capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "dumb", **environ},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def check(offered, wanted, unwanted):
    assert wanted <= offered
    assert not unwanted & offered


@pytest.mark.parametrize(("typed", "wanted", "unwanted"), CASES)
def test_bash(folder, typed, wanted, unwanted):
    words = ["devpulse", *typed.split(" ")] if typed else ["devpulse", ""]
    code = (
        f"source {folder}/completion.bash\n"
        f"COMP_WORDS=({' '.join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}\n"
        "_devpulse\nprintf '%s\\n' \"${COMPREPLY[@]}\""
    )
    check(set(run(["bash", "-c", code], folder).splitlines()), wanted, unwanted)


def test_bash_completes_at_a_real_prompt(folder):
    """Through readline, as a person does it: with the Tab key."""
    code = f'source {folder}/completion.bash; devpulse() {{ echo "got:$*"; }}\n'
    (folder / "rc").write_text(code + "PS1=''\n")
    done = subprocess.run(
        ["script", "-qec", f"bash --rcfile {folder}/rc -i", "/dev/null"],
        input="devpulse settings ge\tprivacy.det\t\nexit\n", capture_output=True, text=True, timeout=60,
        cwd=folder, env={"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb"},
    )  # fmt: skip
    assert "got:settings get privacy.detail" in done.stdout


@pytest.mark.parametrize(("typed", "wanted", "unwanted"), CASES)
def test_zsh(folder, typed, wanted, unwanted):
    # The completion builtins only work inside a widget, so those that offer are replaced by ones that print.
    words = ["devpulse", *typed.split(" ")] if typed else ["devpulse", ""]
    quoted = " ".join(repr(w) for w in words)
    code = (
        "compdef() { : }\n"
        "compadd() { shift; print -rl -- $@ }\n"
        "_files() { print -rl -- *(N) }\n"
        "_describe() { local w; for w in ${(P)2}; do print -r -- ${w%%:*}; done }\n"
        f"source {folder}/completion.zsh\n"
        f"words=({quoted}); CURRENT={len(words)}; _devpulse"
    )
    if shutil.which("zsh") is None:
        assert "compdef _devpulse devpulse" in (folder / "completion.zsh").read_text()
        return
    offered = {w for w in run(["zsh", "-f", "-c", code], folder).splitlines() if w.startswith(words[-1])}
    check(offered, wanted, unwanted)


@pytest.mark.parametrize(("typed", "wanted", "unwanted"), CASES)
def test_fish(folder, typed, wanted, unwanted):
    if shutil.which("fish") is None:
        assert "complete -c devpulse" in (folder / "completion.fish").read_text()
        return
    code = f"source {folder}/completion.fish; complete -C 'devpulse {typed}'"
    lines = run(["fish", "--no-config", "-c", code], folder).splitlines()
    offered = {line.split("\t")[0].replace("\\ ", " ") for line in lines}
    if not typed.endswith("-") and typed in ("", "focus "):
        wanted = {word for word in wanted if not word.startswith("-")}  # fish offers options after a dash
    check(offered, wanted, unwanted)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_command_prints_the_script(home, shell):
    ended = home.run("completion", shell)
    assert ended.code == 0
    assert "devpulse" in ended.out
    assert home.run("completion", "tcsh").code == 2
