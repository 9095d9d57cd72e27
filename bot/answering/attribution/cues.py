"""The lexicon of cues: which class a cue has, and whether it is negated."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answering.attribution.attribution import CueClass

CUES_FILE = Path(__file__).with_name("cues.json")
_LONGEST_PHRASE = 6
_VOWELS = "aeiou"
# The class is the strongest that a cue's words have: in "claimed and confirmed" the confirmation counts.
_STRENGTH = (
    CueClass.UNCONFIRMED,
    CueClass.DENIES,
    CueClass.CONFIRMS,
    CueClass.ACCUSES,
    CueClass.WARNS,
    CueClass.PROMISES,
    CueClass.CLAIMS,
    CueClass.SAYS,
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Inflected words and phrases, lower-cased and split at white space, with the class that each gives to a cue.

    The `certain` ones are cues wherever they stand, whether the tagger sees one or not: an answer must not miss them.
    """

    words: Mapping[str, CueClass]
    phrases: Mapping[tuple[str, ...], CueClass]
    certain: frozenset[tuple[str, ...]]

    @classmethod
    @cache
    def load(cls) -> "Lexicon":
        """Reads and inflects the lexicon that comes with the program."""
        table = json.loads(CUES_FILE.read_text(encoding="utf-8"))
        words: dict[str, CueClass] = {}
        for kind, inflect in (("verbs", _verb_forms), ("nouns", _noun_forms), ("words", _as_it_is)):
            for name, lemmas in table[kind].items():
                for lemma in lemmas.split():
                    for form in inflect(lemma, table["irregular"]):
                        words.setdefault(form, CueClass(name))
        phrases = {tuple(phrase.split()): CueClass(name) for name, them in table["phrases"].items() for phrase in them}
        return cls(words, phrases, frozenset(tuple(phrase.split()) for phrase in table["certain"]))

    def is_telling(self, words: Sequence[str], place: int) -> bool:
        """Whether a word is hardly anything but a cue: more than "says", or with "that" behind it."""
        kind = self.words.get(words[place])
        return kind is not None and (kind is not CueClass.SAYS or words[place + 1 : place + 2] == ["that"])

    def certain_cues(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where the certain cues stand in a text's lower-cased words, as `[first, last)`, the longest at each place."""
        openers = {phrase[0] for phrase in self.certain}
        found = []
        for first in (at for at, word in enumerate(words) if word in openers):
            ends = range(min(first + _LONGEST_PHRASE, len(words)), first, -1)
            found.extend([(first, last) for last in ends if tuple(words[first:last]) in self.certain][:1])
        return found

    def classify(self, words: Sequence[str]) -> CueClass | None:
        """The class of a cue by its lower-cased words; None where the lexicon knows none of them."""
        found = {self.words[word] for word in words if word in self.words}
        found |= {self.phrases[phrase] for phrase in _runs(words) if phrase in self.phrases}
        return next((each for each in _STRENGTH if each in found), None)


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for first in range(len(words)):
        for last in range(first + 1, min(first + _LONGEST_PHRASE, len(words)) + 1):
            yield tuple(words[first:last])


def _verb_forms(lemma: str, irregular: Mapping[str, str]) -> list[str]:
    """The forms of a verb: "deny", "denies", "denied", "denying"."""
    if lemma in irregular:
        return [lemma, *irregular[lemma].split()]
    third = _noun_forms(lemma, irregular)[1]
    if lemma.endswith("e"):
        return [lemma, third, f"{lemma}d", f"{lemma[:-1]}ing"]
    past = f"{lemma[:-1]}ied" if lemma.endswith("y") and lemma[-2] not in _VOWELS else f"{lemma}ed"
    return [lemma, third, past, f"{lemma}ing"]


def _noun_forms(lemma: str, irregular: Mapping[str, str]) -> list[str]:
    """Singular and plural of a noun, which are also a verb's first and third person."""
    del irregular
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return [lemma, f"{lemma[:-1]}ies"]
    return [lemma, f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x")) else f"{lemma}s"]


def _as_it_is(word: str, irregular: Mapping[str, str]) -> list[str]:
    del irregular
    return [word]
