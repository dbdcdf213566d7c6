"""What replicas share: short-lived values, announcements, limits. In this process, or in Redis."""

from cloud.backing.channel import Channel, Subscription
from cloud.backing.counters import Counters, MemoryCounters
from cloud.backing.opening import Backing, open_backing
from cloud.backing.store import Store, StoreAway

__all__ = [
    "Backing",
    "Channel",
    "Counters",
    "MemoryCounters",
    "Store",
    "StoreAway",
    "Subscription",
    "open_backing",
]
