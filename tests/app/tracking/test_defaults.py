"""The default categories and rules lead well-known applications and sites where a developer expects them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from app.models.values import Activity
from app.paths import resources
from app.tracking.applications import ApplicationNames
from app.tracking.browsing import Browsers
from app.tracking.classifier import Classifier

NOON = datetime(2026, 6, 1, 12)  # noqa: DTZ001 - on the wall


def content(name: str) -> list[dict[str, Any]]:
    return json.loads((resources() / name).read_text(encoding="utf-8"))


CATEGORIES, RULES = content("categories.json"), content("rules.json")
NAMES = {category["uuid"]: category["name"] for category in CATEGORIES}
APPLICATIONS, BROWSERS = ApplicationNames.load(resources()), Browsers.load(resources())


@dataclass(frozen=True)
class Rule:
    position: int
    category_id: int
    conditions: Sequence[dict[str, Any]]
    enabled: bool = True


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    order = list(NAMES)
    rules = [Rule(n, order.index(rule["category"]), rule["conditions"]) for n, rule in enumerate(RULES)]
    return Classifier(rules, set(range(len(order))))


def category(
    classifier: Classifier, application: str, title: str | None = None, url: str | None = None
) -> str | None:
    shown = APPLICATIONS.display(application)
    found = classifier.category_of(Activity(shown, title, url), None, NOON)
    return None if found is None else list(NAMES.values())[found]


# Window classes and process names, as systems tell them.
EXPECTED = {
    "Coding": """
        code | code - insiders | vscodium | cursor | windsurf | positron | trae | theia | lapce | pulsar
        | zed | jetbrains-idea | jetbrains-pycharm | jetbrains-webstorm | jetbrains-clion |
        jetbrains-goland | jetbrains-phpstorm | jetbrains-rubymine | jetbrains-rider |
        jetbrains-rustrover | jetbrains-dataspell | jetbrains-studio | fleet | sublime_text | qtcreator
        | eclipse | netbeans | kdevelop | codeblocks | codelite | gnome-builder | xcode | devenv |
        rstudio | godot | unity | ue4editor | nova | bbedit | textmate | lazarus | lite-xl | gvim |
        neovide | gedit | gnome-text-editor | pluma | xed | kate | kwrite | mousepad | geany | notepad++
        | featherpad | leafpad | emacs | bluefish | spyder | thonny | idle | jupyterlab | arduino |
        matlab | octave-gui | stm32cubeide | helix-gui
    """,
    "Terminal": """
        xterm | urxvt | st | alacritty | kitty | konsole | yakuake | gnome-terminal | kgx | ptyxis |
        xfce4-terminal | mate-terminal | lxterminal | qterminal | terminator | tilix | guake | tilda |
        terminology | foot | wezterm | ghostty | hyper | tabby | cool-retro-term | deepin-terminal |
        io.elementary.terminal | sakura | termite | contour | rio | warp | blackbox | terminal | iterm2
        | windowsterminal | mintty | conemu | powershell | cmd | putty | waveterm
    """,
    "Code review": """
        meld | kdiff3 | kompare | bcompare | p4merge | diffuse
    """,
    "Version control": """
        gitk | git-gui | git-cola | gitg | qgit | gitkraken | github desktop | sourcetree | fork | tower
        | sublime_merge | smartgit | gittyup | gitnuro | tortoisegitproc
    """,
    "Testing and debugging": """
        postman | insomnia | bruno | hoppscotch | httpie | wireshark | charles | burp-startburp | zap |
        gdbgui | nemiver | ddd | kcachegrind | hotspot | ghidra | sysprof | instruments | simulator |
        emulator | visualvm | d-feet | d-spy | cypress | soapui | qrenderdoc
    """,
    "Databases": """
        dbeaver | jetbrains-datagrip | pgadmin4 | sqlitebrowser | mysql-workbench | tableplus |
        beekeeper-studio | mongodb compass | robo3t | redisinsight | heidisql | azuredatastudio | ssms |
        sqlitestudio | sequel ace
    """,
    "DevOps": """
        docker desktop | podman desktop | rancher-desktop | lens | headlamp | virtualbox | virt-manager
        | gnome-boxes | vmware | utm | qemu | remmina | filezilla | winscp | termius | royal tsx
    """,
    "Documentation": """
        zeal | dash | devhelp | evince | papers | okular | atril | xreader | zathura | qpdfview |
        acrobat | preview | yelp | assistant | mupdf | xpdf
    """,
    "AI assistants": """
        chatgpt | claude | lm studio | ollama | jan | gpt4all | perplexity | msty
    """,
    "Chat": """
        slack | discord | signal | telegram | element | whatsapp | teams | skype | mattermost | zulip |
        rocket.chat | wire | hexchat | pidgin | polari | konversation | fractal | neochat | messages |
        ferdium | gajim | dino
    """,
    "Mail": """
        thunderbird | betterbird | evolution | geary | kmail | claws-mail | mailspring | outlook | mail
        | spark | mutt | proton-mail | sylpheed
    """,
    "Meetings": """
        zoom | webex | jitsi meet | google meet | facetime | gotomeeting | teamviewer | anydesk | mumble
        | bigbluebutton
    """,
    "Design": """
        figma | penpot | gimp | inkscape | krita | blender | sketch | photoshop | illustrator | xd |
        affinity designer | draw.io | dia | freecad | kicad | darktable | kdenlive | obs | audacity |
        scribus | openscad
    """,
    "Planning": """
        linear | todoist | trello | asana | clickup | ticktick | things | omnifocus |
        io.github.alainm23.planify | gnome-calendar | calendar | korganizer | miro | reminders |
        org.gnome.todo | microsoft to do
    """,
    "Writing": """
        libreoffice | libreoffice-writer | libreoffice-calc | libreoffice-impress | libreoffice-draw |
        onlyoffice | winword | excel | powerpnt | pages | numbers | keynote | obsidian | notion | logseq
        | joplin | zettlr | typora | marktext | ghostwriter | apostrophe | texstudio | texmaker | lyx |
        notes | evernote | anytype | standard notes | zotero | xournalpp | simplenote | zim | notepad |
        textedit | gnote
    """,
    "Learning": """
        anki | calibre | foliate | kindle | books | duolingo
    """,
    "System": """
        nautilus | dolphin | thunar | nemo | caja | pcmanfm | finder | explorer | gnome-control-center |
        system settings | gnome-system-monitor | plasma-systemmonitor | xfce4-taskmanager | activity
        monitor | gnome-software | synaptic | gparted | gnome-disks | pavucontrol | devpulse |
        gnome-calculator | gnome-screenshot | file-roller | eog | app store | syncthing-gtk
    """,
    "Video": """
        vlc | mpv | totem | kodi | plex | jellyfinmediaplayer | freetube | iina | quicktime player |
        smplayer | dragon | stremio | netflix
    """,
    "Social": """
        tuba | tokodon | twitter
    """,
    "News": """
        newsflash | liferea | akregator | netnewswire | rssguard
    """,
    "Games": """
        steam | lutris | heroic | epicgameslauncher | minecraft | bottles | retroarch | supertuxkart |
        pyrogenesis | battle.net | gnome-chess
    """,
    "Music": """
        spotify | rhythmbox | clementine | strawberry | lollypop | audacious | elisa | io.bassi.amberol
        | deadbeef | music | tidal-hifi | youtube music | quodlibet | foobar2000
    """,
    "Browsing": """
        firefox | firefox-esr | Navigator | Google-chrome | google-chrome-stable | Chromium |
        Chromium-browser |
        Brave-browser | Microsoft-edge | Vivaldi-stable | Opera | librewolf | Waterfox | zen-alpha |
        org.gnome.Epiphany | falkon | konqueror | qutebrowser | Safari
    """,
}  # fmt: skip

TABLE = [(" ".join(name.split()), where) for where, names in EXPECTED.items() for name in names.split("|")]


def test_the_table_is_long_enough() -> None:
    assert len({name.casefold() for name, _ in TABLE}) >= 300


@pytest.mark.parametrize(("application", "where"), TABLE)
def test_applications(classifier: Classifier, application: str, where: str) -> None:
    assert category(classifier, application) == where
    assert category(classifier, application.upper()) == where
    raw = classifier.category_of(Activity(application), None, NOON)
    assert raw is not None
    assert list(NAMES.values())[raw] == where


@pytest.mark.parametrize(
    ("application", "where"),
    [
        ("Code.exe", "Coding"), ("msedge.exe", "Browsing"), ("org.kde.kate", "Coding"),
        ("jetbrains-something-new", "Coding"),
        ("Gnome-terminal", "Terminal"), ("libreoffice-math", "Writing"), ("steam_app_440", "Games"),
        ("Frobnicator", None), ("", None),
    ],
)  # fmt: skip
def test_spellings(classifier: Classifier, application: str, where: str | None) -> None:
    assert category(classifier, application) == where


SITES = [
    ("github.com", "Version control"), ("gist.github.com", "Version control"),
    ("gitlab.com", "Version control"),
    ("codeberg.org", "Version control"), ("stackoverflow.com", "Questions and answers"),
    ("unix.stackexchange.com", "Questions and answers"), ("chatgpt.com", "AI assistants"),
    ("claude.ai", "AI assistants"), ("acme.atlassian.net", "Planning"), ("linear.app", "Planning"),
    ("calendar.google.com", "Planning"), ("console.aws.amazon.com", "DevOps"),
    ("docs.aws.amazon.com", "Documentation"),
    ("hub.docker.com", "DevOps"), ("localhost:3000", "Testing and debugging"), ("vscode.dev", "Coding"),
    ("docs.python.org", "Documentation"), ("developer.mozilla.org", "Documentation"),
    ("requests.readthedocs.io", "Documentation"), ("en.wikipedia.org", "Documentation"),
    ("pypi.org", "Documentation"),
    ("meet.google.com", "Meetings"), ("app.slack.com", "Chat"), ("mail.google.com", "Mail"),
    ("www.figma.com", "Design"), ("docs.google.com", "Writing"), ("www.udemy.com", "Learning"),
    ("www.youtube.com", "Video"), ("music.youtube.com", "Music"), ("www.reddit.com", "Social"),
    ("news.ycombinator.com", "Social"), ("x.com", "Social"), ("www.heise.de", "News"),
    ("lichess.org", "Games"),
    ("www.amazon.de", "Personal"), ("supabase.com", "Databases"), ("example.org", "Browsing"),
    ("notgithub.com", "Browsing"),
]  # fmt: skip


@pytest.mark.parametrize(("site", "where"), SITES)
def test_sites_by_address(classifier: Classifier, site: str, where: str) -> None:
    assert category(classifier, "firefox", "A page", site) == where
    assert category(classifier, "firefox", None, f"https://{site}/a/b?c") == where


TITLES = [
    ("Pull request #3 · ada/work · GitHub", "Code review"),
    ("Fix the parser by ada · Pull Request #12 · ada/work · GitHub", "Code review"),
    ("Pull requests · ada/work", "Code review"),
    ("Fix (!12) · Merge requests · group / project · GitLab", "Code review"),
    ("ada/work: tools · GitHub", "Version control"),
    ("Issues · ada/work · GitHub", "Version control"),
    ("GitHub", "Version control"),
    ("python - How to merge dicts - Stack Overflow", "Questions and answers"),
    ("ChatGPT", "AI assistants"),
    ("Parser design - Claude", "AI assistants"),
    ("[WORK-12] Fix the parser - Jira", "Planning"),
    ("Google Calendar - Week of June 1", "Planning"),
    ("json — JSON encoder and decoder — Python 3.14.0 documentation", "Documentation"),
    ("Array - JavaScript | MDN", "Documentation"),
    ("Hash table - Wikipedia", "Documentation"),
    ("serde - crates.io: Rust Package Registry", "Documentation"),
    ("localhost:8080", "Testing and debugging"),
    ("Compiler Explorer", "Testing and debugging"),
    ("Meet - abc-defg-hij", "Meetings"),
    ("Inbox - ada - Gmail", "Mail"),
    ("general | Work | Slack", "Chat"),
    ("Landing page – Figma", "Design"),
    ("Plan - Google Docs", "Writing"),
    ("Rick Astley - Never Gonna Give You Up - YouTube", "Video"),
    ("YouTube", "Video"),
    ("Chill - YouTube Music", "Music"),
    ("What is a monad? : r/programming", "Social"),
    ('Ada on X: "hello" / X', "Social"),
    ("Show HN: a parser | Hacker News", "Social"),
    ("Ubuntu released | heise online", "News"),
    ("Dashboards - Grafana", "DevOps"),
    ("Two Sum - LeetCode", "Learning"),
    ("Something else entirely", "Browsing"),
    ("I like YouTube videos about rust", "Browsing"),
    ("New Tab", "Browsing"),
]


@pytest.mark.parametrize(("title", "where"), TITLES)
def test_sites_by_title(classifier: Classifier, title: str, where: str) -> None:
    assert category(classifier, "firefox", f"{title} — Mozilla Firefox") == where
    assert category(classifier, "Google-chrome", f"{title} - Google Chrome") == where
    assert category(classifier, "Chromium", f"{title} - Chromium") == where


def test_a_site_in_an_editors_title_is_still_coding(classifier: Classifier) -> None:
    assert category(classifier, "Code", "youtube.py - YouTube - VS Code") == "Coding"


def test_every_rule_can_be_used(classifier: Classifier) -> None:
    assert classifier.problems == ()


def test_categories_are_a_tree_told_apart_by_colour() -> None:
    seen: set[str] = set()
    for entry in CATEGORIES:
        assert set(entry) == {"uuid", "name", "parent", "color", "productivity"}
        assert entry["parent"] is None or entry["parent"] in seen  # parents come first
        assert re.fullmatch(r"#[0-9A-F]{6}", entry["color"])
        assert entry["productivity"] in (-1, 0, 1)
        seen.add(str(UUID(entry["uuid"])))
    for field in ("uuid", "name", "color"):
        assert len({entry[field] for entry in CATEGORIES}) == len(CATEGORIES)
    assert len({rule["uuid"] for rule in RULES}) == len(RULES)


def test_every_category_without_others_below_has_a_rule() -> None:
    above = {entry["parent"] for entry in CATEGORIES}
    used = {rule["category"] for rule in RULES}
    assert used <= set(NAMES)
    assert {entry["uuid"] for entry in CATEGORIES} - above <= used


def test_rules_know_every_browser() -> None:
    rule = next(rule for rule in RULES if NAMES[rule["category"]] == "Browsing")
    assert set(rule["conditions"][0]["value"]) == set(BROWSERS.applications)
    assert set(BROWSERS.applications) >= BROWSERS.unmarked
