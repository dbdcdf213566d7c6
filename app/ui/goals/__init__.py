"""Goals as widgets: in words, with their progress, and the dialog that makes them. On Today and Projects."""
