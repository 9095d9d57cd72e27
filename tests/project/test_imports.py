"""What commands import before they do anything: counted in modules, since seconds depend on the machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Each costs a tenth of a second to several seconds, and none is needed to show help or a status.
HEAVY = frozenset(
    """torch transformers sentence_transformers sklearn scipy discord aiohttp httpx httpcore trafilatura matplotlib
    datasketch dateparser feedparser ftfy pypdf warcio structlog pandas PIL""".split()
)
# What each of these commands does without, beside the heavy ones; a list of commands imports none of them.
UNNEEDED = {
    ("--help",): "numpy faiss babel sqlite_utils dateutil lxml bot.service.attache bot.cli.ask corpus.ingest",
    ("ask", "--help"): "faiss babel lxml bot.service.attache bot.answering.composer bot.cli.health corpus.ingest",
    ("status", "--json"): "lxml bot.service.attache bot.answering.composer bot.cli.ask corpus.ingest",
}
# A third more than there are today: whoever adds a library that brings hundreds will notice.
MOST_MODULES = 900
CODE = """
import atexit, sys
atexit.register(lambda: sys.stderr.write("LOADED " + " ".join(sys.modules)))
from bot.cli.main import main
main()"""


@pytest.mark.parametrize("arguments", UNNEEDED, ids=" ".join)
def test_help_and_status_import_what_they_need(arguments: tuple[str, ...], made_up_data: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CODE, "--data-dir", str(made_up_data), *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    loaded = set(ended.stderr.rpartition("LOADED ")[2].split())
    assert (HEAVY | set(UNNEEDED[arguments].split())) & loaded == set()
    assert len(loaded) <= MOST_MODULES


def test_pictures_are_the_only_places_that_name_matplotlib() -> None:
    found = set()
    for room in ("bot", "index", "corpus", "evals"):
        for path in (ROOT / room).rglob("*.py"):
            if re.search(r"^\s*(?:import|from) matplotlib", path.read_text(encoding="utf-8"), re.MULTILINE):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == {"evals/speed/plots.py", "bot/render/time_chart.py"}
