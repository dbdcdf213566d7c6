"""The pieces all pages are put together from."""
