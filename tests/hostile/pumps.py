"""Hostile strings for a regular expression, made from its own parts: what it repeats, then a mismatch."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import _constants as op
from re import _parser as parser
from typing import Any

# Repeats that may run this long or longer are attacked; shorter ones cost a constant.
MIN_REPEAT = 16
# Choices of branches and characters that are tried at each repeat.
VARIANTS = 4
# Fits in hardly any class of characters, so it ends a match late; cleaning leaves it in place.
MISMATCH = "☃"
_PROBES = "aAz0 .,-_'’“\"\n\t\r<>&;:/()[]{}|#=?!@*~`\\$%^+é漢и\u0301\u200b\ud800"
# Tried on every pattern.
UNIVERSAL = (
    *" \n\taA0.,-_'\"<>&;:/()[]{}|#=?!@*~`\\漢и", "a ", "A ", "a. ", "A. ", "a, ", "a-", "a.", "a'", "0 ", "0,", "0.",
    " \n",
    "\n ", "ab\n", "<a ", "<a>", "</", "[[", "{{", "&a", "&#1", "://a", "a@", "a:", "é", "e\u0301", "e\u0301\u0327",
    "a A ", "the ", "of the ", "20 ", "2024-01-01 ", "and a ", "A, and ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attack:
    """A string of any length: head, then the pump again and again, then a tail."""

    head: str
    pump: str
    tail: str = ""

    def text(self, length: int) -> str:
        """Return the string with about so many characters."""
        return self.head + self.pump * max(1, (length - len(self.head)) // len(self.pump)) + self.tail


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """Return the attacks on a pattern, each once."""
    written = pattern.pattern
    parsed = parser.parse(written, pattern.flags)
    # A pattern of bytes is attacked with the same characters, encoded by the caller.
    found = [Attack("", pump, tail) for pump in UNIVERSAL for tail in ("", MISMATCH)]
    for before, body, after in _repeats([], list(parsed)):
        for variant in range(VARIANTS):
            head, pump, rest = (_sample(nodes, variant) for nodes in (before, body, after))
            other = _sample(body, variant + 1)
            found += [
                Attack(head, pump, MISMATCH),
                Attack("", pump, MISMATCH),
                Attack("", head + pump),
                Attack(head, pump + other, MISMATCH),
                Attack("", (head + pump + rest)[:-1] or pump),
                Attack("", head),
                Attack("", head + " "),
                Attack(head, f"{pump} ", MISMATCH),
            ]
    return list(dict.fromkeys(attack for attack in found if attack.pump))


Nodes = Sequence[tuple[Any, Any]]
_REPEATING = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def _repeats(before: Nodes, nodes: Nodes) -> Iterator[tuple[Nodes, Nodes, Nodes]]:
    """Yield every long repeat: what comes before it, its body, and what comes after it."""
    for place, (kind, value) in enumerate(nodes):
        earlier, later = [*before, *nodes[:place]], nodes[place + 1 :]
        if kind in _REPEATING and value[1] >= MIN_REPEAT:
            yield earlier, list(value[2]), later
        for inner in _children(kind, value):
            yield from _repeats(earlier, list(inner))


def _children(kind: Any, value: Any) -> Iterable[Any]:
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind in _REPEATING:
        return [value[2]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    return [each for each in value[1:] if each is not None] if kind is op.GROUPREF_EXISTS else []


def _sample(nodes: Nodes, variant: int) -> str:
    """Return a string that the nodes match, as far as it is known without trying."""
    return "".join(_sample_node(kind, value, variant) for kind, value in nodes)


def _sample_node(kind: Any, value: Any, variant: int) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind in (op.NOT_LITERAL, op.IN, op.ANY):
        fitting = [char for char in (*_members(kind, value), *_PROBES) if _fits(kind, value, char)]
        return fitting[variant % len(fitting)] if fitting else ""
    if kind is op.BRANCH:
        return _sample(list(value[1][variant % len(value[1])]), variant)
    if kind in _REPEATING:
        return _sample(list(value[2]), variant) * (value[0] or variant % 2)
    if kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
        return _sample(list(_children(kind, value)[0]), variant)  # type: ignore[index]
    return ""


def _members(kind: Any, value: Any) -> list[str]:
    """Return the characters that a class names itself."""
    if kind is not op.IN:
        return []
    named = [
        char
        for each, inner in value
        for char in ([inner] if each is op.LITERAL else [*inner] if each is op.RANGE else [])
    ]
    return [chr(code) for code in named if code < 0x11_0000]


def _fits(kind: Any, value: Any, char: str) -> bool:
    if kind is op.ANY:
        return char != "\n"
    if kind is op.NOT_LITERAL:
        return char != chr(value)
    negated = value[0][0] is op.NEGATE
    return negated != any(_in_class(each, inner, char) for each, inner in value)


def _in_class(kind: Any, value: Any, char: str) -> bool:
    if kind is op.LITERAL:
        return char == chr(value)
    if kind is op.RANGE:
        return value[0] <= ord(char) <= value[1]
    if kind is op.CATEGORY:
        return (
            re.match({"digit": r"\d", "space": r"\s", "word": r"\w"}[str(value).lower().split("_")[-1]], char)
            is not None
            != ("NOT" in str(value))
        )
    return False
