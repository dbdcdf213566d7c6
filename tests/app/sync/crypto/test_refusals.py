from __future__ import annotations

import inspect

from app.errors import DevPulseError
from app.sync.crypto import refusals


def test_every_refusal_tells_a_person_what_it_means() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(refusals, inspect.isclass)
        if issubclass(kind, refusals.Refused) and kind is not refusals.Refused
    ]
    assert len(kinds) > 8
    for kind in kinds:
        wanted = [name for name in inspect.signature(kind.__init__).parameters if name != "self"]
        values = {"epoch": 3, "what": "another object", "reason": "It is so."}
        if kind is refusals.Mistyped:
            continue
        error = kind(*(values[name] for name in wanted if name in values))
        assert isinstance(error, DevPulseError)
        assert error.title.endswith(".")
        assert "othing" in error.detail
