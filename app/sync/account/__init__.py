"""This machine's part in an account: its keys, where they rest, and all that a person does with it."""
