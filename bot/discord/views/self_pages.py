"""Replies to small talk, and to what members ask about the bot itself."""

from collections.abc import Sequence

from bot.answering.question.about_bot import BotSubject
from bot.answering.story_facts import StoryFacts
from bot.discord.i18n.command_names import format_command, menu_name
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import Scope
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, escape, safe_url
from bot.discord.views.guide import read_and_kept
from bot.discord.views.lists import paginate
from bot.discord.views.news_posts import news_lines
from bot.discord.views.places import LONGEST_NAME, counts_text, date_lines
from bot.discord.views.story_lines import story_line, story_title
from bot.service.arrivals import Arrival
from bot.service.lookups import CorpusCounts
from bot.service.self_facts import MAX_NEWS, NamedPublishers
from corpus.publishers.directory import Publishers

# Characters of stories and articles in a message of plain text.
_ROOM = 1500


def talk_page(talk: str, scope: Scope) -> Page:
    """Return the reply to small talk: a friendly line, the phrase `talk-TALK`."""
    return Page([scope.phrases.say(f"talk-{talk}")], is_plain=scope.settings.answer_style == "plain")


def guide_page(scope: Scope, mention: str) -> Page:
    """Return how to ask, in short; `mention` mentions the bot, empty in direct messages."""
    phrases = scope.phrases
    how = phrases.say("help-how", mention=mention) if mention else phrases.say("help-how-direct")
    blocks = [
        f"### {phrases.say('help-title')}\n{phrases.say('help-what')}",
        f"{how}\n> {phrases.say('help-example')}",
        f"-# {phrases.say('talk-guide', help=format_command('help', phrases))}",
    ]
    return Page(blocks, is_plain=scope.settings.answer_style == "plain")


def sources_page(counts: CorpusCounts, named: NamedPublishers, scope: Scope) -> Page:
    """Return where the articles come from."""
    phrases = scope.phrases
    names = ", ".join(escape(brief(each.publisher or "", LONGEST_NAME)) for each in named.publishers)
    if counts.articles:
        blocks = [phrases.say("self-sources", holdings=counts_text(counts, phrases))]
    else:
        blocks = [phrases.say("self-no-articles")]
    if names:
        blocks.append(phrases.say(f"self-sources-{named.share}", publishers=names))
    foot = _foot("sources", phrases, sources="sources", feed="corpus feed add", add="corpus add")
    return _page("self-sources-title", [*blocks, foot], scope)


def freshness_page(counts: CorpusCounts, scope: Scope) -> Page:
    """Return how many articles there are, and how new they are."""
    lines = [counts_text(counts, scope.phrases), *date_lines(counts, scope.phrases)]
    foot = _foot("freshness", scope.phrases, brief="brief", status="status")
    return _page("self-freshness-title", ["\n".join(f"- {line}" for line in lines), foot], scope)


def news_page(stories: Sequence[StoryFacts], newest: Sequence[Arrival], known: Publishers, scope: Scope) -> Page:
    """Return the latest stories, or the newest articles; `known` is the table of publishers."""
    phrases = scope.phrases
    lines = [f"**{story_title(each, phrases)}**\n-# {story_line(each, phrases)}" for each in stories]
    lines = lines or news_lines(newest, known, phrases)
    if not lines:
        foot = _foot("sources", phrases, sources="sources", feed="corpus feed add", add="corpus add")
        return _page("self-news-title", [phrases.say("self-no-articles"), foot], scope)
    shown = paginate(lines, _ROOM, MAX_NEWS)[0]
    return _page("self-news-title", ["\n".join(shown), _foot("news", phrases, brief="brief", story="story")], scope)


def maker_page(version: str, home: str, scope: Scope, *, has_writer: bool) -> Page:
    """Return what the bot is.

    Args:
        version: of the bot.
        home: the address of its documentation; may be empty.
        scope: who asks and where.
        has_writer: whether a language model puts answers into sentences here.
    """
    phrases = scope.phrases
    blocks = [phrases.say("self-maker", version=version)]
    blocks += [phrases.say("self-maker-writer")] if has_writer else []
    if safe := safe_url(home):
        blocks.append(f"[{phrases.say('about-docs')}](<{safe}>)")
    return _page("self-maker-title", [*blocks, _foot("maker", phrases, about="about")], scope)


def subject_page(subject: BotSubject, scope: Scope) -> Page:
    """Return the reply about one of the other subjects, which is the same wherever the bot runs."""
    phrases = scope.phrases
    match subject:
        case BotSubject.TRUST:
            foot = _foot("trust", phrases, sources="sources")
            return _page("self-trust-title", [phrases.say("self-trust"), phrases.say("self-trust-errors"), foot], scope)
        case BotSubject.PRIVACY:
            foot = _foot("privacy", phrases, privacy="privacy", export="my-data export", delete="my-data delete")
            return _page("privacy-title", [*read_and_kept(scope), foot], scope)
        case BotSubject.LANGUAGES:
            foot = _foot("languages", phrases, settings="settings set")
            return _page("self-languages-title", [phrases.say("self-languages"), foot], scope)
        case BotSubject.SETUP:
            return _page("self-setup-title", _setup(phrases), scope)
        case _:
            menu = f"**{escape(menu_name('Check this claim', phrases))}**"
            can = phrases.say("self-tasks-can", menu=menu, brief=format_command("brief", phrases))
            blocks = [phrases.say("self-tasks"), f"{can}\n> {phrases.say('help-example')}"]
            return _page("self-tasks-title", blocks, scope)


def _page(title: str, blocks: Sequence[str], scope: Scope) -> Page:
    """Return a page with its title above the first block, in plain text if the server has chosen that."""
    head = f"### {scope.phrases.say(title)}\n{blocks[0]}"
    return Page([head, *blocks[1:]], is_plain=scope.settings.answer_style == "plain")


def _setup(phrases: Phrases) -> list[str]:
    lines = (
        _said("self-setup-feed", phrases, command="corpus feed add", add="corpus add"),
        _said("self-setup-news", phrases, command="news set", briefs="briefs set"),
        _said("self-setup-settings", phrases, command="settings set"),
        _said("self-setup-remove", phrases, command="corpus remove", feed="corpus feed remove"),
    )
    listed = "\n".join(f"- {line}" for line in lines)
    return [f"{phrases.say('self-setup-admins')}\n{listed}", _foot("setup", phrases, ask="ask", help="help")]


def _foot(subject: str, phrases: Phrases, **commands: str) -> str:
    """Return the small line that ends a reply, with these commands in it."""
    return f"-# {_said(f'self-{subject}-foot', phrases, **commands)}"


def _said(key: str, phrases: Phrases, **commands: str) -> str:
    return phrases.say(key, **{name: format_command(each, phrases) for name, each in commands.items()})
