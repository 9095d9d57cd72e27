"""What the benchmark of many questions at once measures, and what it leaves behind."""

from bot.evaluation.loading import ALONE, bench_load
from bot.records.store import RECORDS_NAME
from bot.service import Attache


async def test_many_questions_are_measured_and_none_gets_into_the_records_of_people(attache: Attache):
    texts = [f"Did Arland deny sending rocket number {number}?" for number in range(ALONE + 3)]
    found = await bench_load(attache, texts, questions=20, distinct=3)
    assert (found.questions, found.distinct) == (20, 3)
    assert 0 < found.p50_ms <= found.p95_ms
    assert not (attache.settings.data_dir / RECORDS_NAME).exists()
