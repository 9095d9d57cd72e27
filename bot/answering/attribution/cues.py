"""The lexicon of cue words and phrases, with the class of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answering.attribution.attribution import CueClass

CUES_FILE = Path(__file__).with_name("cues.json")
_LONGEST_PHRASE = 6
_VOWELS = "aeiou"
# The strongest class among a cue's words wins: "claimed and confirmed" is a confirmation.
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
    """Inflected words and phrases, lower-cased and split at white space, with their cue classes.

    `certain` phrases are cues even where the tagger misses them.
    """

    words: Mapping[str, CueClass]
    phrases: Mapping[tuple[str, ...], CueClass]
    certain: frozenset[tuple[str, ...]]

    @classmethod
    @cache
    def load(cls) -> "Lexicon":
        """Read and inflect the packaged lexicon."""
        table = json.loads(CUES_FILE.read_text(encoding="utf-8"))
        words: dict[str, CueClass] = {}
        for kind in ("verbs", "nouns", "words"):
            for cue_class, lemmas in table[kind].items():
                for lemma in lemmas.split():
                    for form in _inflect(kind, lemma, table["irregular"]):
                        words.setdefault(form, CueClass(cue_class))
        phrases = {
            tuple(phrase.split()): CueClass(cue_class)
            for cue_class, class_phrases in table["phrases"].items()
            for phrase in class_phrases
        }
        return cls(words, phrases, frozenset(tuple(phrase.split()) for phrase in table["certain"]))

    def is_strong_cue(self, words: Sequence[str], index: int) -> bool:
        """Return whether a word is almost always a cue: anything stronger than "says", or "says" before "that"."""
        cue_class = self.words.get(words[index])
        return cue_class is not None and (cue_class is not CueClass.SAYS or words[index + 1 : index + 2] == ["that"])

    def certain_cues(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Return the token ranges `[first, last)` of certain cues in lower-cased words, the longest at each start."""
        openers = {phrase[0] for phrase in self.certain}
        found = []
        for first in (index for index, word in enumerate(words) if word in openers):
            ends = range(min(first + _LONGEST_PHRASE, len(words)), first, -1)
            found.extend([(first, last) for last in ends if tuple(words[first:last]) in self.certain][:1])
        return found

    def classify(self, words: Sequence[str]) -> CueClass | None:
        """Return the strongest class among a cue's lower-cased words, None if the lexicon has none of them."""
        found = {self.words[word] for word in words if word in self.words}
        for first in range(len(words)):
            for last in range(first + 1, min(first + _LONGEST_PHRASE, len(words)) + 1):
                if (cue_class := self.phrases.get(tuple(words[first:last]))) is not None:
                    found.add(cue_class)
        return next((each for each in _STRENGTH if each in found), None)


def _inflect(kind: str, lemma: str, irregular: Mapping[str, str]) -> list[str]:
    """Return the forms of a lemma: "deny", "denies", "denied", "denying"; of a noun, singular and plural."""
    if kind == "words":
        return [lemma]
    if kind == "verbs" and lemma in irregular:
        return [lemma, *irregular[lemma].split()]
    ends_in_y = lemma.endswith("y") and lemma[-2] not in _VOWELS
    s_form = f"{lemma[:-1]}ies" if ends_in_y else f"{lemma}{'es' if lemma.endswith(('s', 'sh', 'ch', 'x')) else 's'}"
    if kind == "nouns":
        return [lemma, s_form]
    if lemma.endswith("e"):
        return [lemma, s_form, f"{lemma}d", f"{lemma[:-1]}ing"]
    return [lemma, s_form, f"{lemma[:-1]}ied" if ends_in_y else f"{lemma}ed", f"{lemma}ing"]
