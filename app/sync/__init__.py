"""Keeping several machines in step through a service that can read nothing."""
