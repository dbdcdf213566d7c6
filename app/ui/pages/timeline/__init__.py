"""The Timeline page: one day to the second, and every correction of it."""
