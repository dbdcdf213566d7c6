"""The real service, over both stacks, for what the application does with it."""

from __future__ import annotations

from tests.cloud.conftest import servers, stack

__all__ = ["servers", "stack"]
