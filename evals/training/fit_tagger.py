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
from evals.quality.attributions import Annotated
from evals.training.examples import IGNORED, Batch, Example, batches, make_example
from evals.training.network import Network
from evals.training.vocabulary import build_vocabulary

SEED = 2016
RATE = 3e-3
WARM_UP_STEPS = 100
# Differences from the packaged model's vectors are held short, so that rare words stay where they were.
DECAY, DECAY_OF_DIFFERENCES = 0.01, 0.3
LONGEST_GRADIENT = 1.0
# Most tokens around a cue are easy; weighed alone, the cues would get most of the learning.
WEIGHT_OF_ROLES = 2.0


def train_tagger(
    rows: Sequence[Annotated], rounds: int, threads: int, on_round: Callable[[float], None]
) -> dict[str, NDArray[np.generic]]:
    """The arrays of a tagger's file, trained on articles with their attributions.

    Args:
        rows: the articles.
        rounds: times that every article is seen.
        threads: CPU threads; more than there are idle cores slow it down many times.
        on_round: called after each round with its mean loss.

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
    network: Network,
    examples: Sequence[Example],
    rounds: int,
    chance: random.Random,
    on_round: Callable[[float], None],
) -> None:
    """AdamW (Loshchilov and Hutter 2019) with a rate that rises for a moment, then falls to nothing."""
    differences = [network.difference.weight]
    others = [each for each in network.parameters() if each is not network.difference.weight]
    optimizer = torch.optim.AdamW(
        [
            {"params": differences, "weight_decay": DECAY_OF_DIFFERENCES},
            {"params": others, "weight_decay": DECAY},
        ],
        lr=RATE,
    )
    step = 0
    for done in range(rounds):
        losses = []
        made = batches(examples, chance)
        for at, batch in enumerate(made):
            progress = (done + at / len(made)) / rounds
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (step + 1) / WARM_UP_STEPS) * (1.0 - progress)
            optimizer.zero_grad()
            loss = _loss(network, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
            optimizer.step()
            losses.append(loss.item())
            step += 1
        on_round(float(np.mean(losses)))


def _loss(network: Network, batch: Batch) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        cues, roles = network(batch)
    of_cues = cross_entropy(cues.float().flatten(0, 1), batch.cue_tags.flatten(), ignore_index=IGNORED)
    of_roles = cross_entropy(roles.float().flatten(0, 1), batch.roles.flatten(), ignore_index=IGNORED)
    return of_cues + WEIGHT_OF_ROLES * of_roles


def _rows(lines: Sequence[str]) -> dict[str, int]:
    return {line: row for row, line in enumerate(lines, start=1)}
