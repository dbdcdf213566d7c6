"""A page that came: records are merged first, then activity is stored, then what was said of it is done."""

from __future__ import annotations

from collections.abc import Sequence

from app.sync.bodies.values import Activity
from app.sync.merge.corrections import CORRECTION, ERASURE
from app.sync.state.incoming_activity import IncomingActivity, hour_of
from app.sync.state.objects import RECORDS
from app.sync.state.records import Records, in_order
from app.sync.state.session_overlaps import SessionOverlaps
from app.sync.state.values import Applied, Incoming


def apply_page(page: Sequence[Incoming], records: Records, activity: IncomingActivity) -> Applied:
    """Store a page, within a transaction of the caller in which nothing is noted."""
    records.learn_gone()
    for incoming in page:
        if incoming.body is None and incoming.kind in RECORDS:
            records.objects.note_unread(incoming.kind, incoming.object, incoming.version, incoming.hash)
    for incoming, record in in_order(list(page)):
        records.take(incoming, record)
    records.settle()
    overlaps = SessionOverlaps(records, records.device, records.now_ms)
    overlaps.find()
    overlaps.show_and_hide()
    activity.learn_erasures()
    for incoming in page:
        if isinstance(incoming.body, Activity):
            activity.take(incoming, incoming.body)
    for record in sorted(records.changed, key=hour_of):
        if record.type == CORRECTION:
            activity.correct(record)
        elif record.type == ERASURE:
            activity.obey(record)
    return Applied(len(records.changed), activity.spans, records.asks, activity.erased, dict(records.ahead))
