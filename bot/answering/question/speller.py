"""Corrects misspelt words of a question by the words that its reader may see, English words, and known names."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby

from rapidfuzz.distance import OSA

from bot.answering.question.aliases import lasting_names, leader_names
from bot.answering.question.clauses import ACTION_VERBS, ACTOR_NOUNS, AUXILIARIES, REPORTING_VERBS, WH_WORDS
from bot.answering.question.english_words import bases, english_words, is_english
from bot.answering.question.kind import QuestionKind, question_kind
from bot.answering.question.variants import other_spellings
from index.embedding.embedder import Embedder
from index.filters import Filters
from index.search.query import strip_time_words
from index.search.retriever import Retriever
from index.terms import STOP_WORDS, Terms, matching_words, words

_SHORTEST, _LONGEST = 4, 20
# From here on two letters may be wrong.
_LONG = 8
# In shorter words an exchanged or added letter mostly makes another word.
_MEDIUM = 6
# More unknown words are noise, or another language.
_MOST_UNKNOWN = 5
_MOST_UNKNOWN_SHARE = 0.7
# In shorter words another first letter mostly makes another word.
_SHORTEST_FIRST = 5
# How much an unlikely slip counts against how common a word is, and by how much the best must be ahead: as if it were
# three times as common.
_COST_WEIGHT = 1.2
_CLEAR_MARGIN = math.log(3)
# Passages on the rest of a question, whose words a name must be among: another person's name elsewhere is no evidence.
_CONTEXT_PASSAGES = 20
_MOST_LOOKED_UP = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_VOWELS = frozenset("aeiouy")
# The rows of a keyboard, each with how far it is shifted, and consonants that sound alike.
_ROWS = (("qwertyuiop", 0.0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75))
_ALIKE = tuple((pair[0], pair[1]) for pair in "ck cs sz fv dt gj bp mn kq vw".split())
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|`[^`]*`|(?<!\w)['‘][^'’]*['’](?!\w)")
# Neither part of an address, a handle, a number or an abbreviation, nor of a word in another script.
_WORD = re.compile(r"(?<![\w@#/\\.&_'’])[A-Za-z]++(?=(?:['’]s)?(?![\w@/\\&_'’]|\.\w))")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:]\s")
# What people mistype in the few words of a follow-up.
_SLIPS = {
    "waht": "what",
    "wat": "what",
    "whta": "what",
    "wht": "what",
    "wen": "when",
    "wehn": "when",
    "whne": "when",
    "wich": "which",
    "whihc": "which",
    "hwo": "how",
    "teh": "the",
    "abt": "about",
    "baout": "about",
    "y": "why",
    "whos": "who is",
    "whats": "what is",
    "wheres": "where is",
    "whens": "when is",
    "hows": "how is",
    "u": "you",
    "thats": "that is",
    "sauce": "source",
    "srsly": "seriously",
}
_CONTRACTIONS = {each.replace("'", ""): each for each in AUXILIARIES if "'" in each}
# Words that say what is asked. Other English words have to stand in passages: else they find nothing, and what was
# written may be a name: "brics" is not "bricks", and "petr" not "Peter".
_ASKING = STOP_WORDS | WH_WORDS | REPORTING_VERBS | ACTION_VERBS | ACTOR_NOUNS
_EVERY_SLIP = {**_CONTRACTIONS, **_SLIPS}


def correct_slips(question: str) -> str:
    """Return a short question without the commonest slips; what looks like a name is left alone."""

    def correct(match: re.Match[str]) -> str:
        right = _EVERY_SLIP.get(match[0].lower())
        if right is None or (match[0][0].isupper() and match.start()):
            return match[0]
        return _like(match[0], right)

    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", correct, question)


class Speller:
    """Corrects questions over one open corpus. Not thread-safe.

    Args:
        retriever: knows the words of the passages that a reader may see.
        packaged: the packaged embedding model, which tells questions in other languages.
    """

    def __init__(self, retriever: Retriever, packaged: Embedder) -> None:
        self._retriever = retriever
        self._packaged = packaged
        self._terms = Terms()

    def correct(self, question: str, filters: Filters) -> str:
        """Return a question with its misspelt words corrected; as it is where there are none, or no clear winner.

        A word is corrected to one of the passages that the filters' reader may see, or to a common English word; it
        differs by one letter, from eight letters on by two, and begins alike, unless it is a name of the articles with
        a neighbour's key for its first letter. A word that is itself one of these is never changed, nor a known name,
        nor what is American for British or the reverse, nor what is quoted, in capitals, or written with anything but
        plain letters; what is capitalised within a sentence may only become a known name. The work is bounded.

        Args:
            question: on one line.
            filters: only words of what they let its reader see are suggested, whatever publishers and dates they name.
        """
        found = _checkable(question)
        own = dict.fromkeys(each.word for each in found if not _is_known(each.word))
        if not own:
            return question
        readable = _Readable(self._retriever, filters, self._terms)
        unknown = {word for word in own if not readable.has(word) and not readable.has_variant(word)}
        every = len(_ANY_WORD.findall(question))
        if len(unknown) > _MOST_UNKNOWN or (every > 2 and len(unknown) > _MOST_UNKNOWN_SHARE * every):
            return question
        context = _Context(readable, [word for word in words(question) if word not in unknown])
        wanted = dict.fromkeys((each.word, each.is_name) for each in found if each.word in unknown)
        right = {each: better for each in wanted if (better := _correction(*each, readable, context)) is not None}
        if not right:
            return question
        corrected = _rewrite(question, found, right)
        # The search embeds the same text: its vector is cached.
        return question if self._is_other_language(corrected) else corrected

    def as_articles_spell(self, question: str, filters: Filters) -> str:
        """Return a question with American and British words spelt as the articles spell them, for searches.

        Args:
            question: on one line.
            filters: as in `correct`.
        """
        spelt = {
            word: others
            for match in _WORD.finditer(question)
            if (others := other_spellings(word := match[0].lower())) and len(word) <= _LONGEST
        }
        if not spelt:
            return question
        counts = _Readable(self._retriever, filters, self._terms).frequencies(
            [*spelt, *(o for each in spelt.values() for o in each)]
        )
        better = {
            word: best
            for word, others in spelt.items()
            if word not in counts and (best := max(others, key=lambda each: (counts.get(each, 0), each))) in counts
        }
        return (
            _WORD.sub(lambda match: _like(match[0], better.get(match[0].lower(), match[0])), question)
            if better
            else question
        )

    def _is_other_language(self, question: str) -> bool:
        vector = self._packaged.encode([strip_time_words(question)])[0]
        return question_kind(question, vector) is QuestionKind.OTHER_LANGUAGE


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a question that may be corrected, in lower case, with its offset; `is_name` if it is written as one."""

    word: str
    start: int
    is_name: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A word that may be meant; `cost` is lower for likelier slips, `weight` the logarithm of how common it is."""

    word: str
    cost: int
    weight: float

    @property
    def score(self) -> float:
        return self.weight - _COST_WEIGHT * self.cost


class _Texts:
    """Some passages, asked for their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts)

    def has(self, word: str) -> bool:
        """Return whether a folded word stands there."""
        return bool(matching_words((word,), self._text))

    def has_lower(self, word: str) -> bool:
        """Return whether a word stands there without a capital."""
        return bool(re.search(rf"(?<![^\W_]){word}(?![^\W_])", self._text))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every folded word."""
        return frozenset(words(self._text))


class _Readable:
    """The words of what one reader may see."""

    def __init__(self, retriever: Retriever, filters: Filters, terms: Terms) -> None:
        retriever.catch_up()
        self._retriever, self._terms = retriever, terms
        self._filters = filters.what_may_be_read()
        self._vocabulary = retriever.readable_vocabulary(filters)
        self._near: dict[str, _Texts] = {}

    def frequencies(self, words: Sequence[str]) -> dict[str, int]:
        """Return how many passages have each word or a form of it; only those that any has."""
        stems = self._terms.stem(list(words))
        counts = self._vocabulary.frequencies(stems)
        return {word: counts[stem] for word, stem in zip(words, stems, strict=True) if stem in counts}

    def stem(self, word: str) -> str:
        """Return a word's stem."""
        return self._terms.stem([word])[0]

    def near(self, query: str) -> _Texts:
        """Return the passages that match the words of a query best; none once too many were looked up."""
        if query not in self._near:
            if len(self._near) == _MOST_LOOKED_UP:
                return _Texts(())
            self._near[query] = _Texts(self._retriever.texts_near(query, _CONTEXT_PASSAGES, self._filters))
        return self._near[query]

    def has(self, word: str) -> bool:
        """Return whether any passage has a word or a regular form of it."""
        if not self.frequencies([word]):
            return False
        stem = self.stem(word)
        # "Presidant" has the stem of "president", and occurs nowhere.
        if stem == word or any(self.stem(base) == stem for base in bases(word)):
            return True
        return any(self.near(word).has(form) for form in (word, f"{word}s", f"{word}d"))

    def has_variant(self, word: str) -> bool:
        """Return whether a word is American for a British one that a passage has or that is English, or the reverse."""
        return any(is_english(other) or self.has(other) for other in other_spellings(word))


