"""What nobody can use any more goes: sessions long over, spent tokens, invitations past their day."""

from __future__ import annotations

from cloud.accounts.sessions import DAY_MS
from cloud.db import Database

# An ended session stays for a month, so that a copied refresh token is still known as one.
_KEPT_MS = 30 * DAY_MS


async def sweep(database: Database, now: int) -> int:
    """Delete them; how many rows went, those that hang on them not counted."""
    async with database.transaction() as connection:
        over = "DELETE FROM sessions WHERE expires < $1 OR revoked < $1"
        gone = await connection.execute(over, now - _KEPT_MS)
        # Within a session that goes on, tokens spent before its month cannot be told from made-up ones then.
        gone += await connection.execute("DELETE FROM refresh_tokens WHERE used < $1", now - 3 * _KEPT_MS)
        gone += await connection.execute("DELETE FROM invitations WHERE expires < $1", now)
    return gone
