"""One run of all runtimes in one process, in turn: `compare` starts it in the environment that has them."""

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
from evals.speed.open_folder import embedder_of, passages_of
from index.embedding.embedder import SentenceEmbedder, batches, load_plain
from index.embedding.encoder import Read
from index.embedding.vector_store import Embeddings
from index.search.query import searchable

Inputs = dict[str, np.ndarray]
NAMES = ("input_ids", "attention_mask", "token_type_ids")
COUNT = 5
QUESTIONS_TIMED, QUESTIONS_FOUND = 3, 200


class Whole(torch.nn.Module):
    """A model with its mean over pieces and its norm, as one function of the pieces."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        given = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        states = self.network(**given).last_hidden_state
        seen = attention_mask.unsqueeze(-1).to(states.dtype)
        return torch.nn.functional.normalize((states * seen).sum(1) / seen.sum(1).clamp(min=1e-9), dim=1)


def exported(embedder: SentenceEmbedder, path: Path) -> Path:
    """The float32 model as an ONNX file."""
    if not path.exists():
        ids = torch.ones(3, 24, dtype=torch.long)
        rows, width = torch.export.Dim("rows", min=1, max=4096), torch.export.Dim("width", min=2, max=512)
        torch.onnx.export(
            Whole(load_plain(embedder.source)[0].auto_model).eval(),
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            path,
            dynamo=True,
            dynamic_shapes={name: {0: rows, 1: width} for name in NAMES},
            input_names=list(NAMES),
            external_data=False,
        )
    return path


def runtimes(embedder: SentenceEmbedder, path: Path) -> dict[str, Callable[[Inputs], np.ndarray]]:
    """Each runtime on one thread: arrays of pieces to vectors."""
    encoder = embedder.load()

    def ours(given: Inputs) -> np.ndarray:
        with torch.inference_mode():
            rows = zip(given["input_ids"], given["attention_mask"], strict=True)
            pooled = encoder.encode([Read("", ids[seen == 1].tolist()) for ids, seen in rows])
            return torch.nn.functional.normalize(pooled.float(), dim=1).numpy()

    found: dict[str, Callable[[Inputs], np.ndarray]] = {"PyTorch, bfloat16 (ours)": ours}
    core = openvino.Core()
    for name, precision in (("OpenVINO, bfloat16", "bf16"), ("OpenVINO, float32", "f32")):
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        request = core.compile_model(str(path), "CPU", settings).create_infer_request()
        found[name] = lambda given, request=request: np.array(next(iter(request.infer(given).values())))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    found["ONNX Runtime, float32"] = lambda given: session.run(None, given)[0]
    return found


def pieces(embedder: SentenceEmbedder, texts: list[str]) -> list[tuple[list[int], Inputs]]:
    """Places and pieces of each batch that ours would make, padded on the right."""
    encoder = embedder.load()
    read = encoder.read(texts)
    found = []
    for places in batches([len(each.ids) for each in read], encoder):
        width = len(read[places[0]].ids)
        ids = np.zeros((len(places), width), dtype=np.int64)
        seen = np.zeros_like(ids)
        for row, place in enumerate(places):
            ids[row, : len(read[place].ids)], seen[row, : len(read[place].ids)] = read[place].ids, 1
        found.append((places, dict(zip(NAMES, (ids, seen, np.zeros_like(ids)), strict=True))))
    return found


def in_turn(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Processor time of the best round of each, in milliseconds: every round does all of them once."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            began = time.process_time()
            work()
            best[name] = min(best[name], (time.process_time() - began) * 1000)
    return best


def nearest(db: Database, embedder: SentenceEmbedder, vectors: np.ndarray) -> list[list[int]]:
    """Articles of the passages nearest to each vector, by the stored vectors alone."""
    stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
    article = dict(db.execute("SELECT id, article_id FROM passages").fetchall())
    order = np.argsort(-(vectors @ stored.vectors.T), axis=1)[:, :COUNT]
    return [[article[int(stored.ids[place])] for place in row] for row in order]


def main() -> None:
    data, questions, work, passages, rounds = sys.argv[1:]
    settings = Settings.load(env_file=None, data_dir=Path(data))
    embedder = embedder_of(settings)
    assert isinstance(embedder, SentenceEmbedder)
    embedder.load()
    sides = runtimes(embedder, exported(embedder, Path(work) / "model.onnx"))
    torch.set_num_threads(1)
    rows = [row for row in read_rows(Path(questions)) if row.answerable and row.article_ids][:QUESTIONS_FOUND]
    asked = [searchable(row.question) for row in rows]
    texts = passages_of(settings, int(passages))
    plain = load_plain(embedder.source).encode(texts, normalize_embeddings=True, show_progress_bar=False)
    made_of = pieces(embedder, texts)
    alone = [pieces(embedder, [text])[0][1] for text in asked]
    found: dict[str, dict[str, Any]] = {name: {} for name in sides}
    for name, side in sides.items():
        made = np.empty_like(plain)
        for places, given in made_of:
            made[places] = side(given)
        cosines = (made * plain).sum(axis=1) / np.linalg.norm(made, axis=1)
        found[name]["least cosine, passages"] = round(float(cosines.min()), 5)
        with reading(settings.data_dir) as db:
            hits = nearest(db, embedder, np.concatenate([side(given) for given in alone]))
            right = [
                {each[0] for each in db.execute(f"SELECT id FROM articles WHERE external_id IN ({marks})", ids)}
                for ids, marks in ((row.article_ids, ",".join("?" * len(row.article_ids))) for row in rows)
            ]
        found[name]["hit@5"] = sum(bool(ids & set(row)) for ids, row in zip(right, hits, strict=True)) / len(rows)
    widths = sorted(alone, key=lambda given: given["input_ids"].shape[1])
    for place in range(QUESTIONS_TIMED):
        given = widths[(len(widths) - 1) * place // (QUESTIONS_TIMED - 1)]
        works = {name: lambda side=side, given=given: side(given) for name, side in sides.items()}
        for name, best in in_turn(works, int(rounds) * 10).items():
            found[name][f"a question of {given['input_ids'].shape[1]} pieces, ms"] = round(best, 2)
    works = {name: lambda side=side: [side(given) for _, given in made_of] for name, side in sides.items()}
    for name, best in in_turn(works, int(rounds)).items():
        found[name][f"{len(texts)} passages, ms"] = round(best)
    sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