class _Context:
    """What is read of the rest of a question, once it is needed."""

    def __init__(self, readable: _Readable, rest: Iterable[str]) -> None:
        self._readable = readable
        self._rest = " ".join(word for word in rest if word not in STOP_WORDS)

    @cached_property
    def texts(self) -> _Texts:
        """The passages on the rest of the question."""
        return self._readable.near(self._rest) if self._rest else _Texts(())

    def fits(self, word: str) -> bool:
        """Return whether a name stands in passages on the rest of the question; any does where there is no rest."""
        return (self.texts if self._rest else self._readable.near(word)).has(word)


def _is_known(word: str) -> bool:
    return is_english(word) or word in _ASKING or word in lasting_names() or word in leader_names()


def _checkable(question: str) -> list[_Token]:
    """Return the words of a question that may be corrected."""
    shouts = question.upper() == question
    text = _QUOTED.sub(lambda match: " " * len(match[0]), question)
    found = []
    begins = True
    end = 0
    for match in _WORD.finditer(text):
        written, start = match[0], match.start()
        between = text[end:start]
        begins = (begins and not _ANY_WORD.search(between)) or bool(_SENTENCE_END.search(between))
        is_plain = written[1:].islower() or shouts
        if is_plain and _SHORTEST <= len(written) <= _LONGEST:
            is_name = written[0].isupper() and not begins and not shouts
            found.append(_Token(written.lower(), start, is_name))
        begins, end = False, match.end()
    return found


