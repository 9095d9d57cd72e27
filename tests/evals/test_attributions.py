"""Annotated articles are read, found attributions matched with them, and figures counted; the commands around it."""

import gzip
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from bot.answering.attribution.attribution import AttributionSpans, CueClass
from bot.answering.attribution.tagger import FIRST_OF_CUE, Tagger
from bot.answering.attribution.tokens import tokenize
from corpus.article import Span
from corpus.errors import BadInput
from evals.quality.attributions import AnnotatedArticle, RoleSpans, evaluate_attributions, read_annotated
from evals.training.examples import batches, make_example
from evals.training.network import Network
from evals.training.vocabulary import build_vocabulary
from tests.bot.conftest import Attache

# All names are made up.
BODY = "Oskar Brandt denied that the bridge is unsafe. Lena Quist said it was cracked."


def spans(*texts: str) -> tuple[Span, ...]:
    return tuple(Span(BODY.index(text), BODY.index(text) + len(text)) for text in texts)


DENIAL = RoleSpans(spans("Oskar Brandt"), spans("denied"), spans("that the bridge is unsafe"), is_denial=True)
SAYING = RoleSpans(spans("Lena Quist"), spans("said"), spans("it was cracked"))
ROW = AnnotatedArticle(BODY, (DENIAL, SAYING))


def found(source: str | None, cue: str, *content: str) -> AttributionSpans:
    return AttributionSpans(
        spans(source)[0] if source else None, spans(cue)[0], spans(*content), CueClass.SAYS, False, None
    )


EXACT_DENIAL = found("Oskar Brandt", "denied", "that the bridge is unsafe")
EXACT_SAYING = found("Lena Quist", "said", "it was cracked")


def figures(*attributions: AttributionSpans, row: AnnotatedArticle = ROW) -> dict:
    return evaluate_attributions([row], lambda body: attributions, lambda: None)


def test_all_found_exactly_is_one_everywhere() -> None:
    measured = figures(EXACT_DENIAL, EXACT_SAYING)
    for role in ("source", "cue", "content", "whole"):
        for how in ("overlapping", "exact"):
            assert measured[role][how] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert (measured["denials"], measured["denials_found"], measured["denials_whole"]) == (1, 1.0, 1.0)


