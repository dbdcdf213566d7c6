"""Focus: the session that runs, what interrupts, history, streaks and what counts."""
