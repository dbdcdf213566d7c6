"""How the service fares: health, readiness, metrics, and the log line of each request."""
