"""The border around one input: whatever it raises becomes a failure of that input, with a sentence for users."""

import logging
import sqlite3

from corpus.errors import AttacheError, CorpusBusy, StorageFailure

log = logging.getLogger(__name__)

# These end the process or the thread on purpose. Everything else that is no `Exception` comes from libraries, such as
# the panics of those written in Rust.
_ENDING = (KeyboardInterrupt, SystemExit, GeneratorExit)


class InputFault(AttacheError):
    """An input on which a program part failed that should have refused it; the log has the details."""


def as_failure(error: BaseException, what: str, done: str = "read") -> AttacheError:
    """Return an input's failure for whatever was raised, and log it if nobody foresaw it.

    Args:
        error: what was raised.
        what: what can't be read, as the subject of a sentence.
        done: what can't be done with it, if not that.

    Raises:
        BaseException: `error` itself, if it ends the program, or concerns the whole data folder.
    """
    if isinstance(error, _ENDING) or is_of_storage(error):
        raise error
    if isinstance(error, AttacheError):
        return error
    log.error("%s can't be %s", what, done, exc_info=error)
    return InputFault(f"{what} can't be {done} ({type(error).__name__}).", "The log has the details; please report it.")


def is_of_storage(error: BaseException) -> bool:
    """Return whether an error concerns the data folder, rather than what was being stored in it."""
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
    return isinstance(error, CorpusBusy | StorageFailure)
