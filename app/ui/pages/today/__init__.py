"""Today: what is tracked right now, and what the day has come to so far."""
