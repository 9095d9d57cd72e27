"""No run of combining marks without bound reaches Unicode's normalisation, which takes quadratic time on it."""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.answering.question.aliases import entity_ids
from bot.answering.question.follow_up import resolve_follow_up
from bot.answering.question.kind import check_question
from bot.answering.question.understand import named_publishers
from bot.discord.views.escape import brief, escape, visible
from bot.quality.rows import contains_answer
from bot.records.sanitize import normalise_question
from corpus.article import Draft, SourceItem
from corpus.errors import AttacheError
from corpus.formats import read_path
from corpus.language import detect_language
from corpus.normalize import MAX_MARKS, bound_marks, clean_body, clean_line, normalize_unicode
from corpus.prepare import normalise
from index.terms import Terms, fold, matching_words, query_words, words
from tests.documents import docx, letter

# Two marks of different classes have to be sorted; some hide behind what cleaning removes, or decompose to two.
RUNS = {
    "alternating": "e" + "\u0301\u0327" * 300,
    "hidden": "e" + "\u0301\u034f\u0327\u200b" * 300,
    "entities": "e" + "&#769;&#807;" * 300,
    "pairs": "\u0f40" + "\u0f73" * 300,
    "no letter": "\u0323\u0307" * 300,
    "many letters": ("e" + "\u0301\u0327" * 40) * 10,
}
ENTRANCES: dict[str, Callable[[str], object]] = {
    "clean_body": clean_body,
    "clean_line": clean_line,
    "draft": lambda text: normalise(Draft(body=text, title=text, publisher=text, author=text)),
    "question": check_question,
    "earlier question": lambda text: resolve_follow_up(text, text),
    "countries": entity_ids,
    "publishers": lambda text: named_publishers(f"according to {text}", [text]),
    "stored question": normalise_question,
    "fold": fold,
    "words": words,
    "query": query_words,
    "matching": lambda text: matching_words([text], text),
    "stems": lambda text: Terms().stems(text),
    "escape": escape,
    "visible": visible,
    "brief": lambda text: brief(text, 100),
    "language": lambda text: detect_language(clean_body(f"{text} said that it rained. " * 3)),
    "answers of an evaluation": lambda text: contains_answer(text, (text,)),
}  # fmt: skip
FILES: dict[str, Callable[[str], bytes]] = {
    "a.html": lambda text: f"<html><title>{text}</title><body><article><p>{text} was said. It rained.</p>".encode(),
    "a.md": lambda text: f"---\ntitle: {text}\ndate: {text}\n---\n{text}".encode(),
    "a.txt": lambda text: text.encode(),
    "a.csv": lambda text: f'title,body,date\n"{text}","{text}","{text}"\n'.encode(),
    "a.jsonl": lambda text: f'{{"title": "{text}", "body": "{text}", "published_at": "{text}"}}\n'.encode(),
    "a.eml": lambda text: letter(f"{text} was said."),
    "a.docx": lambda text: docx(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"),
}


@pytest.fixture
def longest(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The longest run of marks that was normalised, once decomposed; our functions and the libraries' are watched."""
    inner, found = unicodedata.normalize, SimpleNamespace(run=0)

    def watched(form: str, text: str) -> str:
        run = 0
        for char in inner("NFKD", text[:2_000]):
            run = run + 1 if unicodedata.combining(char) else 0
            found.run = max(found.run, run)
        return inner(form, text)

    monkeypatch.setattr(unicodedata, "normalize", watched)
    monkeypatch.setattr("trafilatura.utils.normalize", watched)
    return found


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("entrance", ENTRANCES.values(), ids=ENTRANCES)
def test_a_run_of_marks_is_bounded_before_it_is_normalised(
    entrance: Callable[[str], object], run: str, longest: SimpleNamespace
) -> None:
    # Marks alone are refused, as no words.
    with suppress(AttacheError):
        entrance(run)
    assert longest.run <= 2 * MAX_MARKS


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("name", FILES)
def test_no_reader_hands_a_run_of_marks_on(name: str, run: str, tmp_path: Path, longest: SimpleNamespace) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name](run))
    for item in read_path(path, max_bytes=1_000_000):
        assert isinstance(item, SourceItem), item
        assert clean_body(item.parse().body)
    assert longest.run <= 2 * MAX_MARKS


def test_text_that_somebody_writes_keeps_every_mark() -> None:
    for text in ("Việt Nam, ngày mồng một", "שָׁלוֹם עֲלֵיכֶם", "e" + "\u0301" * MAX_MARKS, "की नीति — “…”", "————" * 20):
        assert bound_marks(text) == text
        assert normalize_unicode("NFD", text) == unicodedata.normalize("NFD", text)
