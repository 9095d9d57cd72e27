"""Splits text into sentences."""

from sentencex import get_sentence_boundaries

from corpus.article import Span

DEFAULT_LANGUAGE = "en"


def split_sentences(text: str, start: int, end: int, language: str | None = None) -> list[Span]:
    """Split `text[start:end]` into sentences, trimmed of white space.

    Args:
        text: the whole text that the returned offsets refer to.
        start: first character of the slice.
        end: one past its last character.
        language: ISO 639-1 code; None means English, whose rules suit other Latin scripts best.
    """
    spans = []
    for found in get_sentence_boundaries((language or DEFAULT_LANGUAGE)[:2].lower(), text[start:end]):
        raw = found["text"]
        first = start + found["start_index"] + len(raw) - len(raw.lstrip())
        last = start + found["start_index"] + len(raw.rstrip())
        if first < last:
            spans.append(Span(first, last))
    return spans
