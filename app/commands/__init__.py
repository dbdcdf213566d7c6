"""One module per group of commands; each imports its own work late."""
