"""The family of errors that reach users: one plain sentence, and what to do next."""


class AttacheError(Exception):
    """Something the user can be told in one sentence.

    Args:
        message: one plain sentence that says what is wrong.
        hint: what the user can do next, as a sentence; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(AttacheError):
    """What the user asked for can't be done as asked: an empty question, a path that does not exist."""


class UnreadableSource(AttacheError):
    """A file, or one record of it, that holds no article we can read."""


class AddressRefused(AttacheError):
    """A link that is not followed: another scheme, a private network, a port that is not allowed."""


class FetchFailed(AttacheError):
    """A page that could not be got: no such site, no answer in time, an error page, too large, broken off."""


class BadStatus(FetchFailed):
    """A site answered with an error.

    Args:
        message: one plain sentence that says what is wrong.
        hint: what the user can do next.
        status: the HTTP status.
        retry_after: the header of that name, empty where there is none.
    """

    def __init__(self, message: str, hint: str, status: int, retry_after: str = "") -> None:
        super().__init__(message, hint)
        self.status = status
        self.retry_after = retry_after


class StorageFailure(AttacheError):
    """The data folder can't be written or read: full disk, no permission, damaged database."""


class CorpusBusy(AttacheError):
    """Another process is writing to the same data folder."""
