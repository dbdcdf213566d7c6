"""The Trends page: how time goes by over weeks, months and years."""
