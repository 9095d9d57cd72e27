"""Trains the attribution tagger on annotated articles."""

import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from bot.answering.attribution.tagger import Tagger
from bot.answering.attribution.tokens import tokenize
from corpus.errors import BadInput
from evals.quality.attributions import AnnotatedArticle
from evals.training.examples import IGNORED, Batch, Example, batches, make_example
from evals.training.network import Network
from evals.training.vocabulary import build_vocabulary

SEED = 2016
RATE = 3e-3
WARM_UP_STEPS = 100
# A stronger decay keeps differences from the packaged model's vectors small, so that rare words stay near them.
DECAY, DIFFERENCE_DECAY = 0.01, 0.3
MAX_GRADIENT_NORM = 1.0
# Most tokens around a cue are easy; without this weight, cues would dominate the training.
ROLE_WEIGHT = 2.0


def train_tagger(
    rows: Sequence[AnnotatedArticle], rounds: int, threads: int, on_round: Callable[[float], None]
) -> dict[str, NDArray[np.generic]]:
    """Train a tagger; return the arrays of its file.

    Args:
        rows: annotated articles.
        rounds: epochs.
        threads: CPU threads; more than idle cores make it many times slower.
        on_round: called after each epoch with its mean loss.

    Raises:
        BadInput: no attribution in the rows has a cue.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311 - shuffles training data
    texts = [tokenize(row.body) for row in rows]
    vocabulary = build_vocabulary(texts)
    lookup = Tagger(_rows(vocabulary.words), _rows(vocabulary.suffixes), {})
    examples = [make_example(lookup, tokens, row) for tokens, row in zip(texts, rows, strict=True)]
    if not any(example.cues for example in examples):
        raise BadInput("No attribution in these articles has a cue.", "docs/attribution-model.md describes the rows.")
    network = Network(vocabulary)
    _fit(network, examples, rounds, chance, on_round)
    weights: dict[str, NDArray[np.generic]] = dict(network.export())
    for name, lines in (("words", vocabulary.words), ("suffixes", vocabulary.suffixes)):
        weights[name] = np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
    return weights


def _fit(
    network: Network, examples: Sequence[Example], rounds: int, chance: random.Random, on_round: Callable[[float], None]
) -> None:
    """Train with AdamW (Loshchilov and Hutter 2019), a short warm-up and a linear decay of the rate to zero."""
    differences = [network.difference.weight]
    others = [each for each in network.parameters() if each is not network.difference.weight]
    optimizer = torch.optim.AdamW(
        [{"params": differences, "weight_decay": DIFFERENCE_DECAY}, {"params": others, "weight_decay": DECAY}], lr=RATE
    )
    step = 0
    for done in range(rounds):
        losses = []
        epoch = batches(examples, chance)
        for number, batch in enumerate(epoch):
            progress = (done + number / len(epoch)) / rounds
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (step + 1) / WARM_UP_STEPS) * (1.0 - progress)
            optimizer.zero_grad()
            loss = _loss(network, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), MAX_GRADIENT_NORM)
            optimizer.step()
            losses.append(loss.item())
            step += 1
        on_round(float(np.mean(losses)))


def _loss(network: Network, batch: Batch) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        cues, roles = network(batch)
    cue_loss = cross_entropy(cues.float().flatten(0, 1), batch.cue_tags.flatten(), ignore_index=IGNORED)
    role_loss = cross_entropy(roles.float().flatten(0, 1), batch.roles.flatten(), ignore_index=IGNORED)
    return cue_loss + ROLE_WEIGHT * role_loss


def _rows(lines: Sequence[str]) -> dict[str, int]:
    return {line: row for row, line in enumerate(lines, start=1)}
