"""From folders to projects: repositories, marked folders, and those that a person added."""

import os

import pytest

from app.tracking.places import Places
from tests.app.tracking.project_fakes import TABLES


def places(home, roots=None, remote=lambda _: False) -> Places:
    known = roots or {}
    return Places(home=str(home), markers=TABLES.markers, known_roots=lambda: known, remote=remote)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_a_repository(git, home):
    root = git.repository(home / "src" / "alpha", remote="git@example.org:o/alpha.git")
    place = places(home).at(str(root / "main.py"))
    assert place is not None
    assert (place.name, place.root, place.branch, place.remote) == (
        "alpha", str(root), "main", "example.org/o/alpha",
    )  # fmt: skip


def test_a_home_under_git_is_no_project_unless_the_person_says_so(git, home):
    git(home, "init", "-q", "-b", "main")
    (home / "notes").mkdir()
    assert places(home).at(str(home / "notes")) is None
    place = places(home, {"dotfiles": [str(home)]}).at(str(home / "notes"))
    assert place is not None
    assert place.root == str(home)


@pytest.mark.parametrize(
    "marker", ["pyproject.toml", "package.json", "Cargo.toml", "go.mod", "alpha.sln", ".hg"]
)
def test_a_marked_folder(home, marker):
    (home / "alpha" / "src" / "deep").mkdir(parents=True)
    (home / "alpha" / marker).touch()
    place = places(home).at(str(home / "alpha" / "src" / "deep"))
    assert place is not None
    assert (place.name, place.root, place.branch) == ("alpha", str(home / "alpha"), None)


def test_a_marker_in_the_home_marks_nothing(home):
    (home / "package.json").touch()
    (home / "alpha").mkdir()
    assert places(home).at(str(home)) is None
    assert places(home).at(str(home / "alpha")) is None


def test_the_folder_above_all_parts_is_the_project(home):
    for part in ("", "packages/one", "packages/two"):
        (home / "alpha" / part).mkdir(parents=True, exist_ok=True)
        (home / "alpha" / part / "package.json").touch()
    place = places(home).at(str(home / "alpha" / "packages" / "two"))
    assert place is not None
    assert place.name == "alpha"


def test_other_markers_above_are_another_project(home):
    (home / "work" / "alpha").mkdir(parents=True)
    (home / "work" / "package.json").touch()
    (home / "work" / "alpha" / "Cargo.toml").touch()
    place = places(home).at(str(home / "work" / "alpha"))
    assert place is not None
    assert place.name == "alpha"


@pytest.mark.parametrize("inner", ["node_modules/left", "venv/lib", ".cache/x", "go/pkg/mod/m"])
def test_other_peoples_code_is_no_project(home, inner):
    (home / inner).mkdir(parents=True)
    (home / inner / "package.json").touch()
    assert places(home).at(str(home / inner)) is None


def test_a_mark_made_by_hand_names_a_part_of_a_repository(git, home):
    root = git.repository(home / "mono", remote="https://example.org/o/mono")
    (root / "services" / "api" / "src").mkdir(parents=True)
    (root / "services" / "api" / ".devpulse-project").write_text("Billing API\nmore\n")
    place = places(home).at(str(root / "services" / "api" / "src"))
    assert place is not None
    assert (place.name, place.root) == ("Billing API", str(root / "services" / "api"))
    # The branch is the repository's; the remote is not: it would make the part the whole.
    assert (place.branch, place.remote) == ("main", None)
    whole = places(home).at(str(root / "services"))
    assert whole is not None
    assert whole.name == "mono"


def test_a_part_of_a_repository_that_the_person_added(git, home):
    root = git.repository(home / "mono")
    (root / "web" / "src").mkdir(parents=True)
    known = {"web": [str(root / "web")], "mono": [str(root)]}
    place = places(home, known).at(str(root / "web" / "src"))
    assert place is not None
    assert (place.name, place.root, place.branch) == ("web", str(root / "web"), "main")
    inside = places(home, known).at(str(root))
    assert inside is not None
    assert inside.root == str(root)


