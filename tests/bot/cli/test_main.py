"""What holds for every command, in a process of its own: fast help, incidents, broken pipes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.conftest import Attache

ROOT = Path(__file__).parents[3]


def python(code: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_the_commands_and_loads_nothing_slow(tmp_path: Path) -> None:
    code = """
import atexit, sys
atexit.register(lambda: print("LOADED", *sys.modules))
from bot.cli.main import main
main()"""
    ended = python(code, "--help", cwd=tmp_path)
    assert ended.returncode == 0
    shown, _, loaded = ended.stdout.partition("LOADED")
    for command in ("ask", "search", "ingest", "reindex", "status", "doctor", "eval", "calibrate"):
        assert re.search(rf"\b{command}\b", shown)
    assert not {"torch", "sentence_transformers", "sklearn", "discord", "aiohttp", "prometheus_client"} & set(
        loaded.split()
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("as_json", [False, True])
def test_an_unexpected_failure_is_a_sentence_with_an_incident_that_the_log_explains(
    tmp_path: Path, as_json: bool
) -> None:
    code = """
import bot.cli.health as health
def fail(*_): raise ZeroDivisionError("the inner reason")
health.read_status = fail
from bot.cli.main import main
main()"""
    ended = python(code, "status", *(["--json"] if as_json else []), cwd=tmp_path)
    assert ended.returncode == 1
    said = json.loads(ended.stdout)["message"] if as_json else ended.stderr
    assert "Traceback" not in said
    assert "inner reason" not in said
    [incident] = re.findall(r"incident (\w+)", said)
    log = (tmp_path / "attache-error.log").read_text()
    assert f"incident {incident}" in log
    assert "ZeroDivisionError: the inner reason" in log


@pytest.mark.parametrize("words", ["article", "remove", "stories merge 1", "feeds remove", "footers forget"])
def test_a_number_that_nothing_can_have_is_bad_usage(attache: Attache, starter_copy: Path, words: str) -> None:
    ended = attache(*words.split(), 10**30, data=starter_copy)
    assert ended.code == 2
    assert "incident" not in ended.err


def test_a_reader_that_stops_listening_is_no_failure_worth_a_traceback(tmp_path: Path) -> None:
    code = """
import sys
import bot.cli.health as health
def fail(*_): raise BrokenPipeError
health.read_status = fail
from bot.cli.main import main
main()"""
    ended = python(code, "status", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == ""


def test_a_dry_run_of_the_bot_fails_at_a_model_that_cannot_be_loaded(tmp_path: Path) -> None:
    code = """
from bot.cli import run_bot
from index.errors import ModelUnavailable
def fail(_): raise ModelUnavailable("The reranker can't be loaded.")
run_bot.Attache.warm_up = fail
run_bot.Attache.open = lambda _: None
from bot.cli.main import main
main()"""
    (tmp_path / ".env").write_text(f"ATTACHE_DISCORD_TOKEN={'a' * 24}.{'b' * 6}.{'c' * 30}\n")
    ended = python(code, "bot", "--dry-run", cwd=tmp_path)
    assert (ended.returncode, "The reranker can't be loaded." in ended.stderr) == (1, True)
