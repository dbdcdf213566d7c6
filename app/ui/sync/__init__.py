"""One account for several machines, as the windows show it: signing in, pairing, conflicts, what is
waiting."""
