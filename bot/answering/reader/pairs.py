"""Cuts a question and a text into the tokens that the reader's network gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from bot.answering.reader.relations import Excerpt

# Tokens of a question, heading and text together; 99% of passages with their heading have fewer than 256, but sentences
# of several articles are read together, too.
WINDOW = 384
_QUESTION = 64
_HEADING = 48
# Ids of BERT's uncased vocabulary; the full stop keeps the heading apart from the text.
_CLS, _SEP, _STOP = 101, 102, 1012


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens of `[CLS] question [SEP] heading . text [SEP]`.

    `second` is where the second segment begins, `first` the text's first token; `offsets` are the characters of the
    text's tokens. A text that is too long is cut.
    """

    ids: list[int]
    second: int
    first: int
    offsets: list[tuple[int, int]]


def load_pair_tokenizer(folder: Path) -> Tokenizer:
    """Load a model's tokenizer, which neither pads nor cuts."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def make_pairs(tokenizer: Tokenizer, questions: Sequence[str], excerpts: Sequence[Excerpt]) -> list[Pair]:
    """Cut questions and texts, one of each a pair, with the tokenizer of `load_pair_tokenizer`."""

    def encode(texts: list[str]) -> Sequence[tuple[list[int], list[tuple[int, int]]]]:
        return [(each.ids, each.offsets) for each in tokenizer.encode_batch(texts, add_special_tokens=False)]

    asked = dict(zip(distinct := list(dict.fromkeys(questions)), encode(distinct), strict=True))
    headings, texts = encode([each.heading for each in excerpts]), encode([each.text for each in excerpts])
    pairs = []
    for question, (heading, _), (text, offsets) in zip(questions, headings, texts, strict=True):
        head = [_CLS, *asked[question][0][:_QUESTION], _SEP]
        before = [*heading[:_HEADING], _STOP] if heading else []
        room = WINDOW - len(head) - len(before) - 1
        ids = [*head, *before, *text[:room], _SEP]
        pairs.append(Pair(ids, len(head), len(head) + len(before), offsets[:room]))
    return pairs
