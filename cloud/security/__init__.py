"""Who asks, what they may, how often; and what the service itself keeps secret."""
