"""What an action says when it will not. The message is for the reader: what happened, what stays as it was."""


class Refusal(Exception):
    """An action declined. ``str(refusal)`` is a sentence to show; ``status`` is the HTTP answer.

    ``of_cell`` is the sentence beside a cell of the grade sheet, where it is another one.
    """

    status = 422
    of_cell = ""


class TermClosed(Refusal):
    def __init__(self, term):
        super().__init__(f"{term.title} is closed. Nothing was changed.")
        self.of_cell = f"{term.title} is closed. Not saved."


class Archived(Refusal):
    def __init__(self, cadet):
        super().__init__(f"{cadet.short_name} is archived. Restore the record first; nothing was changed.")
        self.of_cell = f"{cadet.short_name} is archived. Restore the record first. Not saved."


class Stale(Refusal):
    """Somebody changed the same cell first. ``current`` is the cell as it stands now."""

    status = 409

    def __init__(self, message, current):
        super().__init__(message)
        self.current = current


class StaleScore(Stale):
    pass


class StaleMark(Stale):
    pass


class BadValue(Refusal):
    """What was given cannot be: out of range, unreadable, or against another fact."""


class NotNow(Refusal):
    """The thing is in a state that does not allow this."""


class UnreadableFile(Refusal):
    """A file that is not what it says, too large, broken or locked. Nothing of it was written."""


class Clash(Refusal):
    """Two people made the same thing in the same instant, and the database let one of them."""

    status = 409

    def __init__(self):
        super().__init__(
            "Somebody else did the same at this very moment. Nothing of yours was changed; look again."
        )


class Busy(Refusal):
    """Something large is being written, and the database did not let this in within its patience."""

    status = 503

    def __init__(self):
        super().__init__(
            "Something large is being written at this moment, such as an import. "
            "Nothing of yours was changed; try again in a few seconds."
        )
