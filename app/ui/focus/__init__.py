"""Focus sessions as widgets show and lead them: on Today and on the page Focus."""
