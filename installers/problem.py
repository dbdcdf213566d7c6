"""What set-up says when it cannot go on."""


class SetupProblem(Exception):
    """A known reason to stop; its text is for the person and says what to do."""
