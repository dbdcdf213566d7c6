"""The Privacy page: what was recorded, how to stop it, how to take it away."""
