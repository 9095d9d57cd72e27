"""Pairs of a question and one with its two actors exchanged, over a passage that tells who did it: never both yes."""

import json
from pathlib import Path
from typing import Any

from bot.answering.answer import Verdict
from bot.answering.calibration import Calibration
from bot.answering.reader.packaged import PackagedReader
from bot.answering.reader.read_hits import read_hits, read_sentences
from bot.answering.verdict.judge import judge, take_sides
from bot.answering.verdict.measures import measure_search, measure_verdict
from bot.answering.verdict.role_swap import swap_roles
from bot.answering.verdict.vetoes import read_asked
from index.search.retriever import SearchResult
from tests.bot.answering.made_hits import make_hit

PAIRS = [json.loads(line) for line in Path(__file__).with_name("swapped_roles.jsonl").read_text().splitlines()]


def verdict(reader: PackagedReader, calibration: Calibration, question: str, pair: dict[str, Any]) -> Verdict:
    """Return the verdict over the pair's passage alone."""
    hit = make_hit(pair["passage"], title=pair["title"], published_at=pair["published_at"])
    read = read_hits(reader, question, [hit])
    asked = read_asked(question)
    sentences = read_sentences(reader, question, read, 12, swapped=swap_roles(question))
    measures = measure_search(read, SearchResult([hit], [1.0], {})) | measure_verdict(read, sentences, asked)
    return judge(measures, take_sides(sentences, asked), calibration).verdict


def test_a_question_with_its_actors_exchanged_never_gets_a_yes() -> None:
    assert len(PAIRS) >= 200
    reader, calibration = PackagedReader(), Calibration.load()
    wrong = [pair["swapped"] for pair in PAIRS if verdict(reader, calibration, pair["swapped"], pair) is Verdict.YES]
    assert not wrong
