"""What reaches the terminal can't control it, wherever the text came from."""

import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.context import SafeConsole, fail
from bot.render.terminal import show_link
from bot.service.backup import MANIFEST_NAME
from corpus.database import DATABASE_NAME
from corpus.errors import AttacheError
from tests.bot.conftest import Attache

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202etxt.exe\u2067"


def is_harmless(text: str) -> bool:
    return not any(char in text for char in "\x1b\x07\x9b\u202e\u2067")


def test_an_error_prints_no_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fail(AttacheError(f"It is {ESCAPE}.", f"Try {ESCAPE}."), as_json=False)
    told = capsys.readouterr().err
    assert is_harmless(told)
    assert told.count("\n") == 2


def test_a_hostile_title_is_shown_without_its_control_characters(attache: Attache, full: Path) -> None:
    """It passed no reader: a database from elsewhere may hold anything."""
    with closing(sqlite3.connect(full / DATABASE_NAME)) as db, db:
        db.execute("UPDATE articles SET title = ? WHERE id = 1", (f"Ferry {ESCAPE}",))
    ended = attache("article", 1, data=full)
    assert "Ferry" in ended.out
    assert is_harmless(ended.out)


@pytest.mark.parametrize("width", [40, 80, 400])
def test_an_address_is_printed_whole_and_begins_its_own_line(width: int) -> None:
    page = f"https://example.org/{'long-' * 20}end?edition=world"
    written = io.StringIO()
    console = SafeConsole(file=written, width=width, force_terminal=True, color_system="standard")
    show_link(console, page, f"{page}#:~:text=The%20ferry,sails.")
    told = written.getvalue()
    assert page in re.sub("\x1b.*?(?:m|\x1b\\\\)", "", told).splitlines()[0].strip()
    # In a narrow window it begins at the edge, and opens at the quote.
    assert told.startswith("\x1b]8;") == (width < 400)
    assert "#:~:text=The%20ferry,sails." in told


def test_an_address_controls_no_terminal() -> None:
    written = io.StringIO()
    console = SafeConsole(file=written, width=40, force_terminal=True, color_system="standard")
    show_link(console, f"https://example.org/{'a' * 60}{ESCAPE}", f"https://example.org/{'a' * 60}{ESCAPE}")
    assert "\x1b]0;owned" not in written.getvalue()
    assert "\x07" not in written.getvalue()


def test_a_hostile_backup_prints_no_control_characters(attache: Attache, full: Path, tmp_path: Path) -> None:
    attache("backup", tmp_path / "one", data=full)
    manifest = tmp_path / "one" / MANIFEST_NAME
    manifest.write_text(manifest.read_text().replace('"created_at": "', f'"created_at": "{ESCAPE!r}'))
    ended = attache("restore", tmp_path / "one", "--force", data=full)
    assert ended.code == 1
    assert "damaged" in ended.err
    assert is_harmless(ended.out + ended.err)
