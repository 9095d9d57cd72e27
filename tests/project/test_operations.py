"""Dashboard, alerts, service, container file and their documentation say what the bot really does."""

import configparser
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import promql_parser
import pytest
import yaml
from prometheus_client import generate_latest

from bot.ops.corpus_gauges import CorpusGauges
from bot.ops.health import Health
from bot.ops.metrics import (
    FEED_STATES,
    LOG_LEVELS,
    LOST_HOW,
    STAGES,
    STAGES_AROUND,
    WRITING_OUTCOMES,
    Entry,
    Metrics,
    Outcome,
)
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "operations"
DOCUMENT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
# Prometheus gives these to whatever it scrapes; `le` is of histograms.
OF_EVERY_METRIC = {"job", "instance"}
# Series that belong to one metric.
PARTS = re.compile(r"_(?:bucket|sum|count|total|created)$")


@cache
def metrics() -> Metrics:
    """Metrics with every label that they can have."""
    made = Metrics()
    for part in Health().parts():
        made.ready.labels(part)
    made.latency.labels("0")
    made.set_corpus(CorpusGauges(read_at=0.0))
    made.set_process_memory({"bot": 0})
    return made


@cache
def series() -> dict[str, dict[str, set[str]]]:
    """Names of series, with the values of each label."""
    found: dict[str, dict[str, set[str]]] = {}
    for family in metrics().registry.collect():
        assert family.samples, family.name
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


def alerts() -> list[dict]:
    content = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))
    return [rule for group in content["groups"] for rule in group["rules"]]


def dashboard() -> dict:
    return json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))


def expressions() -> Iterator[tuple[str, str]]:
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")


def parsed(expression: str) -> list[object]:
    nodes: list[object] = []
    promql_parser.walk(promql_parser.parse(expression), nodes.append)
    return nodes


def selectors(expression: str) -> list[promql_parser.VectorSelector]:
    found = []
    for node in parsed(expression):
        if isinstance(node, promql_parser.MatrixSelector):
            found.append(node.vector_selector)
        elif isinstance(node, promql_parser.VectorSelector):
            found.append(node)
    return found


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_every_expression_is_valid_and_names_series_and_labels_that_exist(where: str, expression: str) -> None:
    known, labels = series() | {"up": {}}, set(OF_EVERY_METRIC)
    found = selectors(expression)
    assert found
    for selector in found:
        assert selector.name in known, selector.name
        labels |= known[selector.name].keys()
        for matcher in selector.matchers.matchers:
            if matcher.name in OF_EVERY_METRIC:
                continue
            values = known[selector.name].get(matcher.name)
            assert values, f"{selector.name} has no label {matcher.name}"
            wanted = {part for part in matcher.value.split("|") if part}
            assert wanted <= values, f"{selector.name} has no {matcher.name} {wanted - values}"
    for node in parsed(expression):
        if isinstance(node, promql_parser.AggregateExpr) and node.modifier:
            assert set(node.modifier.labels) <= labels
        if isinstance(node, promql_parser.BinaryExpr) and node.modifier and node.modifier.matching:
            assert set(node.modifier.matching.labels) <= labels


def test_a_series_that_does_not_exist_would_be_found() -> None:
    with pytest.raises(AssertionError, match="attache_nonsense"):
        test_every_expression_is_valid_and_names_series_and_labels_that_exist("", "rate(attache_nonsense_total[5m])")
    with pytest.raises(AssertionError, match="no outcome"):
        test_every_expression_is_valid_and_names_series_and_labels_that_exist(
            "", 'attache_questions_total{outcome="x"}'
        )


def test_every_metric_of_ours_is_shown_on_the_dashboard() -> None:
    shown = {PARTS.sub("", selector.name) for _, text in expressions() for selector in selectors(text)}
    ours = {PARTS.sub("", name) for name in series() if name.startswith("attache_")}
    assert ours - shown == set()


def test_labels_have_few_values_and_none_that_names_anybody() -> None:
    allowed = {
        "entry": {each.value for each in Entry},
        "outcome": {each.value for each in Outcome} | set(WRITING_OUTCOMES),
        "stage": {*STAGES, *STAGES_AROUND},
        "status": {"1xx", "2xx", "3xx", "4xx", "5xx", "none", "401", "403", "429"},
        "scope": {"user", "global", "shared", "unknown"},
        "state": {state.replace(" ", "_") for state in FEED_STATES},
        "level": set(LOG_LEVELS),
        "part": set(Health().parts()),
        "result": {"ok", "failed", "shown", "dropped"},
        "shard": {"0"},
        "how": set(LOST_HOW),
        "process": {"bot"},
    }
    for name, labels in series().items():
        for label, values in labels.items():
            if label not in {"le", "version", "python", "discord_py"}:
                assert values <= allowed[label], f"{name}: {label}"


