"""Trains the reader in stages, with checkpoints from which a stopped training goes on."""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn import functional

from bot.answering.reader.pairs import Pair, make_pairs
from bot.answering.reader.reading import RELATIONS, Excerpt, Relation
from evals.reader.reader_network import Outputs, ReaderNetwork
from evals.reader.reader_rows import Example, vary

WEIGHT_DECAY = 0.01
WARM_UP = 0.06
CLIP = 1.0
# The steps between two checkpoints; one is written in a second.
CHECKPOINT_STEPS = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of training: which examples, how many passes, how fast it learns, and whether each pass varies them."""

    name: str
    examples: Sequence[Example]
    passes: int
    rate: float
    is_varied: bool = False
    tokens_per_batch: int = 4096


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as piece ids, with span positions; `spans` is None where none are annotated."""

    ids: list[int]
    kinds: list[int]
    spans: list[tuple[int, int]] | None
    relation: int | None
    not_relation: int | None
    relevant: float | None


def encode(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Encoded]:
    """Cut examples into pieces; an answer that the window cuts off counts as none."""
    pairs = make_pairs(
        tokenizer, [each.question for each in examples], [Excerpt(each.heading, each.passage) for each in examples]
    )
    return [_encoded(*each) for each in zip(examples, pairs, strict=True)]


def _encoded(example: Example, pair: Pair) -> Encoded:
    spans = None
    if example.spans is not None:
        spans = [span for each in example.spans if (span := _pieces(pair.offsets, *each, pair.first))]
    relation, not_relation = (
        None if each is None else RELATIONS.index(Relation(each)) for each in (example.relation, example.not_relation)
    )
    relevant = None if example.relevant is None else float(example.relevant)
    kinds = [0] * pair.second + [1] * (len(pair.ids) - pair.second)
    return Encoded(pair.ids, kinds, spans, relation, not_relation, relevant)


def _pieces(offsets: Sequence[tuple[int, int]], start: int, end: int, base: int) -> tuple[int, int] | None:
    """The first and last piece of a span of characters."""
    inside = [place for place, (a, b) in enumerate(offsets) if a < end and b > start]
    return (base + inside[0], base + inside[-1]) if inside else None


