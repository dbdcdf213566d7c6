"""Import: a file becomes activity, by the same filter, projects and rules as what is recorded here."""
