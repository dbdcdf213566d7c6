"""Looking for repositories with libgit2: heavy, so it serves only the commands."""
