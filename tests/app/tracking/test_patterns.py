"""A person's patterns are compiled or refused in words, and match in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidPattern
from app.tracking.patterns import (
    LONGEST_PATTERN,
    LONGEST_SUBJECT,
    Globs,
    _reason,
    compile_pattern,
    glob_matches,
)


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("(?=a)b", "looks ahead"),
        ("(?<!x)y", "looks ahead"),
        (r"(a)\1", "refers back"),
        ("(", "never closed"),
        (")", "never opened"),
        ("[a", "never closed"),
        ("[z-a]", "malformed"),
        ("a{5000}", "1000 times"),
        ("*a", "nothing before"),
        ("a**", "follow each other"),
        ("\\", "backslash"),
        (r"\q", "means nothing"),
        ("(?P<n>a)(?P<n", "group"),
        ("(?P<n!>a)", "group"),
        (r"(?:\w{1000})" * 3, "too large"),
        (r"(?:\w{900}){900}", "more often"),
        ("x" * (LONGEST_PATTERN + 1), "longer than"),
        ("\ud800", "not text"),
    ],
)
def test_what_cannot_be_bounded_is_refused_in_words(
    pattern: str, word: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidPattern) as refused:
        compile_pattern(pattern)
    assert word in refused.value.detail
    assert refused.value.advice
    assert capfd.readouterr() == ("", "")  # RE2 would print the pattern


def test_the_reason_never_shows_the_pattern() -> None:
    with pytest.raises(InvalidPattern) as refused:
        compile_pattern("geheim[")
    assert "geheim" not in refused.value.told()
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_an_unknown_reason_is_told_as_malformed() -> None:
    assert _reason(ValueError()) == "It is malformed."
    assert _reason(ValueError("unheard of")) == "It is malformed."


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+$", r"(a|a)*b", r"(.*)*x", r"(\w+\s?)+:$", r"(?:a?){300}a{300}", r"(x+x+)+y", r"\w{600}x"],
)
def test_catastrophic_patterns_answer_in_bounded_time(pattern: str) -> None:
    compiled = compile_pattern(pattern)
    began = time.monotonic()
    for subject in ("a" * 100_000, "ab1 " * 50_000, "é" * 50_000):
        compiled.found_in(subject)
        compiled.replaced_in(subject, lambda _: "-")
    assert time.monotonic() - began < 20


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_is_refused_or_matches_every_subject(pattern: str, subject: str) -> None:
    try:
        compiled = compile_pattern(pattern)
    except InvalidPattern as error:
        assert error.detail
        return
    assert compiled.found_in(subject) in (True, False)
    assert isinstance(compiled.replaced_in(subject, lambda found: f"<{found}>"), str)


def test_half_a_surrogate_pair_in_a_subject_is_no_obstacle() -> None:
    assert compile_pattern("secret").found_in("a\udc80 secret")
    assert compile_pattern("secret").replaced_in("\udc80 secret", lambda _: "x") == "? x"


def test_replacing_takes_the_words_as_they_are_and_skips_empty_matches() -> None:
    assert compile_pattern("b").replaced_in("abc", lambda _: r"\1\g<0>") == r"a\1\g<0>c"
    assert compile_pattern("x*").replaced_in("axb", lambda _: "!") == "a!b"


def test_a_subject_is_cut() -> None:
    assert not compile_pattern("z").found_in("a" * LONGEST_SUBJECT + "z")
    assert len(compile_pattern("z").replaced_in("a" * 9_000, lambda _: "")) == LONGEST_SUBJECT


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("keepass*", "keepassxc", True),
        ("keepass*", "mykeepass", False),
        ("*teams*", "ms-teams-2", True),
        ("?im", "vim", True),
        ("?im", "im", False),
        ("a*b*c", "aXbYbZc", True),
        ("a*b*c", "aXbYbZ", False),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("a**", "a", True),
        ("a?", "a", False),
        ("[a]", "[a]", True),
    ],
)
def test_globs(glob: str, name: str, fits: bool) -> None:
    assert glob_matches(glob, name) is fits


def test_many_stars_take_bounded_steps() -> None:
    assert not glob_matches("*a" * 30 + "b", "a" * 2_000)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_globs_agree_with_their_meaning(glob: str, name: str) -> None:
    import re

    meaning = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in glob)
    assert glob_matches(glob, name) is (re.fullmatch(meaning, name, re.DOTALL) is not None)


def test_a_set_of_globs_takes_cases_alike() -> None:
    globs = Globs([" KeePass* ", "Seahorse"])
    assert globs.match_any(["keepassxc"])
    assert globs.match_any(["other", "seahorse"])
    assert not globs.match_any(["seahorses"])
    assert not globs.match_any([])
