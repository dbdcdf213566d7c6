"""What the agent is just recording is corrected under its hands: nothing is lost, doubled or taken back."""

from __future__ import annotations

import pytest

from app.changes.editing import Editing
from app.models.keys import load_key
from tests.desktop.agent import Agent
from tests.desktop.windows import Window
from tests.end2end import stored

pytestmark = pytest.mark.display


def test_the_open_span_is_split_shortened_moved_and_deleted(agent: Agent, first: Window) -> None:
    database = agent.paths.database
    editing = Editing.open(agent.paths, load_key(agent.paths).cipher())
    try:
        agent.go_to(first, "alpha")
        agent.stay(3)
        agent.request("flush")
        open_span = stored.spans(database)[-1]
        middle = (open_span.start_ms + open_span.end_ms) // 2
        project, _ = editing.projects.create("by hand")
        # Moved to another project, it goes on growing there.
        editing.spans.reassign([open_span.id], project_id=project)
        agent.stay(2)
        agent.request("flush")
        grown = stored.spans(database)[-1]
        assert (grown.id, grown.project) == (open_span.id, "by hand")
        assert grown.end_ms > open_span.end_ms
        # Split, both parts stay, and what follows is a span of its own.
        split = editing.spans.split(open_span.id, middle)
        agent.stay(2)
        agent.request("flush")
        parts = stored.spans(database)[-3:]
        assert [part.id for part in parts[:2]] == [open_span.id, *split.made]
        assert parts[0].end_ms == parts[1].start_ms == middle
        assert 0 <= parts[2].start_ms - parts[1].end_ms < 1000
        assert parts[2].seconds > 1
        # Deleted, the agent begins anew, and undone it is there again beside what was recorded since.
        editing.spans.delete([parts[2].id])
        agent.stay(2)
        agent.request("flush")
        assert parts[2].id not in {span.id for span in stored.spans(database)}
        editing.undo()
        found = stored.spans(database)
        assert parts[2].id in {span.id for span in found}
        assert stored.overlaps(found) == []
        stored.check_sound(database)
    finally:
        editing.close()
    agent.quit()
    assert stored.overlaps(stored.spans(database)) == []
    stored.check_sound(database)
