"""From words to a command: help, names, exit codes, real processes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.cli import build_parser, main
from app.commands.context import Context
from app.commands.words import check_names, is_internal, subcommands
from app.errors import UsageError
from app.version import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def environ(tmp_path):
    return {"PATH": os.environ["PATH"], "DEVPULSE_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}


def devpulse(environ, *words, **options):
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, **options,
    )  # fmt: skip


def leaves(parser, name=()):
    inner = subcommands(parser)
    if not inner and not is_internal(parser):
        yield name, parser
    for word, child in inner.items():
        yield from leaves(child, (*name, word))


EVERY_COMMAND = pytest.mark.parametrize(
    ("name", "parser"),
    list(leaves(build_parser())),
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)


def test_version(environ):
    assert devpulse(environ, "--version").stdout == f"devpulse {__version__}\n"


@EVERY_COMMAND
def test_every_command_has_a_sentence_and_tells_what_it_does_to_data(name, parser):
    text = parser.format_help()
    assert parser.description.endswith(".")
    assert "your data:" in text
    assert f"devpulse {' '.join(name)}" in text
    assert max(map(len, text.splitlines())) <= 110


@EVERY_COMMAND
def test_the_examples_of_help_are_understood(name, parser):
    whole = build_parser()
    for line in parser.epilog.splitlines():
        if line.startswith("  devpulse "):
            words = shlex.split(line.strip().split("  ", 1)[0].split(" > ")[0])[1:]
            assert whole.parse_args(words).run is parser.get_default("run")


def test_help_of_each_level_is_no_error(environ):
    for words in (["--help"], ["focus", "--help"], ["focus", "start", "--help"]):
        ended = devpulse(environ, *words)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "devpulse" in ended.stdout


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["statsu"], "Did you mean `devpulse status`?"),
        (["focus", "strat"], "Did you mean `devpulse focus start`?"),
        (["zzzzzzzzz"], "There are: status"),
        (["status", "--foo"], "Not known here: --foo"),
        (["status", "extra"], "Not known here: extra"),
        (["focus"], "required"),
        (["--tray", "status"], "--tray stands alone"),
        (["private", "maybe"], "maybe"),
        (["pause", "--for"], "expected one argument"),
        (["--stat"], "--stat"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(environ, words, part):
    ended = devpulse(environ, *words)
    assert ended.returncode == 2
    assert part in ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_wrong_usage_under_json_is_json(environ):
    ended = devpulse(environ, "status", "--json", "--foo")
    assert json.loads(ended.stderr)["kind"] == "UsageError"


@pytest.mark.parametrize("words", ["--help", "settings list --json", "settings list"])
def test_a_closed_pipe_is_quiet(environ, words):
    ended = subprocess.run(
        f"{sys.executable} -m app {words} | (exec <&-; sleep 1); exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", cwd=ROOT, env=environ, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.stderr == ""
    assert ended.returncode == 141


def test_ctrl_c_is_quiet_and_130(capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    from app.commands.outcome import told

    assert told(interrupted, err=sys.stderr, logs=Path("/nowhere")) == 130
    assert capsys.readouterr().err == ""


def test_broken_home_is_no_traceback(environ, tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    ended = devpulse(environ, "status")
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr


def test_the_parser_needs_no_heavy_import(environ):
    code = (
        "import sys, app.cli; app.cli.build_parser();"
        "print([m for m in ('sqlalchemy','numpy','PyQt6','sqlite3','cryptography','asyncio','keyring')"
        " if m in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert ended.stdout == "[]\n"


def test_tray_does_without_argparse(environ):
    """The agent lives all day: its door loads nothing it does not need."""
    code = (
        "import sys, types; agent = types.ModuleType('app.agent');"
        "agent.main = lambda paths: print('argparse' in sys.modules) or 0;"
        "sys.modules['app.agent'] = agent; import app.__main__ as m; sys.exit(m.main(['--tray']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (0, "False\n"), ended.stderr


def test_main_never_raises(tmp_path, capsys):
    context = Context.of_process()
    assert main(["status", "\x00"], context) == 2
    assert main(["\udcff"], context) == 2


def test_interrupt_of_a_real_process(environ):
    code = (
        "import sys; from app.commands.outcome import told; import time\n"
        "from pathlib import Path\nprint('on', flush=True)\n"
        "sys.exit(told(lambda: time.sleep(30), err=sys.stderr, logs=Path('/nowhere')))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout.readline() == "on\n"
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert (child.returncode, err) == (130, "")


def test_the_page_to_open_at_is_no_command():
    parser = build_parser()
    assert check_names(parser, ["--page", "timeline"]) is parser
    assert check_names(parser, ["--page", "timeline", "status"]).prog == "devpulse status"
    with pytest.raises(UsageError, match="no command"):
        check_names(parser, ["--tray", "timeline"])


def test_the_page_of_commands_names_every_command():
    page = (ROOT / "docs" / "commands.md").read_text()
    for name, _ in leaves(build_parser()):
        assert name[0] in page, name
        assert name[-1] in page or name[0] == "projects", name
