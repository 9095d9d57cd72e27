"""`bench indexes`: the index in the data folder and the one in Milvus side by side, with judged questions."""

from pathlib import Path

import pytest

from bot.settings import Settings
from corpus.errors import BadInput
from evals.speed.index_speed import bench_indexes, read_judged
from evals.speed.made import QUESTIONS_FILE
from evals.speed.resample import make_folder
from tests.fakes import HashingEmbedder
from tests.milvus import MilvusServer, require_milvus


def test_both_indexes_find_the_same_for_judged_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_milvus()
    monkeypatch.setattr("evals.speed.open_folder.SentenceEmbedder", lambda *_: HashingEmbedder())
    make_folder(None, tmp_path / "made", 200, 1, HashingEmbedder())
    with MilvusServer(tmp_path / "milvus") as server:
        settings = Settings.load(None, data_dir=tmp_path / "made", index=server.address("bench"))
        bench = bench_indexes(settings, 10, read_judged(tmp_path / "made" / QUESTIONS_FILE))
    median = {each.name: each.median for each in bench.figures}
    assert median["data folder, hit@5"] == median["Milvus, hit@5"] > 0
    assert all(value >= 0.99 for name, value in median.items() if name.startswith("Milvus") and "share" in name)


@pytest.mark.parametrize("text", ["", "{", '{"question": "Who?"}', '{"question": "Who?", "article_ids": []}', "[]"])
def test_a_file_without_judged_questions_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"judged\.jsonl"):
        read_judged(path)
    with pytest.raises(BadInput, match="none"):
        read_judged(tmp_path / "none")
