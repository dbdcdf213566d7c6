"""What the privacy filter lets through, and that nothing else gets through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.models.values import FilteredSample, Hidden, WindowSample
from app.paths import resources
from app.tracking import privacy
from app.tracking.applications import ApplicationNames
from app.tracking.browsing import Browsers
from app.tracking.policy import policy_from
from app.tracking.privacy import LONGEST_PATH, PrivacyFilter
from app.tracking.titles import LONGEST_TITLE

SALT = b"0123456789abcdef"
NAMES, BROWSERS = ApplicationNames.load(resources()), Browsers.load(resources())


def make(
    given: dict[str, Any] | None = None,
    *,
    command_line: Callable[[int], Sequence[str]] = lambda _: (),
    salt: bytes = SALT,
    **live: bool,
) -> PrivacyFilter:
    settings = Settings(given={f"privacy.{key}": value for key, value in (given or {}).items()})
    policy = policy_from(settings, salt=salt, **live)
    return PrivacyFilter(policy, names=NAMES, browsers=BROWSERS, command_line=command_line)


def passed(filtered: FilteredSample | Hidden) -> FilteredSample:
    assert isinstance(filtered, FilteredSample), filtered
    return filtered


def titled(
    title: str, application: str = "Code", given: dict[str, Any] | None = None, **fields: Any
) -> FilteredSample:
    return passed(make(given).apply(WindowSample(application, title, **fields)))


def test_a_plain_window_passes_whole() -> None:
    filtered = titled("● app.py — work — VS Code", "Code", pid=7, fullscreen=True, path="/home/ada/app.py")
    assert filtered == FilteredSample(
        "VS Code",
        title="app.py — work — VS Code",
        path="/home/ada/app.py",
        pid=7,
        fullscreen=True,
        window_class="Code",
    )


@pytest.mark.parametrize(
    "application",
    ["KeePassXC", "keepassxc", "org.keepassxc.KeePassXC", "com.bitwarden.desktop", "/usr/bin/seahorse",
     "1Password.exe", "KEEPASS\u200bXC", "polkit-gnome-authentication-agent-1"],
)  # fmt: skip
def test_excluded_applications_leave_no_trace(application: str) -> None:
    assert make().apply(WindowSample(application, "vault")) is Hidden.EXCLUDED_APPLICATION


def test_exclusion_knows_the_raw_and_the_shown_name() -> None:
    for pattern in ("code", "vs code", "VS*"):
        given = {"excluded_applications": [pattern]}
        assert make(given).apply(WindowSample("Code", "t")) is Hidden.EXCLUDED_APPLICATION


def test_paused_and_private_mode_let_nothing_through() -> None:
    sample = WindowSample("Code", "t")
    assert make(paused=True, private_mode=True).apply(sample) is Hidden.PAUSED
    assert make(private_mode=True).apply(sample) is Hidden.PRIVATE_MODE


def test_allow_list() -> None:
    filtered = make({"allow_list_only": True, "allowed_applications": ["vs code", "xterm"]})
    assert passed(filtered.apply(WindowSample("Code", "t"))).title == "t"
    assert filtered.apply(WindowSample("Kate", "t")) is Hidden.NOT_ALLOWED
    assert filtered.apply(WindowSample("", "t")) is Hidden.NOT_ALLOWED


@pytest.mark.parametrize("application", ["Slack", "thunderbird-esr", "org.telegram.desktop", "ms-teams"])
def test_chats_and_mail_have_no_titles(application: str) -> None:
    filtered = titled("Ada: my secret", application, url="https://x.org", path="/x")
    assert (filtered.title, filtered.url, filtered.path, filtered.clue) == (None, None, None, None)
    projects = titled("Ada: my secret", application, {"detail": "projects"})
    assert projects.clue is None


class TestLevels:
    SAMPLE = WindowSample("Firefox", "T — Mozilla Firefox", 7, "https://x.org/a", "/home/ada/a.py")

    def test_applications(self) -> None:
        filtered = passed(make({"detail": "applications"}).apply(self.SAMPLE))
        assert filtered == FilteredSample("Firefox", record_project=False, window_class="Firefox")

    def test_projects(self) -> None:
        filtered = passed(make({"detail": "projects"}).apply(self.SAMPLE))
        assert filtered == FilteredSample(
            "Firefox", pid=7, clue="T — Mozilla Firefox", window_class="Firefox"
        )

    def test_projects_have_no_clue_where_a_rule_spoke(self) -> None:
        for rule in ({"pattern": "T", "action": "drop"}, {"pattern": "T", "action": "replace"}):
            given = {"detail": "projects", "title_rules": [rule]}
            assert passed(make(given).apply(self.SAMPLE)).clue is None

    def test_titles(self) -> None:
        filtered = passed(make().apply(self.SAMPLE))
        assert (filtered.title, filtered.url) == ("T — Mozilla Firefox", "x.org")

    @pytest.mark.parametrize(
        ("level", "kept"), [("none", None), ("host", "x.org"), ("full", "https://x.org/a")]
    )
    def test_addresses(self, level: str, kept: str | None) -> None:
        assert passed(make({"addresses": level}).apply(self.SAMPLE)).url == kept


class TestTitleRules:
    @staticmethod
    def after(title: str, *rules: dict[str, str], application: str = "Code", **fields: Any) -> FilteredSample:
        return titled(title, application, {"title_rules": list(rules)}, **fields)

    def test_drop_takes_all_that_tells_of_the_page(self) -> None:
        rule = {"pattern": "(?i)bank", "action": "drop"}
        for fields in (
            {"title": "My Bank"},
            {"title": "t", "url": "https://bank.org/"},
            {"title": "t", "path": "/home/ada/bank/x"},
        ):
            whole = {"url": "https://x.org", "path": "/x", **fields}
            filtered = self.after(whole.pop("title"), rule, **whole)
            assert (filtered.title, filtered.url, filtered.path) == (None, None, None)
        assert self.after("My Bench", rule, path="/x").path == "/x"

    def test_replace_and_hash_touch_the_part(self) -> None:
        assert (
            self.after(
                "to ada@x.org now", {"pattern": r"\S+@\S+", "action": "replace", "replacement": "[m]"}
            ).title
            == "to [m] now"
        )
        hashed = self.after("ticket ACME-17 x", {"pattern": r"ACME-\d+", "action": "hash"}).title
        assert hashed is not None
        assert hashed.startswith("ticket #")
        assert "ACME" not in hashed
        assert hashed == self.after("ticket ACME-17 x", {"pattern": r"ACME-\d+", "action": "hash"}).title
        assert hashed != self.after("ticket ACME-18 x", {"pattern": r"ACME-\d+", "action": "hash"}).title

    def test_a_tag_depends_on_the_installation(self) -> None:
        given = {"title_rules": [{"pattern": "word", "action": "hash"}]}
        sample = WindowSample("Code", "word")
        other = make(given, salt=b"another salt of sixteen").apply(sample)
        assert passed(make(given).apply(sample)).title != passed(other).title

    def test_rules_follow_each_other(self) -> None:
        first = {"pattern": "a", "action": "replace", "replacement": "bank"}
        assert self.after("a", first, {"pattern": "bank", "action": "drop"}).title is None

    def test_an_empty_rest_is_no_title(self) -> None:
        assert self.after("secret", {"pattern": "secret", "action": "replace"}).title is None

    def test_a_rule_for_one_application(self) -> None:
        rule = {"pattern": ".", "action": "drop", "application": "kate"}
        assert self.after("t", rule).title == "t"
        assert self.after("t", rule, application="org.kde.kate").title is None

    def test_a_rule_that_does_not_compile_drops_what_it_is_for(self) -> None:
        everywhere = {"pattern": "(", "action": "replace"}
        assert self.after("t", everywhere, url="https://x.org").title is None
        here = {"pattern": "(", "action": "drop", "application": "kate"}
        assert self.after("t", here).title == "t"
        assert self.after("t", here, application="Kate").title is None

    def test_invisible_characters_do_not_hide_a_word(self) -> None:
        for title in ("My b\u200bank", "My b\ufe0fank", "My \u202ebank", "My ba\u00adnk"):
            assert self.after(title, {"pattern": "bank", "action": "drop"}).title is None

    @pytest.mark.parametrize(
        ("title", "kept"),
        [
            ("Mail to ada.b+c@example.org - Draft", "Mail to [e-mail] - Draft"),
            ("token ghp_0123456789abcdef", "token [secret]"),
            ("PayPal: Log in", None),
            ("Password reset", None),
            ("My bank account", None),
            ("Bankruptcy law", "Bankruptcy law"),
        ],
    )
    def test_the_defaults(self, title: str, kept: str | None) -> None:
        assert titled(title).title == kept


def test_what_is_too_long_to_judge_is_not_kept() -> None:
    assert titled("a" * 5_000).title is None
    assert len(titled("a" * 2_000).title or "") == LONGEST_TITLE
    assert titled("t", path="/" + "a" * LONGEST_PATH).path is None
    assert len(titled("t", "x" * 9_000).application) == 200


class TestPassedPath:
    def test_the_rules_hold_for_paths_found_later(self) -> None:
        made = make()
        filtered = passed(made.apply(WindowSample("XTerm", "t")))
        assert made.passed_path(filtered, "/home/ada/work/x.py") == "/home/ada/work/x.py"
        assert made.passed_path(filtered, "/home/ada/bank/x.py") is None
        assert made.passed_path(filtered, None) is None

    def test_without_title_no_path(self) -> None:
        made = make({"detail": "projects"})
        assert made.passed_path(passed(made.apply(WindowSample("XTerm", "t"))), "/home/x.py") is None


class TestPrivateBrowsing:
    TAB = WindowSample("Chromium", "New Incognito Tab - Chromium", 7, window=1)

    def test_by_title(self) -> None:
        sample = WindowSample("firefox", "T — Mozilla Firefox Private Browsing")
        assert make().apply(sample) is Hidden.PRIVATE_BROWSING

    def test_by_the_source(self) -> None:
        assert make().apply(WindowSample("Kate", "t", private=True)) is Hidden.PRIVATE_BROWSING

    def test_by_name(self) -> None:
        assert make().apply(WindowSample("Tor Browser", "t")) is Hidden.PRIVATE_BROWSING

    def test_by_start(self) -> None:
        started = {7: ["chromium", "--incognito"], 8: ["chromium"]}
        made = make(command_line=lambda pid: started[pid])
        assert made.apply(WindowSample("Chromium", "T - Chromium", 7)) is Hidden.PRIVATE_BROWSING
        passed(made.apply(WindowSample("Chromium", "T - Chromium", 8)))
        passed(made.apply(WindowSample("XTerm", "t", 7)))

    def test_a_window_that_began_private_stays_so(self) -> None:
        made = make()
        page = replace(self.TAB, title="Secret page - Chromium")
        assert made.apply(self.TAB) is Hidden.PRIVATE_BROWSING
        assert made.apply(page) is Hidden.PRIVATE_BROWSING
        made.policy = replace(made.policy, addresses=made.policy.addresses)
        assert made.apply(page) is Hidden.PRIVATE_BROWSING
        assert passed(made.apply(replace(page, window=2))).title is None

    def test_a_window_of_which_nothing_is_known_has_no_title(self) -> None:
        for made in (make(), make({"detail": "projects"})):
            unknown = passed(
                made.apply(WindowSample("Chromium", "T - Chromium", 7, "https://x.org", window=3))
            )
            assert unknown == FilteredSample("Chromium", pid=7, window=3, window_class="Chromium")

    def test_a_source_that_knows_vouches_for_a_window(self) -> None:
        page = WindowSample("Chromium", "T - Chromium", 7, window=3, public=True)
        assert passed(make().apply(page)).title == "T - Chromium"
        assert make().apply(replace(page, title="New Incognito Tab - Chromium")) is Hidden.PRIVATE_BROWSING
        assert make().apply(replace(page, private=True)) is Hidden.PRIVATE_BROWSING

    def test_an_ordinary_new_tab_makes_a_window_known(self) -> None:
        made = make()
        page = replace(self.TAB, title="Page - Chromium")
        made.apply(replace(self.TAB, title="New Tab - Chromium"))
        assert passed(made.apply(page)).title == "Page - Chromium"
        assert made.apply(self.TAB) is Hidden.PRIVATE_BROWSING
        assert made.apply(page) is Hidden.PRIVATE_BROWSING

    def test_windows_without_identity_are_never_known(self) -> None:
        made = make()
        made.apply(WindowSample("Chromium", "New Tab - Chromium"))
        assert passed(made.apply(WindowSample("Chromium", "Page - Chromium"))).title is None

    def test_what_is_remembered_is_bounded(self) -> None:
        made = make()
        for window in range(1, privacy._MOST_REMEMBERED + 50):
            made.apply(replace(self.TAB, window=window))
            made.apply(WindowSample(f"App {window}", "t"))
        assert len(made._windows) == privacy._MOST_REMEMBERED
        assert len(made._applications) <= privacy._MOST_REMEMBERED

    def test_excluded_goes_first(self) -> None:
        given = {"excluded_applications": ["tor*"]}
        assert make(given).apply(WindowSample("Tor Browser", "t")) is Hidden.EXCLUDED_APPLICATION


def test_a_new_policy_is_in_force_at_once() -> None:
    made = make()
    sample = WindowSample("Code", "t")
    passed(made.apply(sample))
    made.policy = make({"excluded_applications": ["code"]}).policy
    assert made.apply(sample) is Hidden.EXCLUDED_APPLICATION


def test_a_window_that_is_looked_at_again_stays_what_it_was_and_another_is_judged_anew() -> None:
    made = make()
    sample, other = WindowSample("Code", "t"), WindowSample("Code", "canary@example.org")
    first = passed(made.apply(sample))
    assert made.apply(sample) is first
    assert passed(made.apply(other)).title == "[e-mail]"
    assert passed(made.apply(sample)) == first


def test_without_tables_it_works() -> None:
    filtered = PrivacyFilter(policy_from(Settings())).apply(WindowSample("Code", "t"))
    assert passed(filtered).application == "Code"


_TEXT = st.text(max_size=40) | st.sampled_from(
    ["canary", "canary@x.org", "https://canary:pw@x.org/?token=canary"]
)


@given(
    _TEXT, _TEXT, st.none() | _TEXT, st.none() | _TEXT,
    st.sampled_from(["applications", "projects", "titles"]), st.sampled_from(["none", "host", "full"]),
    st.sampled_from(["drop", "replace", "hash", "nonsense"]), st.sampled_from(["canary", "(", "", "."]),
)  # fmt: skip
def test_no_text_that_a_rule_is_about_gets_through(
    application: str,
    title: str,
    url: str | None,
    path: str | None,
    detail: str,
    addresses: str,
    action: str,
    pattern: str,
) -> None:
    rules = [{"pattern": pattern, "action": action}]
    made = make({"detail": detail, "addresses": addresses, "title_rules": rules})
    filtered = made.apply(WindowSample(application, title, url=url, path=path))
    if isinstance(filtered, Hidden):
        return
    kept = " ".join(t for t in (filtered.title, filtered.url, filtered.path, filtered.clue) if t)
    assert "canary" not in kept
    assert kept.isprintable()
    assert "canary" not in repr(replace(filtered, application=""))
    if detail == "applications":
        assert (kept, filtered.pid, filtered.record_project) == ("", None, False)
