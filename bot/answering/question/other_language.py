"""Reads a question in another language: what its names, numbers and words find, without translating any of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.answering.question.answer_type import AnswerType
from bot.answering.question.english_words import is_english
from index.search.term_rarity import Vocabulary
from index.terms import words

# Function words of German, the other language of the interface: they say nothing of the matter, and some are English
# words of another meaning ("die", "hat", "war").
_GERMAN = frozenset(
    """aber alle allem allen aller alles als also am an ander andere anderen anderer auch auf aus bei beim bin bis bist
    bitte bloss da dabei dadurch daher damals damit danach dann daran darauf daraus darf darin darum darüber das
    dass davon davor dazu dein deine dem den denn der des deshalb dessen dich die dies diese diesem diesen dieser
    dieses dir doch dort du durch durfte ein eine einem einen einer eines er es etwa etwas euch euer für gab gegen
    geht gerade gibt habe haben hast hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in
    indem ins ist ja jede jedem jeden jeder jedes jemand jetzt kann kannst kein keine keinem keinen keiner können
    könnte konnte laut machen macht mal man mehr mein meine mich mir mit muss musste müssen nach nicht nichts noch
    nun nur ob obwohl oder ohne schon sehr seid sein seine seinem seinen seiner seit sich sie sind so soll sollen
    sollte solche sondern sowie stimmt über um und uns unser unter viel vom von vor wann war waren warum was weil
    weiter welche welchem welchen welcher welches wem wen wenig wenn wer werde werden wessen weshalb wie wieder
    wieso wieviel wieviele will wir wird wo woher wohin wollen wollte worauf worüber wozu wurde wurden würde zu zum
    zur zwischen""".split()
)
_ASKED = (
    (r"wie\s*viele|wie\s+(?:lange|oft|weit|hoch|alt|gro[sß]{1,2})", AnswerType.HOW_MANY),
    (r"wie\s*viel|wie\s+teuer", AnswerType.HOW_MUCH),
    (r"wann|seit\s+wann|bis\s+wann", AnswerType.WHEN),
    (r"wo|wohin|woher", AnswerType.WHERE),
    (r"wer|wen|wem|wessen", AnswerType.WHO),
    (r"warum|wieso|weshalb|weswegen", AnswerType.WHY),
    (r"wie", AnswerType.HOW),
)
_COMPILED = tuple((re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), kind) for pattern, kind in _ASKED)
_FOLDED = frozenset(word for each in _GERMAN for word in words(each))
_MIN_LETTERS = 3
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w’'-]*")


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """What a question in another language than English can be searched with.

    `known` are the words of it that the passages have, with their IDF, `names` those among them that are capitalised
    and not English, or numbers: they mean the same in every language. `share` is that of the known words in the
    question, by rarity.
    """

    known: Mapping[str, float]
    names: frozenset[str]
    share: float
    answer_type: AnswerType | None

    @property
    def query(self) -> str:
        """Return the words to search for."""
        return " ".join(self.known)


def is_german(question: str) -> bool:
    """Return whether a question's function words are German ones."""
    every = words(question)
    return sum(word in _FOLDED for word in every) >= max(1, len(every) // 4)


def read_foreign(question: str, vocabulary: Vocabulary) -> ForeignQuestion:
    """Return the content words of a question that the passages have, as written or without a genitive's "s".

    Args:
        question: on one line, not in English.
        vocabulary: counts the words of the passages that may be read.
    """
    content = [
        word
        for word in dict.fromkeys(words(question))
        if word not in _FOLDED and (len(word) >= _MIN_LETTERS or word.isdigit())
    ]
    forms = {word: (word, word.removesuffix("s")) for word in content}
    idf = vocabulary.idf([form for pair in forms.values() for form in pair])
    unknown_idf = vocabulary.unknown_idf()
    found = {word: next((form for form in pair if idf[form] < unknown_idf), None) for word, pair in forms.items()}
    known = {form: idf[form] for form in found.values() if form is not None}
    capitalised = {word for part in _CAPITALISED.findall(question) for word in words(part)}
    names = {
        form
        for word, form in found.items()
        if form and (word.isdigit() or (word in capitalised and not is_english(form)))
    }
    total = sum(idf[form] if form else unknown_idf for form in found.values())
    asked = next((kind for pattern, kind in _COMPILED if pattern.search(question)), None)
    share = sum(known.values()) / total if total else 0.0
    return ForeignQuestion(known, frozenset(names), share, asked if is_german(question) else None)
