"""Articles as people have them: raw text that states neither title nor date nor publisher."""

from pathlib import Path

import pytest

from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import SentenceEmbedder

PLAIN = """The harbour ministry of Marn denied on Tuesday that it had sold patrol boats to Velden. A spokeswoman called
the reports of the sale an invention and said that no boat had left the harbour of Marn.

Two newspapers had written last week, citing unnamed traders, that Marn had sold four patrol boats to its neighbour. The
government of Velden has not answered questions about the boats.

FAQ Section
Q1: Did Marn sell the boats?
A1: Marn says that it sold no patrol boats to Velden, whatever the reports say.
"""
REAL = Path(__file__).parents[4] / "shared" / "articles"


def attache_over(paths: list[Path], tmp_path: Path, embedder: SentenceEmbedder) -> Attache:
    settings = Settings.load(None, data_dir=tmp_path / "data")
    ingest(settings, embedder, paths, IngestOptions())
    return Attache(settings, embedder=embedder)


def test_an_article_without_a_title_is_found_and_its_facts_are_unknown(
    tmp_path: Path, real_embedder: SentenceEmbedder
) -> None:
    article = tmp_path / "plain.txt"
    article.write_text(PLAIN, encoding="utf-8")
    with attache_over([article], tmp_path, real_embedder) as attache:
        answer = attache.ask("Did Marn deny selling patrol boats to Velden?")
        assert "denied on Tuesday" in answer.evidence[0].quote.text
        citation = answer.evidence[0].citation
        assert (citation.title, citation.publisher, citation.published_at) == (None, None, None)
        assert not any("A1" in each.quote.text or "whatever" in each.quote.text for each in answer.evidence)
        assert attache.ask("Which team won the chess olympiad?").is_refusal


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared articles are not here")
def test_real_articles_answer_and_none_of_their_furniture_is_quoted(
    tmp_path: Path, real_embedder: SentenceEmbedder
) -> None:
    with attache_over(sorted(REAL.glob("*.txt")), tmp_path, real_embedder) as attache:
        answer = attache.ask("Did Iran deny the missile reports?")
        assert answer.evidence
        shown = " ".join(each.quote.text for each in answer.evidence)
        assert not any(mark in shown for mark in ("A1:", "Q1:", " | ", "https://", "expert in Indian news"))
        assert attache.ask("Who is Sunil Garnayak?").is_refusal
