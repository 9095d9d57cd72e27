"""Measures all runtimes in turn in one process, started by `compare_runtimes`."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import openvino
import torch
from sqlite_utils import Database

from bot.quality.rows import read_rows
from bot.service.sessions import reading
from bot.settings import Settings
from evals.speed.open_folder import open_embedder, sample_passages
from index.embedding.embedder import SentenceEmbedder, batches, load_reference_model
from index.embedding.encoder import Tokenized
from index.embedding.vector_store import Embeddings
from index.search.query import strip_time_words

Inputs = dict[str, np.ndarray]
NAMES = ("input_ids", "attention_mask", "token_type_ids")
COUNT = 5
QUESTIONS_TIMED, QUESTIONS_SEARCHED = 3, 200


class PooledModel(torch.nn.Module):
    """A model with mean pooling and normalisation."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        """Return the unit vectors `(texts, dimension)` of tokenised texts."""
        inputs = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        states = self.network(**inputs).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1e-9), dim=1)


def export_onnx(embedder: SentenceEmbedder, path: Path) -> Path:
    """Export the float32 model, unless the file exists."""
    if not path.exists():
        ids = torch.ones(3, 24, dtype=torch.long)
        rows, width = torch.export.Dim("rows", min=1, max=4096), torch.export.Dim("width", min=2, max=512)
        torch.onnx.export(
            PooledModel(load_reference_model(embedder.source)[0].auto_model).eval(),
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            path,
            dynamo=True,
            dynamic_shapes={name: {0: rows, 1: width} for name in NAMES},
            input_names=list(NAMES),
            external_data=False,
        )
    return path


def runtimes(embedder: SentenceEmbedder, path: Path) -> dict[str, Callable[[Inputs], np.ndarray]]:
    """Return a function from token arrays to vectors for each runtime, on one thread."""
    encoder = embedder.load()

    def ours(inputs: Inputs) -> np.ndarray:
        with torch.inference_mode():
            rows = zip(inputs["input_ids"], inputs["attention_mask"], strict=True)
            pooled = encoder.encode([Tokenized("", ids[mask == 1].tolist()) for ids, mask in rows])
            return torch.nn.functional.normalize(pooled.float(), dim=1).numpy()

    functions: dict[str, Callable[[Inputs], np.ndarray]] = {"PyTorch, bfloat16 (ours)": ours}
    core = openvino.Core()
    for name, precision in (("OpenVINO, bfloat16", "bf16"), ("OpenVINO, float32", "f32")):
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        request = core.compile_model(str(path), "CPU", settings).create_infer_request()
        functions[name] = lambda inputs, request=request: np.array(next(iter(request.infer(inputs).values())))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    functions["ONNX Runtime, float32"] = lambda inputs: session.run(None, inputs)[0]
    return functions


def tokenize_batches(embedder: SentenceEmbedder, texts: list[str]) -> list[tuple[list[int], Inputs]]:
    """Return the texts' indices and token arrays of each batch that our encoder makes, padded on the right."""
    encoder = embedder.load()
    tokenized = encoder.tokenize(texts)
    result = []
    for numbers in batches([len(each.ids) for each in tokenized], encoder.device):
        width = len(tokenized[numbers[0]].ids)
        ids = np.zeros((len(numbers), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, number in enumerate(numbers):
            tokens = tokenized[number].ids
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        result.append((numbers, dict(zip(NAMES, (ids, mask, np.zeros_like(ids)), strict=True))))
    return result


def best_times(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the CPU milliseconds of each one's best round; every round runs all of them."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            began = time.process_time()
            work()
            best[name] = min(best[name], (time.process_time() - began) * 1000)
    return best


def nearest(db: Database, embedder: SentenceEmbedder, vectors: np.ndarray) -> list[list[int]]:
    """Return the articles of the passages nearest to each vector."""
    stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
    article_of = dict(db.execute("SELECT id, article_id FROM passages").fetchall())
    order = np.argsort(-(vectors @ stored.vectors.T), axis=1)[:, :COUNT]
    return [[article_of[int(stored.ids[rank])] for rank in row] for row in order]


def main() -> None:
    """Measure each runtime: how near its vectors are, what it finds, and how long it takes."""
    data, questions, work, passages, rounds = sys.argv[1:]
    settings = Settings.load(env_file=None, data_dir=Path(data))
    embedder = open_embedder(settings)
    assert isinstance(embedder, SentenceEmbedder)
    embedder.load()
    sides = runtimes(embedder, export_onnx(embedder, Path(work) / "model.onnx"))
    torch.set_num_threads(1)
    rows = [row for row in read_rows(Path(questions)) if row.answerable and row.article_ids][:QUESTIONS_SEARCHED]
    queries = [strip_time_words(row.question) for row in rows]
    texts = sample_passages(settings, int(passages))
    plain = load_reference_model(embedder.source).encode(texts, normalize_embeddings=True, show_progress_bar=False)
    batched = tokenize_batches(embedder, texts)
    alone = [tokenize_batches(embedder, [text])[0][1] for text in queries]
    figures: dict[str, dict[str, Any]] = {name: {} for name in sides}
    for name, side in sides.items():
        vectors = np.empty_like(plain)
        for numbers, inputs in batched:
            vectors[numbers] = side(inputs)
        cosines = (vectors * plain).sum(axis=1) / np.linalg.norm(vectors, axis=1)
        figures[name]["least cosine, passages"] = round(float(cosines.min()), 5)
        with reading(settings.data_dir) as db:
            hits = nearest(db, embedder, np.concatenate([side(inputs) for inputs in alone]))
            right = [
                {each[0] for each in db.execute(f"SELECT id FROM articles WHERE external_id IN ({marks})", ids)}
                for ids, marks in ((row.article_ids, ",".join("?" * len(row.article_ids))) for row in rows)
            ]
        figures[name]["hit@5"] = sum(bool(ids & set(row)) for ids, row in zip(right, hits, strict=True)) / len(rows)
    by_width = sorted(alone, key=lambda inputs: inputs["input_ids"].shape[1])
    for number in range(QUESTIONS_TIMED):
        inputs = by_width[(len(by_width) - 1) * number // (QUESTIONS_TIMED - 1)]
        works = {name: lambda side=side, inputs=inputs: side(inputs) for name, side in sides.items()}
        for name, best in best_times(works, int(rounds) * 10).items():
            figures[name][f"a question of {inputs['input_ids'].shape[1]} pieces, ms"] = round(best, 2)
    works = {name: lambda side=side: [side(inputs) for _, inputs in batched] for name, side in sides.items()}
    for name, best in best_times(works, int(rounds)).items():
        figures[name][f"{len(texts)} passages, ms"] = round(best)
    sys.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
