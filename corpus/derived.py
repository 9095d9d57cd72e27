"""Computes what follows from an article's text alone: its language, its passages and its signature."""

from dataclasses import dataclass

from corpus.article import Span
from corpus.language import detect_language
from corpus.passages import cut_passages
from corpus.signatures import Signature, sign


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from a text: its language (ISO 639-1, or what the source states), passages and signature."""

    language: str | None
    passages: tuple[Span, ...]
    signature: Signature


def derive(body: str, stated_language: str | None) -> Derived:
    """Compute what follows from an article's cleaned text and the language that its source states."""
    language = detect_language(body, stated_language)
    return Derived(language, tuple(cut_passages(body, language)), sign(body))
