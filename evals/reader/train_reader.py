"""Trains the reader in stages, with checkpoints from which a stopped training goes on."""

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from bot.answering.reader.inference import Outputs
from bot.answering.reader.pairs import Pair, make_pairs
from bot.answering.reader.relations import RELATIONS, Excerpt, Relation
from evals.reader.reader_network import ReaderNetwork, pad
from evals.reader.reader_rows import Example, vary
from index.embedding.device import has_native_bfloat16

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
    """An example as tokens, with span positions; `spans` is None where none are annotated."""

    pair: Pair
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
    return Encoded(pair, spans, relation, not_relation, relevant)


def _pieces(offsets: Sequence[tuple[int, int]], start: int, end: int, base: int) -> tuple[int, int] | None:
    """The first and last piece of a span of characters."""
    inside = [place for place, (a, b) in enumerate(offsets) if a < end and b > start]
    return (base + inside[0], base + inside[-1]) if inside else None


def batches(rows: Sequence[Encoded], tokens: int, seed: int) -> list[list[int]]:
    """Group rows of like length into batches of at most `tokens` pieces, in random order."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].pair.ids) + chance.random() * 6)
    found: list[list[int]] = []
    for at in order:
        if not found or (len(found[-1]) + 1) * -(-len(rows[at].pair.ids) // 8) * 8 > tokens:
            found.append([])
        found[-1].append(at)
    chance.shuffle(found)
    return found


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
        ids, segments, mask = pad([each.pair for each in batch])
        # Emulated, bfloat16 takes a hundred times as long.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_native_bfloat16()):
            outputs = network(ids, segments, mask)
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
