"""Giving recorded activity a category: by dragging it, once or always, and rules in words."""
