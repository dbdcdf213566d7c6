"""Accounts: signing up and in, devices, keys, sessions, and the end of an account."""
