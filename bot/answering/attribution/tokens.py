"""Splits a text into tokens, with the features of each that need no model."""

import re
from dataclasses import dataclass, field

from corpus.article import Span

# A dot after these ends no sentence. Initials and "U.S." are recognised by their form.
_ABBREVIATIONS = "|".join(
    """Mr Mrs Ms Dr Prof Rev Hon Sen Gov Rep Gen Lt Col Sgt Capt Maj Adm Pres St Jr Sr Inc Ltd Co Corp vs No Jan Feb Mar
    Apr Aug Sept Sep Oct Nov Dec""".split()
)
_TOKEN = re.compile(
    rf"""
    (?:{_ABBREVIATIONS})\.(?=\s)        # Mr.
    | (?:[^\W\d_]\.)+(?:[^\W\d_](?=\s))?   # U.S., J.
    | \d+(?:[.,]\d+)*                   # 1,200.50
    | ['’]s\b                           # the possessive
    | [^\W_]+(?:['’](?!s\b)[^\W_]+)?    # words; didn't is one
    | ''|``                             # double quotes as some agencies write them
    | [^\s]
    """,
    re.VERBOSE,
)
OPEN_QUOTE, CLOSE_QUOTE = "“", "”"
_DOUBLE_QUOTES = {'"', "''", "``", "“", "”", "„", "«", "»"}
_ENDS = frozenset(".!?")
# Allowed between two sentences.
_AFTER_END = frozenset((CLOSE_QUOTE, "'", ")", "]"))

LOWER, CAPITALISED, UPPER, NUMBER, MARK = range(5)
NAME_KINDS = frozenset((CAPITALISED, UPPER))
_BEGINNING_KINDS = frozenset((CAPITALISED, UPPER, NUMBER))
_BEGINNING_MARKS = frozenset((OPEN_QUOTE, "‘", "(", "["))


@dataclass(slots=True)
class Tokens:
    """The tokens of one text, as parallel lists.

    `words` are lower-cased, with straight apostrophes and with double quotes made opening or closing ones. `kinds` are
    LOWER to MARK. `opens_line`: the token is the first of its line. `quoted`: it is inside double quotes. `sentences`
    number the sentence of each token.
    """

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    opens_line: list[bool] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, first: int, last: int) -> Span:
        """Return the character offsets of the tokens `[first, last)`."""
        return Span(self.starts[first], self.ends[last - 1])

    def continues_name(self, index: int) -> bool:
        """Return whether a token and the one before it are capitalised words on one line."""
        is_name = self.kinds[index] in NAME_KINDS and self.kinds[index - 1] in NAME_KINDS
        return is_name and not self.opens_line[index]

    def string(self, first: int, last: int) -> str:
        """Return the text of the tokens `[first, last)`."""
        return self.text[self.starts[first] : self.ends[last - 1]]


def tokenize(text: str) -> Tokens:
    """Split a text into tokens, in linear time."""
    tokens = Tokens(text)
    found = [(*each.span(), each.group()) for each in _TOKEN.finditer(text)]
    tokens.starts = [start for start, _, _ in found]
    tokens.ends = [end for _, end, _ in found]
    tokens.words = [raw.lower().replace("’", "'") for _, _, raw in found]
    tokens.kinds = [_kind(raw) for _, _, raw in found]
    tokens.opens_line = [
        not index or (start > tokens.ends[index - 1] and "\n" in text[tokens.ends[index - 1] : start])
        for index, start in enumerate(tokens.starts)
    ]
    _mark_quotes(tokens)
    _number_sentences(tokens)
    return tokens


def _kind(raw: str) -> int:
    first = raw[0]
    if first.isalpha():
        if not first.isupper():
            return LOWER
        return UPPER if len(raw) > 1 and raw.isupper() else CAPITALISED
    if first.isdigit():
        return NUMBER
    return LOWER if len(raw) > 1 and raw[-1] == "s" else MARK


def _mark_quotes(tokens: Tokens) -> None:
    """Make double quotes opening or closing ones, and mark the tokens between them.

    A straight quote opens when none is open. An unclosed quote ends with its line: speeches of several paragraphs
    reopen the quote in each.
    """
    is_open = False
    for index, word in enumerate(tokens.words):
        if tokens.opens_line[index]:
            is_open = False
        if word in _DOUBLE_QUOTES:
            is_open = word in "“„«``" or (word not in "”»" and not is_open and not _closes(tokens, index))
            tokens.words[index] = OPEN_QUOTE if is_open else CLOSE_QUOTE
        tokens.quoted.append(is_open)


def _closes(tokens: Tokens, index: int) -> bool:
    """Return whether a straight quote can only be a closing one: right after a word and not before one."""
    start, end = tokens.starts[index], tokens.ends[index]
    before = tokens.text[start - 1 : start]
    return bool(before) and not before.isspace() and before not in "(-—–[" and not tokens.text[end : end + 1].isalnum()


def _number_sentences(tokens: Tokens) -> None:
    sentence = -1
    ended = True
    for word, kind, opens_line in zip(tokens.words, tokens.kinds, tokens.opens_line, strict=True):
        if opens_line or (ended and (kind in _BEGINNING_KINDS or word in _BEGINNING_MARKS)):
            sentence += 1
        tokens.sentences.append(sentence)
        if word in _ENDS:
            ended = True
        elif word not in _AFTER_END:
            ended = False