def test_a_worktree_inside_its_repository_is_that_project(git, home):
    root = git.repository(home / "alpha")
    git(root, "worktree", "add", "-q", "-b", "side", ".trees/side")
    place = places(home, {"alpha": [str(root)]}).at(str(root / ".trees" / "side"))
    assert place is not None
    assert (place.root, place.branch) == (str(root), "side")


def test_a_folder_added_by_hand(home):
    (home / "novel" / "chapters").mkdir(parents=True)
    assert places(home).at(str(home / "novel" / "chapters")) is None
    place = places(home, {"Novel": [str(home / "novel")]}).at(str(home / "novel" / "chapters"))
    assert place is not None
    assert place.root == str(home / "novel")


def test_a_marked_part_of_a_folder_added_by_hand_belongs_to_it(home):
    (home / "client" / "app").mkdir(parents=True)
    (home / "client" / "app" / "package.json").touch()
    place = places(home, {"client": [str(home / "client")]}).at(str(home / "client" / "app"))
    assert place is not None
    assert place.root == str(home / "client")


def test_through_a_link(git, home, tmp_path):
    root = git.repository(tmp_path / "disk" / "alpha")
    (home / "alpha").symlink_to(root)
    place = places(home).at(str(home / "alpha" / "main.py"))
    assert place is not None
    assert place.root == str(root)


def test_a_remote_disk_is_never_touched_and_known_folders_on_it_are_still_known(home):
    remote = "/net/server"
    found = places(home, {"far": [f"{remote}/far"]}, remote=lambda path: path == remote)
    place = found.at(f"{remote}/far/src/x.py")
    assert place is not None
    assert (place.name, place.root, place.branch) == ("far", f"{remote}/far", None)
    assert found.at(f"{remote}/other") is None
    assert not found.exists(f"{remote}/far")


def test_names_lead_to_folders_that_exist(home):
    (home / "api").mkdir()
    found = places(home, {"Billing": [str(home / "api"), "/gone/api"]})
    assert found.named("billing") == [str(home / "api")]
    assert found.named("API") == [str(home / "api")]
    assert found.named("other") == []


def test_changed_roots_are_seen(home):
    (home / "one").mkdir()
    known: list[dict[str, list[str]]] = [{}]
    found = Places(
        home=str(home), markers=TABLES.markers, known_roots=lambda: known[0], remote=lambda _: False
    )
    assert found.at(str(home / "one")) is None
    known[0] = {"one": [str(home / "one")]}
    assert found.at(str(home / "one")) is not None


def test_a_new_marker_is_seen_at_once(home):
    (home / "alpha").mkdir()
    found = places(home)
    assert found.at(str(home / "alpha")) is None
    (home / "alpha" / "go.mod").touch()
    os.utime(home / "alpha", ns=(1, 1))
    assert found.at(str(home / "alpha")) is not None


@pytest.mark.parametrize(
    "path", ["", "relative/x", "/", "/tmp", "/usr/share/doc", "/a\0b", "/proc/self", "/nowhere/at/all"]
)
def test_nothing_there(home, path):
    assert places(home).at(path) is None


def test_a_mark_made_by_hand_outside_of_git(home):
    (home / "notes" / "deep").mkdir(parents=True)
    (home / "notes" / ".devpulse-project").write_bytes(b"\x00\x01 not a name\n")
    place = places(home).at(str(home / "notes" / "deep"))
    assert place is not None
    assert place.name == "notes"


def test_a_marked_folder_that_cannot_be_listed(home, monkeypatch):
    (home / "alpha").mkdir()
    (home / "alpha" / "go.mod").touch()

    def refuse(path):
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "scandir", refuse)
    assert places(home).at(str(home / "alpha")) is None
