"""The way to the service: where it is, whether it may be believed, what it answers, and how long to wait."""
