"""Rules: categories as a tree, the ordered rules that lead to them, and activities to make rules of."""
