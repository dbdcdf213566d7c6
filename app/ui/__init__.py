"""Everything that draws: the tray, and the windows."""
