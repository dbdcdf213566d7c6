"""The folders that editors note, whatever their notes look like."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.tracking.recent import RecentFolders
from tests.app.tracking.project_fakes import TABLES


def editor(name):
    found = TABLES.editors.get(name)
    assert found is not None
    return found


def note_vscode(config, content) -> None:
    notes = config / "Code" / "User" / "globalStorage" / "storage.json"
    notes.parent.mkdir(parents=True, exist_ok=True)
    notes.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


def test_vscode_open_windows_before_older_ones(tmp_path):
    note_vscode(
        tmp_path,
        {
            "profileAssociations": {"workspaces": {"file:///home/u/old": "__default__"}},
            "backupWorkspaces": {"folders": [{"folderUri": "file:///home/u/open"}]},
            "windowsState": {
                "lastActiveWindow": {"folder": "file:///home/u/with%20space"},
                "openedWindows": [
                    {"workspaceIdentifier": {"configURIPath": "file:///home/u/many/x.code-workspace"}},
                    {"folder": "vscode-remote://ssh-remote%2Bhost/home/u/far"},
                ],
            },
            "other": "file:///not/this",
        },
    )
    assert list(RecentFolders("/home/u", config=str(tmp_path)).of(editor("code"))) == [
        "/home/u/with space", "/home/u/many", "/home/u/open", "/home/u/old",
    ]  # fmt: skip


def test_notes_are_read_again_when_they_change(tmp_path):
    recent = RecentFolders("/home/u", config=str(tmp_path))
    assert list(recent.of(editor("code"))) == []
    for name, notes in (("one", "n"), ("two", "nn")):
        note_vscode(tmp_path, {"windowsState": {"folder": f"file:///{name}"}})
        os.utime(tmp_path / "Code/User/globalStorage/storage.json", ns=(1, len(notes)))
        assert list(recent.of(editor("code"))) == [f"/{name}"]


JETBRAINS = """\
<application><component name="RecentProjectsManager"><option name="additionalInfo"><map>
<entry key="$USER_HOME$/src/closed"><value><RecentProjectMetaInfo frameTitle="x"></value></entry>
<entry key="$USER_HOME$/src/alpha">
  <value>
    <RecentProjectMetaInfo frameTitle="alpha" opened="true" projectWorkspaceId="1">
  </value></entry>
<entry key="/srv/beta"><value><RecentProjectMetaInfo></value></entry>
</map></option></component></application>
"""


def test_jetbrains_newest_version_and_open_projects_first(tmp_path):
    versions = {
        "PyCharm2023.1": '<entry key="/old"><value><RecentProjectMetaInfo></value></entry>',
        "PyCharm2024.2": JETBRAINS,
        "PyCharmCE": "",
        "CLion2024.2": "",
    }
    for version, text in versions.items():
        options = tmp_path / "JetBrains" / version / "options"
        options.mkdir(parents=True)
        (options / "recentProjects.xml").write_text(text)
    assert list(RecentFolders("/home/u", config=str(tmp_path)).of(editor("jetbrains-pycharm"))) == [
        "/home/u/src/alpha", "/home/u/src/closed", "/srv/beta", "/old",
    ]  # fmt: skip


def test_editors_without_notes(tmp_path):
    assert list(RecentFolders("/home/u", config=str(tmp_path)).of(editor("gvim"))) == []
    assert list(RecentFolders("/home/u", config=str(tmp_path)).of(editor("jetbrains-studio"))) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"windowsState": 5}',
        b"\xff\xfe",
        b'{"windowsState":' * 5000,
    ],
)  # fmt: skip
def test_broken_notes_are_no_notes(tmp_path, content):
    note_vscode(tmp_path, content)
    assert list(RecentFolders("/home/u", config=str(tmp_path)).of(editor("code"))) == []


_json = st.recursive(
    st.none() | st.integers() | st.text(max_size=20) | st.just("file:///x"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=_json)
def test_no_notes_raise(tmp_path, state):
    note_vscode(tmp_path, {"windowsState": state})
    list(RecentFolders("/home/u", config=str(tmp_path)).of(editor("code")))
