"""Reports: a period in words, tables and pictures."""
