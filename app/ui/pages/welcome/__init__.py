"""Welcome: two minutes at the first start, every step of which can be skipped."""