def _correction(word: str, is_name: bool, readable: _Readable, context: _Context) -> str | None:
    """Return what a word that nobody knows is meant to be, if that is clear."""
    if (right := _EVERY_SLIP.get(word)) is not None and not is_name:
        return right
    costs = dict(_one_letter_off(word))
    counts = readable.frequencies(list(costs))
    stated = [_Candidate(each, costs[each], math.log(count)) for each, count in counts.items()]
    if is_name:
        return _clearest(stated, readable, lambda each: _is_known_name(each, context)) or None
    found = _clearest(stated, readable, lambda each: _is_evident(each, readable, context))
    if found is None:
        found = _clearest(_common(costs), readable)
    if found is None and len(word) >= _LONG:
        found = _two_letters_off(word, readable, context)
    if found is None and len(word) >= _SHORTEST_FIRST:
        found = _name_with_other_first_letter(word, readable, context)
    return found or None


def _name_with_other_first_letter(word: str, readable: _Readable, context: _Context) -> str | None:
    """Return the name of passages on the rest of the question whose first letter is a neighbour on the keyboard."""
    counts = readable.frequencies([each + word[1:] for each in _exchanged()[word[0]]])
    stated = [_Candidate(each, 0, math.log(count)) for each, count in counts.items()]
    return _clearest(stated, readable, lambda each: context.fits(each) and not readable.near(each).has_lower(each))


def _is_known_name(word: str, context: _Context) -> bool:
    """Return whether a word is a known name, and if it is a person's, fits the question: others have much the same."""
    return word in lasting_names() or (word in leader_names() and context.fits(word))


def _is_evident(word: str, readable: _Readable, context: _Context) -> bool:
    """Return whether a word, whose stem passages have, occurs in them, and fits the question if it is a name."""
    return word in lasting_names() or context.fits(word) or readable.near(word).has_lower(word)


def _common(costs: Mapping[str, int]) -> list[_Candidate]:
    """Return the words among candidates by which questions are understood: they need no passage."""
    ranks = english_words()
    return [_Candidate(word, costs[word], -math.log(ranks.get(word, len(ranks)))) for word in costs if word in _ASKING]


