"""Bringing history from another tracker, by the mouse."""
