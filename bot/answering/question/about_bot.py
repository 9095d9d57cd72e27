"""Tells what a message asks about the bot itself, with a trained classifier."""

import re
from enum import StrEnum

from bot.answering.question.aliases import entity_ids
from bot.answering.question.clauses import strip_openers
from bot.answering.question.fragments import names_in
from bot.answering.question.kind_model import ABOUT_FILE, KindModel
from index.embedding.embedder import Embedder
from index.search.query import strip_time_words


class BotSubject(StrEnum):
    """What people ask a bot about itself.

    `guide` is how to ask it, `sources` where its articles come from, `freshness` how new and how many they are, `news`
    what is new, `trust` whether it takes sides or errs, `maker` what it is and who runs it, `tasks` something that it
    can't do, `privacy` what it keeps, `languages` what it understands, `setup` how to feed it or switch it off.
    """

    GUIDE = "guide"
    SOURCES = "sources"
    FRESHNESS = "freshness"
    NEWS = "news"
    TRUST = "trust"
    MAKER = "maker"
    TASKS = "tasks"
    PRIVACY = "privacy"
    LANGUAGES = "languages"
    SETUP = "setup"


# What the classifier learns beside them: whatever asks of something else, or nothing.
OTHER = "other"
# The probability from which a message is about the bot; chosen on held-out messages, none of whose questions about the
# world reaches it. More is asked of one that names somebody, and of one that may be about the answer before it.
MIN_CHANCE = 0.75
MIN_CHANCE_CLOSE = 0.9
# The probability of anything else, by the words alone, from which nothing is embedded: that takes tens of milliseconds.
# It spares most questions that, and loses hardly any message about the bot.
SURE_BY_WORDS = 0.999
# Longer messages have something to ask of the world.
MAX_WORDS = 14
_WORD = re.compile(r"[^\W\d_]+")


def bot_subject(
    text: str, packaged: Embedder, *, is_follow_up: bool = False, model: KindModel | None = None
) -> BotSubject | None:
    """Return what a message asks about the bot; None if it is about anything else.

    Args:
        text: the message, without mentions of the bot.
        packaged: the packaged embedding model.
        is_follow_up: whether it may be about an answer.
        model: the classifier; by default the packaged one.
    """
    if len(text) > 200 or not 0 < len(_WORD.findall(text)) <= MAX_WORDS:
        return None
    model = model or KindModel.load(ABOUT_FILE)
    text = _without_openers(text)
    if model.probabilities(text)[OTHER] > SURE_BY_WORDS:
        return None
    chances = model.probabilities(text, packaged.encode([strip_time_words(text)])[0])
    is_named = bool(entity_ids(text) or names_in(text))
    if 1 - chances.pop(OTHER) < (MIN_CHANCE_CLOSE if is_named or is_follow_up else MIN_CHANCE):
        return None
    return BotSubject(max(chances, key=chances.__getitem__))


def _without_openers(text: str) -> str:
    """Return a message without "So" or "And" before it; its mark stays, which the classifier learnt from."""
    core = strip_openers(text)
    is_opened = not text.strip().startswith(core)
    return core + ("?" if text.rstrip().endswith("?") else "") if is_opened else text
