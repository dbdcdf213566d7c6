"""Keys and seals: pure functions; randomness and the clock are passed in (docs/protocol.md)."""