def test_nothing_found_is_zero_everywhere() -> None:
    measured = figures()
    assert measured["whole"]["overlapping"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert measured["denials_found"] == 0.0


def test_a_part_of_a_span_overlaps_and_is_not_exact() -> None:
    measured = figures(found("Brandt", "denied", "the bridge"), EXACT_SAYING)
    assert measured["whole"]["overlapping"]["f1"] == 1.0
    assert (measured["source"]["exact"]["f1"], measured["cue"]["exact"]["f1"]) == (0.5, 1.0)


def test_a_wrong_source_spoils_the_whole_and_not_the_cue() -> None:
    measured = figures(found("Lena Quist", "denied", "that the bridge is unsafe"))
    assert measured["cue"]["overlapping"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert measured["source"]["overlapping"]["f1"] == measured["whole"]["overlapping"]["f1"] == 0.0
    assert (measured["denials_found"], measured["denials_whole"]) == (1.0, 0.0)


def test_a_missing_source_agrees_with_a_missing_one_only() -> None:
    nobody = AnnotatedArticle(BODY, (RoleSpans((), SAYING.cue, SAYING.content),))
    assert figures(found(None, "said", "it was cracked"), row=nobody)["whole"]["exact"]["f1"] == 1.0
    assert figures(EXACT_SAYING, row=nobody)["source"]["overlapping"]["f1"] == 0.0
    assert figures(found(None, "said", "it was cracked"))["source"]["overlapping"]["f1"] == 0.0


def test_each_annotated_attribution_matches_one_found_at_most() -> None:
    measured = figures(EXACT_DENIAL, EXACT_DENIAL, EXACT_DENIAL)
    assert measured["whole"]["overlapping"] == {"precision": 0.3333, "recall": 0.5, "f1": 0.4}


def test_the_larger_overlap_of_cues_matches_first() -> None:
    half, whole = found("Lena Quist", "den", "unsafe"), EXACT_DENIAL
    assert figures(half, whole)["source"]["exact"]["precision"] == 0.5


def row_json(body: str, attributions: Sequence[dict]) -> str:
    return json.dumps({"id": "1", "body": body, "attributions": attributions})


GOOD = {"source": [[0, 12]], "cue": [[13, 19]], "content": [[20, 45]], "denial_cue": True}


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_annotated_articles_are_read_plain_and_gzipped(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    text = row_json(BODY, [GOOD, GOOD | {"cue": []}]) + "\n\n"
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    [row] = read_annotated(path)
    assert (row.body, row.attributions) == (BODY, (DENIAL,))


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"body": "a"}', row_json("short", [GOOD]), row_json(BODY, [GOOD | {"source": [[5, 5]]}])]
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(row_json(BODY, [GOOD]) + "\n" + line + "\n")
    with pytest.raises(BadInput, match="Line 2"):
        read_annotated(path)


def test_a_file_that_is_no_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_text("no gzip")
    with pytest.raises(BadInput, match="can't be read"):
        read_annotated(path)


def test_the_command_prints_the_figures(evals: Attache, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    saying = {"source": [[47, 57]], "cue": [[58, 62]], "content": [[63, 77]], "denial_cue": False}
    path.write_text(row_json(BODY, [GOOD, saying]))
    ended = evals("quality", "attributions", path, "--json")
    assert (ended.code, ended.json["kind"], ended.json["annotated"]) == (0, "eval_attributions", 2)
    assert ended.json["whole"]["overlapping"]["f1"] == 1.0
    shown = evals("quality", "attributions", path).out
    assert "overlapping" in shown
    assert "denials found: 1.0" in shown


def test_the_command_says_so_where_there_are_no_annotated_articles(evals: Attache) -> None:
    ended = evals("quality", "attributions")
    assert (ended.code, ended.out) == (0, "")
    assert "no annotated articles" in ended.err


def test_training_writes_weights_that_find_what_they_were_trained_on(evals: Attache, tmp_path: Path) -> None:
    articles, weights = tmp_path / "rows.jsonl", tmp_path / "weights.npz"
    articles.write_text("\n".join([row_json(BODY, [GOOD])] * 4))
    ended = evals("train", "attributions", articles, "--rounds", 60, "--leave-out", 4, "--out", weights, "--json")
    assert (ended.code, ended.json["articles"]) == (0, 3)
    assert ended.json["losses"][-1] < ended.json["losses"][0] / 4
    tokens = tokenize(BODY)
    tagger = Tagger.load(weights)
    likely = tagger.cues(tagger.encode(tagger.inputs(tokens)))[:, FIRST_OF_CUE]
    assert tokens.words[int(likely.argmax())] == "denied"


def test_training_needs_annotated_attributions(evals: Attache, tmp_path: Path) -> None:
    articles = tmp_path / "rows.jsonl"
    articles.write_text(row_json(BODY, []))
    ended = evals("train", "attributions", articles, "--out", tmp_path / "weights.npz")
    assert (ended.code, (tmp_path / "weights.npz").exists()) == (2, False)


def test_numpy_computes_what_was_trained_in_torch() -> None:
    chance = random.Random(7)
    tokens = tokenize(BODY)
    vocabulary = build_vocabulary([tokens])
    torch.manual_seed(7)
    network = Network(vocabulary).eval()
    weights = {name: values.astype(np.float32) for name, values in network.export().items()}
    rows = ({line: at for at, line in enumerate(each, start=1)} for each in (vocabulary.words, vocabulary.suffixes))
    tagger = Tagger(*rows, weights)
    example = make_example(tagger, tokens, ROW)
    [batch] = batches([example], chance)
    with torch.no_grad(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("evals.training.network.HIDDEN_NAMES", 0.0)
        patch.setattr("evals.training.network.HIDDEN_WORDS", 0.0)
        cues, roles = (each.softmax(dim=-1).numpy() for each in network(batch))
    hidden = tagger.encode(example.inputs)
    inside = batch.inside.numpy()
    spans_of_cues = [(first, last) for first, last, _ in example.cues]
    assert np.allclose(tagger.cues(hidden), cues[0], atol=2e-3)
    assert np.allclose(tagger.roles(hidden, example.inputs, spans_of_cues)[inside], roles[inside], atol=2e-3)
