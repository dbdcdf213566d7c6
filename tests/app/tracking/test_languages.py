"""Languages by file name."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.tracking.project_fakes import TABLES

LANGUAGES = TABLES.languages


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("main.py", "Python"),
        ("/home/u/alpha/src/lib.rs", "Rust"),
        ("C:\\src\\Main.CS", "C#"),
        ("Makefile", "Makefile"),
        ("Makefile.am", "Makefile"),
        ("Dockerfile.dev", "Dockerfile"),
        ("CMakeLists.txt", "CMake"),
        ("page.blade.php", "Blade"),
        ("app.module.ts", "TypeScript"),
        (".bashrc", "Shell"),
        ("README.md", "Markdown"),
        ("component.tsx", "TSX"),
        ("notebook.ipynb", "Jupyter Notebook"),
        ("no-extension", None),
        ("strange.zzz", None),
        ("", None),
        ("/", None),
        (".py", None),
        ("x" * 300 + ".py", None),
    ],
)
def test_languages(name, language):
    assert LANGUAGES.of(name) == language


def test_the_table_is_large_and_in_small_letters():
    path = Path(__file__).resolve().parents[3] / "resources" / "languages.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert len(content["extensions"]) >= 120
    assert all(key == key.lower() for table in ("extensions", "file_names") for key in content[table])
    languages = {*content["extensions"].values(), *content["file_names"].values()}
    assert set(content["prose"]) <= languages


@given(st.text(max_size=300))
def test_no_name_raises(name):
    LANGUAGES.of(name)
