"""Looks for words that must be nowhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path


def files_with(home: Path, word: str) -> list[str]:
    """The files below `home` that hold `word`, in UTF-8 or UTF-16, in any case."""
    forms = {
        form.encode(code) for form in (word, word.lower()) for code in ("utf-8", "utf-16-le", "utf-16-be")
    }
    found: Counter[str] = Counter()
    for file in home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found[str(file.relative_to(home))] += sum(
                form in content or form in content.lower() for form in forms
            )
    return sorted(name for name, hits in found.items() if hits)
