"""Why something could not be read, in the words of those who read it in Discord."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from simcord.env import Env

from bot.discord.i18n.phrases import phrases_in
from bot.discord.i18n.reason_texts import explain, pattern_of
from tests.discord.admins import make_server

CORPUS = Path(__file__).parents[2] / "corpus"
MODULES = [
    *(path for folder in ("formats", "fetch", "feeds") for path in (CORPUS / folder).glob("*.py")),
    *(CORPUS / name for name in ("dates.py", "ingest.py", "prepare.py", "publishers/basis.py")),
]
# Modules whose reasons only the command line shows.
AT_COMMAND_LINE = {"factbook.py", "opml.py", "sidecar.py", "options.py", "files.py", "jsonl_export.py"}
REASONS = {"UnreadableSource", "Rejection", "FetchFailed", "AddressRefused", "BadStatus"}


def template(node: ast.expr) -> str | None:
    """What a text in the code looks like, with `{}` for its values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    return None


def texts(path: Path) -> Iterator[str]:
    """Every text in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.expr) and (text := template(node)):
            yield text


def reasons(path: Path) -> Iterator[str]:
    """The sentences that a module gives as a reason or a hint right where it refuses something."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REASONS:
            found = map(template, node.args)
            yield from (text for text in found if text and " " in text and text.endswith("."))


def known(language: str) -> dict[str, str]:
    file = files("bot.discord.i18n").joinpath("reasons", f"{language}.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


@cache
def pattern(text: str) -> re.Pattern[str] | None:
    """What a text of the code with enough words of its own stands for, if it has values."""
    return re.compile(pattern_of(text), re.DOTALL) if "{}" in text and len(text) > 10 else None


def without(missing: Iterable[str], given: Iterable[str]) -> list[str]:
    """Those of some texts that none of the given ones is or stands for."""
    patterns = [found for text in given if (found := pattern(text))]
    rest = sorted(set(missing) - set(given))
    return [text for text in rest if not any(each.fullmatch(text) for each in patterns)]


def test_every_reason_is_known_in_german():
    told = {text for path in MODULES if path.name not in AT_COMMAND_LINE for text in reasons(path)}
    german = known("de")
    assert len(told) > 100
    assert [
        text for text in without(told, german) if not (found := pattern(text)) or not any(map(found.fullmatch, german))
    ] == []


def test_every_known_reason_is_still_given():
    told = {text for path in MODULES for text in texts(path)}
    assert without([*known("de"), *known("en")], told) == []


def test_values_of_a_reason_are_kept_and_explained():
    german, english = phrases_in("de"), phrases_in("en")
    assert explain("This PDF has 2,300 pages; the limit is 2,000.", german) == (
        "Dieses PDF hat 2,300 Seiten; die Grenze liegt bei 2,000."
    )
    nested = "The site's robots.txt can't be read right now: The site doesn't answer."
    assert explain(nested, german).endswith("gerade nicht lesen: Die Website antwortet nicht.")
    assert explain("Nobody has said this before.", german) == "Nobody has said this before."
    assert explain("Name it with --columns body=NAME. The columns are a, b.", english) == (
        "Name the column with the text body in the first row. The columns are a, b."
    )


@pytest.mark.usefixtures("in_german")
async def test_german_admins_are_told_in_german_what_could_not_be_read(simcord_env: Env):
    server = make_server(simcord_env)
    assert "broken.pdf: Dieses PDF ist beschädigt. Öffne es" in await server.add(b"%PDF-1.4 x", "broken.pdf")
    told = await server.run("corpus add", link="http://127.0.0.1/x")
    assert "Der Link führt zu 127.0.0.1, also in ein privates oder reserviertes Netz" in told
    told = await server.run("corpus feed add", link="http://10.0.0.1/feed")
    assert told.startswith("Der Link führt zu 10.0.0.1")
