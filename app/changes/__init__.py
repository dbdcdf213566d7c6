"""What a person does to what was recorded: corrections with undo, rules over the past, exclusion, search."""
