"""Everything out and in again: DevPulse's own export, tables, and what other trackers recorded."""
