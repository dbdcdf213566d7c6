"""Sync: the account, its machines, what is waiting, conflicts."""
