"""DevPulse's optional cloud service."""
