"""The HTML: well formed, nothing active, nothing loaded, every name escaped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analytics.reports.composition import Wishes, composed
from app.analytics.reports.facts import DayFacts, Share
from app.analytics.reports.html import as_html

MADE = date(2026, 4, 1)
_EMPTY = {"meta", "br"}


class Reader(HTMLParser):
    """Tags that balance, the words outside of style, and all attributes."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.words, self.attributes = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def named(week, name):
    shares = (Share(name, "#4477aa", 9000.0),)
    days = tuple(DayFacts(day.day, day.seconds, shares) for day in week.days)
    return replace(week, days=days, projects=shares, categories=shares, applications=shares)


def test_a_file_of_its_own(week):
    page = as_html(composed(week, Wishes(), made=MADE))
    read = Reader(page)
    assert not {"script", "img", "link", "iframe", "object"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in ("href", "src")]
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    assert read.tags.count("table") == read.tags.count("section") == 4
    assert read.tags.count("svg") == 5
    assert [v for n, v in read.attributes if n == "role"] == ["img"] * 5
    assert "shop" in read.words


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    st.text(min_size=1, max_size=30)
    | st.sampled_from(["<script>x</script>", '"><b onload=x>', "&amp;", "]]>"])
)
def test_any_name_and_title(week, name):
    plain = Reader(as_html(composed(named(week, "x"), Wishes(), made=MADE)))
    wild = Reader(
        as_html(composed(named(week, name), Wishes(title=name, person=name, client=name), made=MADE))
    )
    assert sorted(set(wild.tags)) == sorted(set(plain.tags))


def test_a_script_as_a_name_is_only_words(week):
    page = as_html(composed(named(week, "<script>alert(1)</script>"), Wishes(title="<b>"), made=MADE))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<title>&lt;b&gt;</title>" in page


def test_nothing_was_recorded(week):
    assert "Nothing was recorded" in as_html(composed(replace(week, days=()), Wishes(), made=MADE))