def documented() -> dict[str, set[str]]:
    """Metrics of the table in the documentation, with their labels."""
    section = DOCUMENT.split("## Metrics")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([a-z_]+)` \| (.*?) \|", section, re.MULTILINE)
    return {name: set(re.findall(r"`([a-z_]+)`", labels)) for name, labels in rows}


def test_every_metric_is_documented_with_its_labels_and_no_other() -> None:
    names: dict[str, set[str]] = {}
    for name, labels in series().items():
        # A histogram is one row, by the name that its series begin with; the moment a counter began is none.
        if name.endswith("_created"):
            continue
        names.setdefault(re.sub(r"_(?:bucket|sum|count)$", "", name), set()).update(labels.keys() - {"le"})
    assert documented() == names


def test_every_alert_tells_what_it_is_and_the_documentation_what_to_do() -> None:
    section = DOCUMENT.split("\n## Alerts")[1].split("\n## ")[0]
    assert set(re.findall(r"^### (\w+)$", section, re.MULTILINE)) == {rule["alert"] for rule in alerts()}
    for rule in alerts():
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert rule["annotations"]["summary"].endswith(".")
        # GitHub and others make a heading's anchor of its text in small letters.
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"


def test_every_alert_is_tried_where_it_fires_and_where_it_does_not() -> None:
    tried = yaml.safe_load((FOLDER / "alerts.test.yml").read_text(encoding="utf-8"))
    fires, quiet = set(), set()
    for case in (case for test in tried["tests"] for case in test["alert_rule_test"]):
        (fires if case.get("exp_alerts") else quiet).add(case["alertname"])
    assert fires == quiet == {rule["alert"] for rule in alerts()}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool (apt-get install prometheus)")
def test_every_alert_fires_when_it_should_and_says_what_it_should() -> None:
    for command in ("check", "test"):
        file = FOLDER / ("alerts.yml" if command == "check" else "alerts.test.yml")
        done = subprocess.run(["promtool", command, "rules", file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool (apt-get install prometheus)")
def test_prometheus_finds_nothing_amiss_with_names_and_units() -> None:
    told = generate_latest(metrics().registry)
    done = subprocess.run(["promtool", "check", "metrics"], input=told, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_ages_are_of_what_happened_once() -> None:
    """A moment of 0 is one that never was; its age would be half a century."""
    for title, text in expressions():
        for name in re.findall(r"time\(\) - m\w+\((\w+_timestamp_seconds)", text):
            assert re.search(name + r"\{[^}]*\} > 0\)", text), title


def test_the_choices_of_the_dashboard_come_from_a_series_that_exists() -> None:
    [job] = [each for each in dashboard()["templating"]["list"] if each["type"] == "query"]
    [name, label] = re.fullmatch(r"label_values\((\w+), (\w+)\)", job["definition"]).groups()
    assert name in series()
    assert label in OF_EVERY_METRIC


def test_panels_do_not_overlap() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in panels
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(x for x, _ in taken) < 24


def test_the_service_is_confined_and_sets_only_what_exists() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(FOLDER / "attache.service", encoding="utf-8")
    service = dict(unit["Service"])
    assert service["Type"] == "notify"
    assert service["User"] == "attache"
    for name, value in {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "CapabilityBoundingSet": ""}.items():
        assert service[name] == value
    # Exit code 2 is for settings that are wrong, 243 is systemd's own for a credential that is missing.
    assert service["RestartPreventExitStatus"] == "2 243"
    # Every question would fail.
    assert "MemoryDenyWriteExecute" not in service
    text = (FOLDER / "attache.service").read_text(encoding="utf-8")
    settings_named = set(re.findall(rf"^Environment={PREFIX}(\w+)=", text, re.MULTILINE))
    assert settings_named
    assert {name.lower() for name in settings_named} <= Settings.model_fields.keys()


def test_the_image_holds_no_secret_runs_as_nobody_special_and_sets_only_what_exists() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert {name.lower() for name in re.findall(rf"\b{PREFIX}(\w+)=", text)} <= Settings.model_fields.keys()
    assert f"{PREFIX}DISCORD_TOKEN=" not in text
    assert re.search(r"^USER \d+", text, re.MULTILINE)
    assert "/healthz" in text
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in kept
    copied = {name for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE) for name in line.split()}
    assert {f"!{name}" for name in copied} == {line for line in kept if line.startswith("!")}
