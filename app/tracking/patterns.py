"""A person's patterns: compiled by RE2, which matches in linear time, so none can stall the tracker.

What RE2 lacks (lookaround, backreferences) cannot be bounded and is refused in words. Neither a
pattern nor a text it is tried on ever reaches an error, a log or a `repr`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import re2

from app.errors import InvalidPattern

# Longer subjects are cut before matching; window titles are shown to about 200 characters.
LONGEST_SUBJECT = 4096
LONGEST_PATTERN = 1000
# RE2 instructions. The slowest pattern under this bound takes some 20 ms on the longest subject.
LARGEST_PROGRAM = 2000
_MEMORY = 1 << 20

_REASONS = (
    ("invalid perl operator: (?", "It looks ahead or behind, or uses a group form that is not supported."),
    ("invalid escape sequence", "It has a backslash with a character that means nothing here."),
    ("missing )", "A bracket ( is never closed."),
    ("unexpected )", "A bracket ) was never opened."),
    ("missing ]", "A set [ is never closed."),
    ("invalid character class", "A set or range of characters is malformed."),
    ("invalid repetition size", "It repeats something more often than 1000 times."),
    ("no argument for repetition", "A *, +, ? or { has nothing before it to repeat."),
    ("bad repetition operator", "Two repetitions follow each other."),
    ("trailing \\", "It ends with a single backslash."),
    ("invalid named capture group", "The name of a group is malformed or used twice."),
    ("pattern too large", "It is too large."),
)  # fmt: skip


class Pattern:
    """A compiled pattern. Matching is total: every text gets an answer, in linear time."""

    __slots__ = ("_compiled",)

    def __init__(self, compiled: re2.Regexp) -> None:
        self._compiled = compiled

    def found_in(self, subject: str) -> bool:
        """Whether it matches anywhere in the first 4096 characters of `subject`."""
        return self._compiled.search(_bounded(subject)) is not None

    def replaced_in(self, subject: str, make: Callable[[str], str]) -> str:
        """`subject`, cut at 4096 characters, with what `make` says in place of each non-empty match."""

        def replacement(match: re2.Match) -> str:
            found = match.group()
            return make(found) if found else ""

        return self._compiled.sub(replacement, _bounded(subject))


def compile_pattern(text: str) -> Pattern:
    """`text` as a pattern (RE2 syntax); raises `InvalidPattern` with the reason in words."""
    if len(text) > LONGEST_PATTERN:
        raise _refused(f"It is longer than {LONGEST_PATTERN} characters.")
    options = re2.Options()
    # Otherwise RE2 writes the pattern, which may be private, to standard error.
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(text, options)
    except UnicodeEncodeError:
        raise _refused("It holds a character that is not text.") from None
    except re2.error as error:
        raise _refused(_reason(error)) from None
    if compiled.programsize > LARGEST_PROGRAM:
        raise _refused("It is too large.")
    return Pattern(compiled)


class Globs:
    """A set of names or patterns with `*` and `?`, upper and lower case alike."""

    __slots__ = ("_exact", "_wild")

    def __init__(self, globs: Iterable[str]) -> None:
        folded = [glob.strip().casefold() for glob in globs]
        self._exact = frozenset(glob for glob in folded if not _is_wild(glob))
        self._wild = tuple(glob for glob in folded if _is_wild(glob))

    def match_any(self, names: Iterable[str]) -> bool:
        """Whether one of `names` (case-folded already) matches one of the set."""
        return any(name in self._exact or any(glob_matches(g, name) for g in self._wild) for name in names)


def glob_matches(glob: str, name: str) -> bool:
    """Whether `name` as a whole fits `glob`; both case-folded. At most len(glob) × len(name) steps."""
    at_glob = at_name = 0
    star, retry = -1, 0
    while at_name < len(name):
        if at_glob < len(glob) and glob[at_glob] == "*":
            star, retry = at_glob, at_name
            at_glob += 1
        elif at_glob < len(glob) and glob[at_glob] in ("?", name[at_name]):
            at_glob += 1
            at_name += 1
        elif star >= 0:
            retry += 1
            at_glob, at_name = star + 1, retry
        else:
            return False
    return not glob[at_glob:].strip("*")


def _is_wild(glob: str) -> bool:
    return "*" in glob or "?" in glob


def _bounded(subject: str) -> str:
    cut = subject[:LONGEST_SUBJECT]
    try:
        cut.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair: a broken title, which RE2 cannot take.
        return cut.encode(errors="replace").decode()
    return cut


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else b""
    text = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
    if text.startswith("invalid escape sequence: \\") and text[-1:].isdigit():
        return "It refers back to a group, which cannot be matched in bounded time."
    return next((words for start, words in _REASONS if text.startswith(start)), "It is malformed.")


def _refused(reason: str) -> InvalidPattern:
    return InvalidPattern(
        "This pattern cannot be used.",
        detail=reason,
        advice="Patterns follow RE2's syntax: https://github.com/google/re2/wiki/Syntax",
    )
