"""A wiki template as a page calls it: its name and parameters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# The parameters that hold a quotation, in the languages whose templates are known.
QUOTED = ("text", "quote", "quotetext", "texte", "citation", "texto", "cita", "текст", "цитата")
# A longer name is no parameter's, but text with "=".
_NAMED = re.compile(r"[\w -]{1,40}")


@dataclass(frozen=True, slots=True)
class Call:
    """A template's name and parameters."""

    name: str
    unnamed: Sequence[str]
    named: dict[str, str]

    def get(self, place: int) -> str:
        """Return an unnamed parameter, counted from 1; "" if it is missing."""
        return self.unnamed[place - 1] if place <= len(self.unnamed) else ""

    def first(self, names: Sequence[str]) -> str | None:
        """Return the first named parameter of these that isn't empty."""
        return next(filter(None, map(self.named.get, names)), None)


def parse_call(name: str, parameters: Sequence[str]) -> Call:
    """Return the call of a template from its name and its parameters as they are written."""
    unnamed: list[str] = []
    named: dict[str, str] = {}
    for parameter in parameters:
        key, is_named, value = parameter.partition("=")
        if is_named and _NAMED.fullmatch(key.strip()):
            named[key.strip().lower()] = value.strip()
        else:
            unnamed.append(parameter.strip())
    # Parameters can be numbered, which text with "=" needs: {{nowrap|1=a=b}}.
    for place in range(1, 10):
        if (numbered := named.pop(str(place), None)) is not None:
            unnamed.extend([""] * (place - len(unnamed)))
            unnamed[place - 1] = numbered
    return Call(name, unnamed, named)
