"""The privacy filter: what of a window may go on, and in which words. Nothing before it is stored or logged.

It fails closed: a rule or setting that cannot be understood hides what it might have been about, and
is told in `Policy.problems`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.models.values import FilteredSample, Hidden, WindowSample
from app.tracking.addresses import recorded_address
from app.tracking.applications import ApplicationNames
from app.tracking.browsing import Browsers, started_private
from app.tracking.patterns import LONGEST_SUBJECT
from app.tracking.policy import Action, Detail, Policy, TitleRule
from app.tracking.titles import LONGEST_TITLE, cleaned, settled

_MOST_REMEMBERED = 256
LONGEST_PATH = 1000


class PrivacyFilter:
    """Applies one policy. It remembers two things, both bounded: what it decided for an application's
    name, and which browser windows are private, because Chromium tells that only on a new tab.

    `command_line(pid)`: how a process was started; it is looked at for browsers only, and not kept.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        names: ApplicationNames | None = None,
        browsers: Browsers | None = None,
        command_line: Callable[[int], Sequence[str]] = lambda _: (),
    ) -> None:
        self._policy = policy
        self._names = names or ApplicationNames()
        self._browsers = browsers or Browsers()
        self._applications: dict[str, _Application] = {}
        self._command_line = command_line
        self._windows: dict[tuple[int, int | None], bool] = {}
        self._last: tuple[WindowSample, FilteredSample | Hidden] | None = None

    @property
    def policy(self) -> Policy:
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        # What is known of windows stays known: a changed setting makes no private window public.
        self._policy = policy
        self._applications.clear()
        self._last = None

    def apply(self, sample: WindowSample) -> FilteredSample | Hidden:
        """What of `sample` may go on, or why nothing does."""
        # A window is looked at every second for what may have changed around it.
        if self._last is None or self._last[0] is not sample:
            self._last = (sample, self._applied(sample))
        return self._last[1]

    def _applied(self, sample: WindowSample) -> FilteredSample | Hidden:
        application = self._application(sample.application)
        private = self._is_private(sample, application)
        hidden = self._hidden(application, private=private is True)
        if hidden is not None:
            return hidden
        bare = FilteredSample(
            application.display,
            fullscreen=sample.fullscreen,
            record_project=self._policy.detail is not Detail.APPLICATIONS,
            window_class=application.raw,
        )
        if self._policy.detail is Detail.APPLICATIONS:
            return bare
        bare = replace(bare, pid=sample.pid, window=sample.window)
        if private is None or application.untitled:
            return bare
        return self._detailed(sample, application, bare)

    def passed_path(self, filtered: FilteredSample, path: str | None) -> str | None:
        """What of a file's path found for `filtered` may be stored: nothing where its title may not be."""
        if path is None or filtered.title is None:
            return None
        return self._texts(self._application(filtered.window_class), {"path": path}).get("path")

    def _hidden(self, application: _Application, *, private: bool) -> Hidden | None:
        if self._policy.paused:
            return Hidden.PAUSED
        if self._policy.private_mode:
            return Hidden.PRIVATE_MODE
        if application.excluded:
            return Hidden.EXCLUDED_APPLICATION
        if private:
            return Hidden.PRIVATE_BROWSING
        if self._policy.allow_list_only and not application.allowed:
            return Hidden.NOT_ALLOWED
        return None

    def _detailed(
        self, sample: WindowSample, application: _Application, bare: FilteredSample
    ) -> FilteredSample:
        raw = {"title": sample.title, "url": sample.url, "path": sample.path}
        given = {kind: text for kind, text in raw.items() if text}
        passed = self._texts(application, given)
        title = settled(passed.get("title", ""))[:LONGEST_TITLE].rstrip() or None
        if self._policy.detail is Detail.PROJECTS:
            # A title that a rule changed or dropped is not even looked at.
            whole = passed.get("title") == cleaned(sample.title, LONGEST_SUBJECT)
            return replace(bare, clue=title if whole else None)
        url = passed.get("url")
        return replace(
            bare,
            title=title,
            url=None if url is None else recorded_address(url, self._policy.addresses),
            path=passed.get("path"),
        )

    def _texts(self, application: _Application, given: dict[str, str]) -> dict[str, str]:
        """The texts after the rules; a rule that drops one of them drops all: they tell of one page."""
        passed: dict[str, str] = {}
        for kind, text in given.items():
            # A rule must see the whole of a text; one too long for that is not kept.
            if len(text) > LONGEST_SUBJECT:
                continue
            after = self._ruled(cleaned(text, LONGEST_SUBJECT), application.rules)
            if after is None:
                return {}
            passed[kind] = after
        if len(passed.get("path", "")) > LONGEST_PATH:
            del passed["path"]
        return passed

    def _ruled(self, text: str, rules: tuple[TitleRule, ...]) -> str | None:
        for rule in rules:
            if rule.pattern is None:
                return None
            if rule.action is Action.DROP:
                if rule.pattern.found_in(text):
                    return None
            elif rule.action is Action.REPLACE:
                text = rule.pattern.replaced_in(text, lambda _, to=rule.replacement: to)
            else:
                text = rule.pattern.replaced_in(text, self._tag)
        return text

    def _tag(self, found: str) -> str:
        return hashed(self._policy.salt, found)

    def _is_private(self, sample: WindowSample, application: _Application) -> bool | None:
        """Whether the window is private browsing; None: a browser's window of which that is not known."""
        if sample.private:
            return True
        if not application.browser:
            return False
        title = cleaned(sample.title, LONGEST_SUBJECT)
        if sample.pid is not None and started_private(self._command_line(sample.pid)):
            return True
        if application.unmarked and self._browsers.is_first_page(title):
            self._remember(sample, private=True)
        if self._browsers.is_private(application.names, title):
            return True
        if not application.unmarked or sample.public:
            return False
        known = self._windows.get((sample.window, sample.pid))
        if known is None and self._browsers.is_new_tab(title):
            known = False
        if known is not None:
            self._remember(sample, private=known)
        return known

    def _remember(self, sample: WindowSample, *, private: bool) -> None:
        if not sample.window:
            return
        # Put last, so that the windows seen longest ago are forgotten first.
        window = (sample.window, sample.pid)
        self._windows.pop(window, None)
        self._windows[window] = private
        if len(self._windows) > _MOST_REMEMBERED:
            del self._windows[next(iter(self._windows))]

    def _application(self, raw: str) -> _Application:
        known = self._applications.get(raw)
        if known is None:
            if len(self._applications) >= _MOST_REMEMBERED:
                self._applications.clear()
            known = self._applications[raw] = _Application(raw, self._policy, self._names, self._browsers)
        return known


def hashed(salt: bytes, found: str) -> str:
    """The tag that stands for a part of a title; nobody without the salt can look up for which."""
    # Few people hash, and it costs the agent 4 MB of a second OpenSSL.
    import hashlib

    return "#" + hashlib.sha256(salt + found.encode()).hexdigest()[:10]


class _Application:
    """What the policy says of one application's name."""

    __slots__ = (
        "allowed", "browser", "display", "excluded", "names", "raw", "rules", "unmarked", "untitled",
    )  # fmt: skip

    def __init__(self, raw: str, policy: Policy, names: ApplicationNames, browsers: Browsers) -> None:
        self.raw = cleaned(raw, LONGEST_SUBJECT)[:200]
        self.names = names.known_as(raw)
        traces = names.traces(raw)
        self.display = names.display(raw)
        self.browser = browsers.is_browser(self.names)
        self.unmarked = browsers.is_unmarked(self.names)
        self.excluded = policy.excluded.match_any(traces)
        self.untitled = policy.untitled.match_any(traces)
        self.allowed = policy.allowed.match_any(self.names)
        self.rules = tuple(
            rule
            for rule in policy.title_rules
            if rule.application is None or rule.application.match_any(traces)
        )
