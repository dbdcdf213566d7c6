"""How two states of one thing become one: pure, and the same on every machine."""
