"""DevPulse: the desktop application (agent, windows and commands of one executable)."""
