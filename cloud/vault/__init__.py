"""The vault: sealed envelopes that the service keeps in order, and cannot read."""
