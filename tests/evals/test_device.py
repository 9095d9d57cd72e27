"""`python -m evals device`: what it measures on this machine, and how it ends where results differ."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.speed.device_speed import count_operations
from index.embedding.embedder import SentenceEmbedder
from tests.bot.conftest import Attache as CommandLine

BRIEFLY = ("--passages", 8, "--rounds", 1)


def test_the_processor_is_measured_without_a_corpus_and_its_vectors_are_those_of_float32(
    evals: CommandLine, tmp_path: Path
) -> None:
    run = evals("device", *BRIEFLY, "--json", data=tmp_path / "none")
    assert run.code == 0
    assert (run.json["kind"], run.json["passages"]) == ("device", 8)
    first = run.json["devices"][0]
    assert first["device"] == "cpu"
    assert first["encode_cosine"] >= 0.999
    assert all(first[name] > 0 for name in ("passages_per_s", "read_per_s", "peak_gflops", "encode_share_of_peak"))
    assert not (tmp_path / "none").exists()


def test_a_device_that_is_not_there_is_told_and_vectors_that_differ_end_with_an_error(
    evals: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Opposite:
        def encode(self, texts: list[str], **_: Any) -> np.ndarray:
            return -SentenceEmbedder("all-MiniLM-L6-v2").encode(texts)

    monkeypatch.setenv("ATTACHE_DEVICE", "cuda:99")
    monkeypatch.setattr("evals.speed.device_speed.load_reference_model", lambda _source: Opposite())
    run = evals("device", *BRIEFLY, data=tmp_path / "none")
    assert run.code == 1
    assert "the device cuda:99 can't be used" in run.err
    assert "Results differ" in run.err


def test_operations_are_those_of_the_layers_and_of_attention(real_embedder: SentenceEmbedder) -> None:
    encoder = real_embedder.load()
    # Six layers of width 384: queries, keys, values, output, and two products of 4 x 384; for n tokens n x n attention.
    of_token = 6 * 2 * (4 * 384**2 + 2 * 4 * 384**2)
    assert count_operations(encoder.network, encoder.attention, [10, 20]) == 30 * of_token + 6 * 4 * 384 * (100 + 400)
