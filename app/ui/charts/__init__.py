"""The charts: each takes plain numbers and colours, and knows nothing of where they come from."""
