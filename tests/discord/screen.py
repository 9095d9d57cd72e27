"""What a member sees of a message: all its text, its buttons, its links."""

from collections.abc import Iterator
from typing import Any


def text_of(message: Any) -> str:
    """Everything that is written in a message: content, and the texts of its components."""
    content = message.content or ""
    return "\n".join([content, *(part["content"] for part in parts(message) if part.get("type") == 10)]).strip()


def labels_of(message: Any) -> list[str]:
    """What stands on the buttons of a message: labels, else emoji."""
    return [
        part.get("label") or (part.get("emoji") or {}).get("name", "") for part in parts(message) if part["type"] == 2
    ]


def button_id(message: Any, verb: str) -> str:
    """The id of the button that does something, such as `quotes`."""
    return next(
        part["custom_id"] for part in parts(message) if part["type"] == 2 and f"attache:{verb}:" in part["custom_id"]
    )


def parts(message: Any) -> Iterator[dict[str, Any]]:
    """Every component of a message, outermost first."""
    found = message.components
    waiting = [each if isinstance(each, dict) else each.to_dict() for each in found]
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = [*part.get("components", []), *waiting]