def _two_letters_off(word: str, readable: _Readable, context: _Context) -> str | None:
    """Return the word two letters off, among those of passages on the rest of the question, then among English ones."""
    bare = _skeleton(word)

    def alike(known: Iterable[str]) -> dict[str, int]:
        close = (each for each in known if OSA.distance(word, each, score_cutoff=2) <= 2)
        return {each: 0 for each in close if OSA.distance(bare, _skeleton(each), score_cutoff=1) <= 1}

    counts = readable.frequencies(list(alike([each for each in context.texts.words if each[:1] == word[0]])))
    stated = [_Candidate(each, 0, math.log(count)) for each, count in counts.items() if each.isalpha()]
    return _clearest(stated or _common(alike([each for each in _ASKING if each[0] == word[0]])), readable)


def _skeleton(word: str) -> str:
    """Return the consonants of a word, doubled ones once: two slips seldom change more than one of them."""
    consonants = [letter for letter in word if letter not in _VOWELS]
    return "".join(letter for letter, _ in groupby(consonants))


def _clearest(
    candidates: Iterable[_Candidate], readable: _Readable, is_evident: Callable[[str], bool] = lambda _: True
) -> str | None:
    """Return the best evident candidate, None if none is, "" if the next is too near; forms of a word are one."""
    ranks = english_words()
    best, stem = None, ""
    for each in sorted(candidates, key=lambda each: (-each.score, ranks.get(each.word, len(ranks)), each.word)):
        if best is not None and best.score - each.score >= _CLEAR_MARGIN:
            break
        if (best is None or readable.stem(each.word) != stem) and is_evident(each.word):
            if best is not None:
                return ""
            best, stem = each, readable.stem(each.word)
    return best.word if best is not None else None


def _one_letter_off(word: str) -> Iterator[tuple[str, int]]:
    """Yield what differs from a word by one slip after its first letter, with the slip's cost, costliest first.

    Two letters that changed places, or a letter once instead of twice or twice instead of once, cost nothing. A letter
    left out, or in words of five letters or more one vowel for another, costs 1. In words of six or more, a letter too
    many, or one for its neighbour on the keyboard or for one that sounds alike, costs 2.
    """
    if len(word) >= _MEDIUM:
        for at in range(1, len(word)):
            yield word[:at] + word[at + 1 :], 2
            yield from ((word[:at] + each + word[at + 1 :], 2) for each in _exchanged()[word[at]])
    for at in range(1, len(word) if len(word) > _SHORTEST else 1):
        if word[at] in _VOWELS:
            yield from ((word[:at] + each + word[at + 1 :], 1) for each in _VOWELS if each != word[at])
    for at in range(1, len(word) + 1):
        yield from ((word[:at] + each + word[at:], 1) for each in _LETTERS)
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :], 0
        else:
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :], 0
    for at in range(1, len(word) + 1):
        yield word[:at] + word[at - 1] + word[at:], 0


@cache
def _exchanged() -> Mapping[str, frozenset[str]]:
    """Return the letters that each is written for: its neighbours on a keyboard, and those that sound alike."""
    places = {letter: (at + shift, row) for row, (keys, shift) in enumerate(_ROWS) for at, letter in enumerate(keys)}
    found = {
        letter: {each for each, (x, y) in places.items() if abs(x - at) <= 1 and abs(y - row) <= 1 and each != letter}
        for letter, (at, row) in places.items()
    }
    for one, other in _ALIKE:
        found[one].add(other)
        found[other].add(one)
    return {letter: frozenset(others) for letter, others in found.items()}


def _rewrite(question: str, found: Iterable[_Token], right: Mapping[tuple[str, bool], str]) -> str:
    """Return a question with the words that are to be corrected, by word and whether it is written as a name."""
    parts, end = [], 0
    for each in found:
        if (better := right.get((each.word, each.is_name))) is not None:
            stop = each.start + len(each.word)
            parts += [question[end : each.start], _like(question[each.start : stop], better)]
            end = stop
    return "".join([*parts, question[end:]])


def _like(written: str, right: str) -> str:
    """Return a word in the case of the one that it corrects."""
    if len(written) > 1 and written.isupper():
        return right.upper()
    return right[:1].upper() + right[1:] if written[0].isupper() else right
