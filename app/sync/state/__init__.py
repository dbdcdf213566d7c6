"""The database's side of sync: what is due goes out as bodies, what comes in is stored with its rollups."""
