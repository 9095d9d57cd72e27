"""Makes sentences that are nearly what quotes say, and nonsense of their words, by seeded dice."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

from bot.answering.numbers import read_numbers
from bot.writer.client import LONGEST_SENTENCE
from bot.writer.roles import names_in
from tests.model_server import Fault, ModelServer, sentences

Made = tuple[str, list[int]]

_NEGATION = re.compile(r"\b(?:not|never|no)\s+|n['’]t\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|could)\b")
_SAYS_THAT = re.compile(r"\bthat\s+")
_MOST_WORDS = 14


def _salad(quotes: Sequence[str], dice: random.Random) -> Made:
    at = dice.randrange(len(quotes))
    words = re.findall(r"[\w'’-]+", quotes[at])
    dice.shuffle(words)
    return " ".join(words[:_MOST_WORDS]), [at + 1]


def _merged(quotes: Sequence[str], dice: random.Random) -> Made:
    one, other = dice.randrange(len(quotes)), dice.randrange(len(quotes))
    first, second = quotes[one].split(), quotes[other].split()
    return " ".join([*first[: len(first) // 2], *second[len(second) // 2 :]]), sorted({one + 1, other + 1})


def _swapped(quotes: Sequence[str], dice: random.Random) -> Made:
    at = dice.randrange(len(quotes))
    text, names = quotes[at], names_in(quotes[at])
    if len(names) < 2:
        return _salad(quotes, dice)
    one, other = names[0], names[-1]
    return (
        f"{text[: one.start]}{text[other.start : other.end]}{text[one.end : other.start]}"
        f"{text[one.start : one.end]}{text[other.end :]}"
    ), [at + 1]


def _negated(quotes: Sequence[str], dice: random.Random) -> Made:
    """A quote without its negation, or with one."""
    at = dice.randrange(len(quotes))
    without = _NEGATION.sub("", quotes[at])
    return (without if without != quotes[at] else _AUXILIARY.sub(r"\g<0> not", quotes[at], count=1)), [at + 1]


def _counted(quotes: Sequence[str], dice: random.Random) -> Made:
    at = dice.randrange(len(quotes))
    numbers = [each for each in read_numbers(quotes[at]) if each.value > 1]
    if not numbers:
        return _salad(quotes, dice)
    number = dice.choice(numbers)
    return f"{quotes[at][: number.start]}{int(number.value) + 3}{quotes[at][number.end :]}", [at + 1]


def _unsaid(quotes: Sequence[str], dice: random.Random) -> Made:
    """What follows "that" in a quote, told as fact."""
    at = dice.randrange(len(quotes))
    said = _SAYS_THAT.split(quotes[at], maxsplit=1)
    return (said[1] if len(said) > 1 else quotes[at].split(",", 1)[0]), [at + 1]


def _verbatim(quotes: Sequence[str], dice: random.Random) -> Made:
    at = dice.randrange(len(quotes))
    return quotes[at], [at + 1]


KINDS: dict[str, Callable[[Sequence[str], random.Random], Made]] = {
    "salad": _salad,
    "merged": _merged,
    "swapped": _swapped,
    "negated": _negated,
    "counted": _counted,
    "unsaid": _unsaid,
    "verbatim": _verbatim,
}


def near_miss(kind: str, quotes: Sequence[str], dice: random.Random) -> Made:
    """A sentence of a kind with the numbers of its quotes, in the form of a sentence."""
    text, cited = KINDS[kind](quotes, dice)
    text = " ".join(text.split())[: LONGEST_SENTENCE - 1].strip(" .,;:") or "Nothing"
    return f"{text[0].upper()}{text[1:]}.", cited


class NearMisses(ModelServer):
    """A model that writes such sentences from the quotes that it is sent."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.made: Counter[str] = Counter()
        self.kind_of: dict[str, str] = {}
        self._dice = random.Random(seed)

    def next(self) -> str | Fault:
        document = self.documents()[-1]
        del self.requests[:]
        if "quotes" not in document or "wrong" in document:
            return json.dumps({"questions": []} if "quotes" not in document else {"sentences": []})
        quotes, drafted = [each["quote"] for each in document["quotes"]], []
        for kind in self._dice.sample(sorted(KINDS), 5):
            made = near_miss(kind, quotes, self._dice)
            self.kind_of[made[0]] = "verbatim" if made[0] in quotes else kind
            self.made[self.kind_of[made[0]]] += 1
            drafted.append(made)
        return sentences(*drafted)
