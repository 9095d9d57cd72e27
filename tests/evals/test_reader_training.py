"""`python -m evals train reader`: a few rows, a checkpoint, figures; a second run goes on from the checkpoint."""

from pathlib import Path

from tests.bot.conftest import Attache


def test_a_few_rows_train_and_a_second_run_has_nothing_left_to_do(evals: Attache, tmp_path: Path) -> None:
    first = evals("train", "reader", tmp_path / "out", "--limit", 8, "--json")
    assert (first.code, first.json["kind"]) == (0, "train_reader")
    assert first.json["yes_no_rows"] + first.json["open_rows"] == 8
    assert 0 <= first.json["six_labels"] <= 1
    assert (tmp_path / "out" / "checkpoint.pt").is_file()
    again = evals("train", "reader", tmp_path / "out", "--limit", 8, "--json")
    assert again.json == first.json
    assert "going on" in again.err
