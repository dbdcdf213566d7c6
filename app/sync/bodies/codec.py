"""Which body lies in which kind of envelope, and back."""

from __future__ import annotations

from app.sync.bodies.activity import decode_activity, encode_activity, slot_digest
from app.sync.bodies.record import decode_record, encode_record
from app.sync.bodies.values import CONFLICT, SETTING, Activity, Record
from app.sync.crypto.envelopes import COMPRESSIBLE, Opened
from app.sync.crypto.object_ids import ObjectIds
from app.sync.crypto.refusals import Unexpected
from app.sync.wire.envelope import Kind

_KINDS = {SETTING: Kind.SETTING, CONFLICT: Kind.CONFLICT}
_RECORDS = frozenset({Kind.RECORD, Kind.SETTING, Kind.CONFLICT})


def encode(body: Record | Activity) -> bytes:
    """The body to seal."""
    return encode_record(body) if isinstance(body, Record) else encode_activity(body)


def kind_of(record: Record) -> Kind:
    """The kind of envelope that a record goes into."""
    return _KINDS.get(record.type, Kind.RECORD)


def decode(opened: Opened, ids: ObjectIds) -> Record | Activity | None:
    """What an envelope held; None for kinds that are neither record nor activity.

    A record must lie under the id of its own type and uuid. Raises `BadBody`, `Unexpected`.
    """
    kind = opened.header.kind
    if kind in COMPRESSIBLE:
        return decode_activity(opened.body)
    if kind not in _RECORDS:
        return None
    record = decode_record(opened.body)
    if kind is not kind_of(record) or opened.header.object != ids.record(record.type, record.uuid):
        raise Unexpected("a record under the name of another")
    return record


__all__ = ["decode", "decode_activity", "decode_record", "encode", "kind_of", "slot_digest"]
