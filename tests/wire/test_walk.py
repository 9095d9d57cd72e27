"""A walk over every command, option, menu and button: each has a place in a story over the wire."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from discord import app_commands

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live import Live

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORIES = Path(__file__).parent
SAY = phrases_in("en").say
# What stands on a button; all others turn pages, which `turns` does.
LABELS = {
    # Of "Quote" and "All 2 quotes".
    "quotes": "uote",
    "sources": SAY("button-sources", count=1),
    "more": SAY("button-more"),
    "share": SAY("button-share"),
    "find": SAY("button-find"),
    "retry": SAY("button-without-filters"),
    "up": "👍",
    "down": "👎",
    "remove": "🗑️",
    "cancel": SAY("button-cancel"),
    "remove-article": SAY("button-remove"),
    "undo-addition": SAY("button-undo"),
    "keep-articles": SAY("button-keep"),
    "feed-came": SAY("button-feed-came"),
    "news": SAY("button-news", count=1),
    "greeting": SAY("button-greeting"),
    "coverage": SAY("button-coverage"),
    "timeline": SAY("button-timeline"),
    "watch": SAY("button-watch"),
    "watch-list": SAY("button-watches"),
    "watch-stop": SAY("button-watch-stop"),
    "watch-keep": SAY("button-watch-keep"),
    "watch-here": SAY("button-watch-here"),
    "watch-direct": SAY("button-watch-direct"),
    "brief": SAY("button-brief"),
    "forget-me": SAY("button-delete-data"),
    "forget-not": SAY("button-keep-data"),
}


@dataclass
class Acts:
    """What people do in the stories, word by word."""

    runs: dict[str, set[str]] = field(default_factory=dict)
    completes: set[tuple[str, str]] = field(default_factory=set)
    picks: set[str] = field(default_factory=set)
    presses: set[str] = field(default_factory=set)
    turns: set[str] = field(default_factory=set)
    fills_in: bool = False


def _words(call: ast.Call) -> list[str]:
    return [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def _acts() -> Iterator[tuple[str, list[str], set[str]]]:
    """Every act in a story: the word, what is said with it, and the options that are named."""
    for path in STORIES.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr, _words(node), {each.arg for each in node.keywords if each.arg}


@pytest.fixture(scope="module")
def acts() -> Acts:
    found = Acts()
    for act, words, options in _acts():
        if act == "runs" and words:
            found.runs.setdefault(words[0], set()).update(options)
        elif act == "completes" and len(words) > 1:
            found.completes.add((words[0], words[1]))
        elif act in ("picks", "presses", "turns"):
            getattr(found, act).update(words[:1])
        found.fills_in = found.fills_in or act == "fills_in"
    return found


async def test_every_command_and_option_is_used_in_a_story(live: Live, acts: Acts):
    missing = []
    for command in live.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            name = command.qualified_name
            used = acts.runs.get(name)
            missing += [f"/{name}"] if used is None else []
            missing += [f"/{name} {each.name}" for each in command.parameters if each.name not in (used or ())]
    assert not missing


async def test_every_option_that_is_completed_is_completed_in_a_story(live: Live, acts: Acts):
    offered = {
        (command.qualified_name, each.name)
        for command in live.bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
        for each in command.parameters
        if each.autocomplete
    }
    assert offered
    missing = offered - acts.completes
    assert not missing


async def test_every_menu_is_picked_in_a_story(live: Live, acts: Acts):
    menus = {each.name for each in live.bot.tree.get_commands() if isinstance(each, app_commands.ContextMenu)}
    assert menus
    assert not menus - acts.picks


async def test_every_button_is_pressed_and_the_modal_filled_in_in_a_story(live: Live, acts: Acts):
    pressed = {verb for verb, label in LABELS.items() if label in acts.presses}
    assert not set(live.bot.button_handlers) - pressed - acts.turns
    assert acts.fills_in
