"""The reader of git's configuration agrees with git itself, and survives everything else."""

import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.tracking.gitconfig import Entry, entries

SAMPLE = b"""\
[core]
\trepositoryformatversion = 0
\tbare = false ; a comment
[remote "origin"]
\turl = "https://example.org/a b.git"  # another
\tfetch = +refs/heads/*:refs/remotes/origin/*
[remote "with \\"quotes\\" and \\\\"]
\tURL = one\\
two
[Branch.MAIN] merge = x
[alias]
\tempty =
\tbare-key
"""


def _git(content: bytes, folder) -> list[tuple[str, str | None]] | None:
    file = folder / "config"
    file.write_bytes(content)
    ran = subprocess.run(
        ["git", "config", "--list", "-z", "--no-includes", "-f", str(file)], capture_output=True, timeout=30
    )
    if ran.returncode != 0:
        return None
    found: list[tuple[str, str | None]] = []
    for item in ran.stdout.split(b"\0")[:-1]:
        key, newline, value = item.decode("utf-8", "replace").partition("\n")
        found.append((key, value if newline else None))
    return found


def _ours(content: bytes) -> list[tuple[str, str | None]]:
    return [
        (".".join(part for part in (e.section or None, e.subsection, e.key) if part is not None), e.value)
        for e in entries(content)
    ]


def test_a_usual_file_reads_as_git_reads_it(tmp_path):
    expected = _git(SAMPLE, tmp_path)
    assert expected is not None
    assert _ours(SAMPLE) == expected
    assert Entry("remote", "origin", "url", "https://example.org/a b.git") in list(entries(SAMPLE))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf[a]\nb = c\n",
        b"[a]\r\nb = c\r\n",
        b'[a "b c"]\nd = "x # y" z ; w\n',
        b'[a]\nb = "  kept  "   \n',
        b"[a]\nb = x\\ty\\\\\n",
        b"[a]\nb",
        b"[a]\nb = c",
        b"# only a comment",
        b"[a] b = c\n[d]\n[e] f\n",
    ],
)
def test_oddities_read_as_git_reads_them(content, tmp_path):
    assert _ours(content) == _git(content, tmp_path)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"[a]\nb = c\n[broken\nd = e\n", [("a.b", "c")]),
        (b'[a]\nb = c\nd = "open\n', [("a.b", "c")]),
        (b"[a]\nb = c\nd = \\q\n", [("a.b", "c")]),
        (b"key = x\n[a.b c]\n", [("key", "x")]),
        (b"[a]\n1key = x\n", []),
        (b"\x00\x01\x02", []),
    ],
)
def test_a_broken_file_gives_what_came_before(content, kept):
    assert _ours(content) == kept


_piece = st.sampled_from(
    ["[a]", '[b "c d"]', "[E.f]", '[g "h\\"i"]', "key", "Other-1", " = ", "=", "value", "two words",
     '"', "\\n",
     "\\\\", "\\\n", "\n", " ", "\t", "#", ";", "é", "x=y", "\r\n"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_piece, max_size=24))
def test_whatever_git_accepts_reads_the_same(tmp_path, pieces):
    content = "".join(pieces).encode()
    expected = _git(content, tmp_path)
    if expected is not None:
        assert _ours(content) == expected


@given(st.binary(max_size=4000))
def test_no_bytes_raise(content):
    list(entries(content))


def test_a_huge_line_takes_no_more_than_its_length():
    found = list(entries(b"[a]\nb = " + b" x" * 100_000 + b"\n"))
    assert found[0].value is not None
    assert len(found[0].value) == 199_999
