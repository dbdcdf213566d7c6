"""Projects: all of them with their time, one in detail, and everything that can be done with one."""
