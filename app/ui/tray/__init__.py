"""The agent's face: tray icon, its menu and notifications."""
