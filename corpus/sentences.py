"""Where sentences begin and end."""

from sentencex import get_sentence_boundaries

from corpus.article import Span

DEFAULT_LANGUAGE = "en"


def split_sentences(text: str, start: int, end: int, language: str | None = None) -> list[Span]:
    """Cuts `text[start:end]` into sentences, trimmed of surrounding white space.

    Args:
        text: the whole text that the returned offsets refer to.
        start: first character of the slice to cut.
        end: one past its last character.
        language: ISO 639-1 code; None is taken as English, whose rules do least harm to other Latin scripts.
    """
    spans = []
    for found in get_sentence_boundaries((language or DEFAULT_LANGUAGE)[:2].lower(), text[start:end]):
        raw = found["text"]
        first = start + found["start_index"] + len(raw) - len(raw.lstrip())
        last = start + found["start_index"] + len(raw.rstrip())
        if first < last:
            spans.append(Span(first, last))
    return spans
