"""What Discord refuses: status, code, sentence, and the path of what is wrong in a payload."""

from dataclasses import dataclass, field
from typing import Any

# discord.com/developers/docs/topics/opcodes-and-status-codes, "JSON error codes".
KNOWN = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    40033: (400, "This message has already been crossposted."),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached its maximum number of follow-up messages."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
}


class Refused(Exception):
    """A request that Discord does not accept.

    Args:
        code: the JSON error code.
        errors: for 50035, the tree of what is wrong.
    """

    def __init__(self, code: int, errors: dict[str, Any] | None = None) -> None:
        status, message = KNOWN[code]
        super().__init__(f"{code} {message} {errors or ''}")
        self.code = code
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


@dataclass
class Form:
    """Gathers what is wrong in a payload, each thing with its path."""

    wrong: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)

    def error(self, path: tuple[Any, ...], code: str, message: str) -> None:
        self.wrong.append((tuple(str(part) for part in path), code, message))

    def length(self, path: tuple[Any, ...], value: object, most: int, least: int = 0) -> None:
        """A text of so many characters; None is no text."""
        if value is None and least == 0:
            return
        if not isinstance(value, str):
            code = "BASE_TYPE_REQUIRED" if value is None else "STRING_TYPE_CONVERT"
            self.error(path, code, "This field is required" if value is None else "Could not interpret as string.")
        elif not least <= len(value) <= most:
            self.error(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def count(self, path: tuple[Any, ...], value: object, most: int, least: int = 0) -> list[Any]:
        """A list of so many; returns it, or an empty one."""
        if value is None:
            value = []
        if not isinstance(value, list):
            self.error(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(value) <= most:
            self.error(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return value

    def check(self) -> None:
        """Raises Refused 50035 where anything is wrong."""
        if not self.wrong:
            return
        tree: dict[str, Any] = {}
        for path, code, message in self.wrong:
            place = tree
            for part in path:
                place = place.setdefault(part, {})
            place.setdefault("_errors", []).append({"code": code, "message": message})
        raise Refused(50035, tree)
