"""The same repository has the same remote, however it is written; secrets never come through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.gitconfig import entries
from app.tracking.remotes import normalised, remote_of

SAME = [
    "git@github.com:Owner/Repo.git",
    "github.com:Owner/Repo",
    "git@GitHub.com:/Owner/Repo.git/",
    "ssh://git@github.com/Owner/Repo.git",
    "ssh://git@github.com:22/Owner/Repo",
    "ssh://git@ssh.github.com:443/Owner/Repo.git",
    "git+ssh://git@github.com/Owner/Repo.git",
    "https://github.com/Owner/Repo",
    "https://github.com/Owner/Repo.git",
    "https://github.com/Owner/Repo/",
    "HTTPS://github.com./Owner//Repo.git",
    "https://user:ghp_secret@github.com/Owner/Repo.git",
    "https://user:p@ss@github.com/Owner/Repo.git?token=x#y",
    "git://github.com/Owner/Repo.git",
    "  https://github.com/Owner/Repo.git\n",
]


@pytest.mark.parametrize("url", SAME)
def test_all_forms_are_one(url):
    assert normalised(url) == "github.com/Owner/Repo"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://gitlab.example.org:8443/group/sub/repo.git", "gitlab.example.org/group/sub/repo"),
        ("ssh://git@gitlab.example.org:2222/group/sub/repo.git", "gitlab.example.org/group/sub/repo"),
        ("git@[2001:DB8::1]:owner/repo.git", "[2001:db8::1]/owner/repo"),
        ("https://[2001:db8::1]:3000/owner/repo", "[2001:db8::1]/owner/repo"),
        ("/srv/git/repo.git", "file:/srv/git/repo"),
        ("file:///srv/git/repo.git", "file:/srv/git/repo"),
        ("/home/u/proj/.git", "file:/home/u/proj/.git"),
        ("C:\\repos\\x.git", "file:/C:/repos/x"),
        ("host:~user/repo", "host/~user/repo"),
        ("../elsewhere.git", None),
        ("./x", None),
        ("", None),
        ("smb://server/share/repo", None),
        ("ext::sh -c 'cat secret'", None),
        ("codecommit::us-east-1://repo", None),
        ("https://", None),
        ("https://github.com", None),
        ("ssh://git@/x", None),
        ("https://github.com/a\nb", None),
        ("x" * 3000, None),
    ],
)
def test_others(url, expected):
    assert normalised(url) == expected


@given(st.text(max_size=200))
def test_no_text_raises(url):
    normalised(url)


_word = st.text(st.characters(categories=["L", "N"], include_characters="-_.~!$@:"), min_size=1, max_size=20)


@given(user=_word, password=_word, path=st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}", fullmatch=True))
def test_no_password_survives(user, password, path):
    assert normalised(f"https://{user}:{password}@example.org/{path}.git") == f"example.org/{path}"


def test_origin_goes_before_the_first():
    config = b'[remote "up"]\nurl=https://a.org/x/y\n[remote "origin"]\nurl=https://b.org/x/y\n'
    assert remote_of(entries(config)) == "b.org/x/y"


def test_without_origin_the_first_that_can_be_told():
    config = b'[remote "up"]\nurl=../rel\n[remote "fork"]\nurl=https://a.org/x/y\n[remote "z"]\nurl=https://c.org/x\n'
    assert remote_of(entries(config)) == "a.org/x/y"
    assert remote_of(entries(b"[core]\nbare=true\n")) is None