def batches(rows: Sequence[Encoded], tokens: int, seed: int) -> list[list[int]]:
    """Group rows of like length into batches of at most `tokens` pieces, in random order."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids) + chance.random() * 6)
    found: list[list[int]] = []
    for at in order:
        if not found or (len(found[-1]) + 1) * -(-len(rows[at].ids) // 8) * 8 > tokens:
            found.append([])
        found[-1].append(at)
    chance.shuffle(found)
    return found


def collate(rows: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad a batch to a multiple of eight pieces: ids, kinds, mask."""
    width = -(-max(len(each.ids) for each in rows) // 8) * 8
    ids, kinds, mask = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
    for at, row in enumerate(rows):
        ids[at, : len(row.ids)] = torch.tensor(row.ids)
        kinds[at, : len(row.kinds)] = torch.tensor(row.kinds)
        mask[at, : len(row.ids)] = 1
    return ids, kinds, mask


def loss_of(outputs: Outputs, rows: Sequence[Encoded]) -> torch.Tensor:
    """The sum of the heads' losses, each the mean over the rows that annotate it."""
    total = outputs.relation.new_zeros(())
    labelled = [at for at, row in enumerate(rows) if row.relation is not None]
    if labelled:
        wanted = torch.tensor([rows[at].relation for at in labelled])
        share = len(labelled) / len(rows)
        total = total + share * functional.cross_entropy(outputs.relation[labelled], wanted, label_smoothing=0.03)
    excluded = [at for at, row in enumerate(rows) if row.not_relation is not None]
    if excluded:
        chosen = outputs.relation[excluded].softmax(-1)
        wrong = chosen[range(len(excluded)), [rows[at].not_relation for at in excluded]]
        total = total - 0.5 * len(excluded) / len(rows) * torch.log1p(-wrong.clamp(max=0.999)).mean()
    judged = [at for at, row in enumerate(rows) if row.relevant is not None]
    if judged:
        wanted = torch.tensor([rows[at].relevant for at in judged])
        total = total + 0.3 * len(judged) / len(rows) * functional.binary_cross_entropy_with_logits(
            outputs.relevance[judged], wanted
        )
    spanned = [at for at, row in enumerate(rows) if row.spans is not None]
    if spanned:
        total = total + 0.3 * len(spanned) / len(rows) * _span_loss(outputs, rows, spanned)
    return total


def _span_loss(outputs: Outputs, rows: Sequence[Encoded], spanned: Sequence[int]) -> torch.Tensor:
    """Any of a row's spans is right; position 0 where it has none (Clark and Gardner 2018, marginal likelihood)."""
    parts = []
    for scores, which in ((outputs.start, 0), (outputs.end, 1)):
        logs = scores[spanned].log_softmax(-1)
        for at, log in zip(spanned, logs, strict=True):
            right = sorted({span[which] for span in rows[at].spans or []}) or [0]
            parts.append(-torch.logsumexp(log[right], 0))
    return torch.stack(parts).mean()


def train(
    network: ReaderNetwork,
    tokenizer: Tokenizer,
    stages: Sequence[Stage],
    folder: Path,
    *,
    seed: int = 1,
    report: Callable[[str], None] = print,
) -> None:
    """Train over the stages; a folder that holds a checkpoint goes on from there."""
    state: dict[str, Any] = {"stage": 0, "step": 0}
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(state["network"])
        report(f"going on at stage {state['stage']} step {state['step']}")
    for number, stage in enumerate(stages):
        if number < state["stage"]:
            continue
        _train_stage(network, tokenizer, stage, number, state, checkpoint, seed, report)
        state = {"stage": number + 1, "step": 0, "network": network.state_dict(), "optimizer": None}
        _save(state, checkpoint)


def _train_stage(
    network: ReaderNetwork,
    tokenizer: Tokenizer,
    stage: Stage,
    number: int,
    state: dict[str, Any],
    checkpoint: Path,
    seed: int,
    report: Callable[[str], None],
) -> None:
    plan = []
    for turn in range(stage.passes):
        rows = encode(tokenizer, vary(stage.examples, turn) if stage.is_varied else stage.examples)
        plan += [[rows[at] for at in batch] for batch in batches(rows, stage.tokens_per_batch, seed + 1000 * turn)]
    optimizer = torch.optim.AdamW(
        [each for each in network.parameters() if each.requires_grad], lr=stage.rate, weight_decay=WEIGHT_DECAY
    )
    if state.get("optimizer"):
        optimizer.load_state_dict(state["optimizer"])
    warm = max(1, int(WARM_UP * len(plan)))
    began, pieces, losses = time.monotonic(), 0, []
    network.train()
    for step in range(state["step"], len(plan)):
        scale = min((step + 1) / warm, 0.5 * (1 + math.cos(math.pi * max(0, step - warm) / max(1, len(plan) - warm))))
        for group in optimizer.param_groups:
            group["lr"] = stage.rate * max(scale, 0.02)
        batch = plan[step]
        ids, kinds, mask = collate(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = network(ids, kinds, mask)
        loss = loss_of(outputs, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call] # torch states no types here
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimizer.step()
        losses.append(float(loss.detach()))
        pieces += int(mask.sum())
        if (step + 1) % CHECKPOINT_STEPS == 0:
            rate = pieces / (time.monotonic() - began)
            mean = sum(losses[-CHECKPOINT_STEPS:]) / len(losses[-CHECKPOINT_STEPS:])
            report(f"{stage.name} {step + 1}/{len(plan)} loss {mean:.4f} {rate:.0f} pieces/s")
            _save(
                {
                    "stage": number,
                    "step": step + 1,
                    "network": network.state_dict(),
                    "optimizer": optimizer.state_dict(),
                },
                checkpoint,
            )


def _save(state: dict[str, Any], path: Path) -> None:
    aside = path.with_suffix(".part")
    torch.save(state, aside)
    aside.replace(path)


def save_weights(network: ReaderNetwork, path: Path) -> None:
    """Write what `bot.answering.reader` loads: all but the word embeddings, the encoder in bfloat16."""
    weights = {}
    for name, tensor in network.state_dict().items():
        if name.startswith("encoder."):
            if "word_embeddings" not in name and "position_ids" not in name:
                weights[name.removeprefix("encoder.")] = tensor.to(torch.bfloat16).contiguous()
        else:
            weights[name] = tensor.float().contiguous()
    save_file(weights, path)


def predict(
    network: ReaderNetwork, tokenizer: Tokenizer, examples: Sequence[Example], tokens: int = 8192
) -> Iterator[tuple[int, list[float], float, tuple[int, int] | None, float]]:
    """Yield place, relation probabilities, relevance, span (characters of the passage) and span score of examples."""
    network.eval()
    rows = encode(tokenizer, examples)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in batches(rows, tokens, 0):
            outputs = network(*collate([rows[at] for at in batch]))
            relation, relevance = outputs.relation.softmax(-1), outputs.relevance.sigmoid()
            for place, at in enumerate(batch):
                start, end = outputs.start[place], outputs.end[place]
                scores = start[:, None] + end[None, :]
                scores = scores.triu().tril(40)
                scores[0] = scores[:, 0] = -1e4
                best = int(scores.argmax())
                first, last = best // scores.shape[1], best % scores.shape[1]
                margin = float(scores.flatten()[best] - (start[0] + end[0]))
                yield at, relation[place].tolist(), float(relevance[place]), (first, last), margin


def measure_relations(network: ReaderNetwork, tokenizer: Tokenizer, examples: Sequence[Example]) -> dict[str, Any]:
    """Measure accuracy, yes told for no or the reverse (of those that are yes or no), and recall by relation."""
    right, totals, flips = dict.fromkeys(RELATIONS, 0), dict.fromkeys(RELATIONS, 0), 0
    for at, probabilities, *_ in predict(network, tokenizer, examples):
        wanted = Relation(str(examples[at].relation))
        given = RELATIONS[max(range(len(RELATIONS)), key=probabilities.__getitem__)]
        totals[wanted] += 1
        right[wanted] += given == wanted
        flips += {given, wanted} == {Relation.YES, Relation.NO}
    settled = totals[Relation.YES] + totals[Relation.NO]
    return {
        "rows": len(examples),
        "accuracy": round(sum(right.values()) / max(1, len(examples)), 4),
        "flips": round(flips / max(1, settled), 4),
        "recall": {name.value: round(right[name] / totals[name], 3) for name in RELATIONS if totals[name]},
    }


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load the packaged model's tokenizer, which neither pads nor cuts."""
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found
