"""From an operating system's event to a recorded span."""
