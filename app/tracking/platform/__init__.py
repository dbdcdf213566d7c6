"""The operating systems' own ways of telling windows, input, sleep and processes."""
