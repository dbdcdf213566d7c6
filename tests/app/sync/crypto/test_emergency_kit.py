from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from app.sync.crypto.emergency_kit import EmergencyKit, Wording

KIT = EmergencyKit(
    server="https://sync.example.org",
    account="0b6f0b6f-0b6f-4b6f-8b6f-0b6f0b6f0b6f",
    email="ada@example.org",
    secret_key="D1-000G-40R4-0M30-E209-185G-R38E-1WQX",
    words=" ".join(["abandon"] * 23 + ["art"]),
    made_on="2026-11-27",
)


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_it_can_be_said_in_other_words() -> None:
    told = KIT.as_html(Wording(title="Notfallblatt", steps=("<Ruhe>",)))
    assert "<h1>Notfallblatt</h1>" in told
    assert "<li>&lt;Ruhe&gt;</li>" in told


def read(kit: EmergencyKit) -> Page:
    page = Page()
    page.feed(kit.as_html())
    return page


def test_all_that_is_needed_is_on_the_page_and_in_the_text() -> None:
    page = read(KIT)
    for value in (KIT.server, KIT.account, KIT.email, KIT.secret_key, KIT.made_on):
        assert value in page.text
        assert value in KIT.as_text()
    assert page.text.count("abandon") == 23
    assert [word for word in page.text if word.isdigit()] == [
        str(n) for row in range(1, 7) for n in range(row, 25, 6)
    ]
    assert "24 art" in KIT.as_text()


def test_it_loads_nothing_and_leads_nowhere() -> None:
    page = read(KIT)
    assert not {"script", "img", "link", "a", "iframe", "form"} & set(page.tags)
    assert not {"src", "href", "onload"} & set(page.attributes)
    assert not re.search(r"url\(|@import", KIT.as_html())


def test_what_the_service_says_is_no_markup() -> None:
    page = read(replace(KIT, server="https://x/<script>alert(1)</script>"))
    assert "script" not in page.tags
    assert "https://x/<script>alert(1)</script>" in page.text


def test_without_words_or_address_their_lines_are_left_out() -> None:
    kit = replace(KIT, words="", email="")
    assert "Recovery words" not in kit.as_html() + kit.as_text()
    assert "E-mail" not in kit.as_html() + kit.as_text()


def test_no_secret_is_in_a_repr() -> None:
    assert "000G" not in repr(KIT)
    assert "abandon" not in repr(KIT)
