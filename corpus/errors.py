"""The errors that reach users: each has one plain sentence and a hint about what to do next."""


class AttacheError(Exception):
    """An error for users.

    Args:
        message: one plain sentence that says what is wrong.
        hint: one sentence that says what the user can do next; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(AttacheError):
    """A request that can't be fulfilled: an empty question, a path that does not exist."""


class UnreadableSource(AttacheError):
    """A file, page or record that contains no readable article."""


class AddressRefused(AttacheError):
    """A link that must not be followed: another scheme, a private network, a forbidden port."""


class FetchFailed(AttacheError):
    """A page that could not be fetched: unknown site, timeout, error status, too large, connection lost."""


class BadStatus(FetchFailed):
    """A site answered with an error status.

    Args:
        message: one plain sentence that says what is wrong.
        hint: what the user can do next.
        status: the HTTP status.
        retry_after: the value of the Retry-After header, or an empty string.
    """

    def __init__(self, message: str, hint: str, status: int, retry_after: str = "") -> None:
        super().__init__(message, hint)
        self.status = status
        self.retry_after = retry_after


class StorageFailure(AttacheError):
    """The data folder can't be written or read: full disk, no permission, damaged database."""


class NewerVersion(StorageFailure):
    """A newer version of Attaché wrote this file, so this version must neither read nor write it."""


class CorpusBusy(AttacheError):
    """Another process is writing to the same data folder."""
