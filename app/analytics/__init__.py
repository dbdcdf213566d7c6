"""Questions about recorded time, their answers, and the files made of them."""
