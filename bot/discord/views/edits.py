"""The page of one edit of an article: what changed in the text."""

from collections.abc import Sequence

from bot.answering.changed_facts import Fact, FactChange, changed_facts
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, escape
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import paginate
from bot.render.formatters import shown_title
from bot.service.lookups import ArticleEdit
from corpus.history import Change, ChangeKind

# Characters of changes on a page, and of a sentence before escaping: half of a phone's screen.
_ROOM = 1500
_LONGEST_SENTENCE = 240
_LONGEST_WORDS = 60
_LONGEST_FACT = 80
# A sentence with more runs of changed words counts as rewritten.
_MAX_WORD_RUNS = 3


def edits_page(found: ArticleEdit, phrases: Phrases) -> Page:
    """Return the page of one edit, with buttons to the other edits and back to the article."""
    article_id, edit = str(found.facts.id), found.edit
    lines = [change_block(change, changed_facts(change, found.facts.language), phrases) for change in edit.changes]
    kept = paginate(lines, _ROOM)[0]
    left = edit.left_out + len(lines) - len(kept)
    title = shown_title(found.facts.title, found.facts.origin)
    head = [f"### {escape(brief(title, 100)) or phrases.say('untitled')}"]
    when = phrases.say("edit-seen", when=f"<t:{found.seen_at:d}:f>")
    head.append(f"**{when}**" if edit.changes else f"**{when}** {phrases.say('edit-no-words')}")
    if edit.is_silent:
        head.append(f"-# {phrases.say('edit-silent')}")
    foot = [f"-# {phrases.say('edit-more', count=left)}"] if left else []
    foot += [f"-# {phrases.say('edit-partial')}"] if edit.is_partial else []
    buttons = page_buttons(found.place, found.edits, "edits", article_id, phrases)
    buttons.append(PersistentButton.make("article", article_id, label=phrases.say("button-article")))
    return Page(["\n".join(head), *(["\n".join(kept)] if kept else []), *foot], buttons)


def change_block(change: Change, facts: Sequence[FactChange], phrases: Phrases) -> str:
    """Return the facts that a change changed, and the change."""
    return "\n".join([*(_fact_line(fact, phrases) for fact in facts), change_line(change, phrases)])


def _fact_line(change: FactChange, phrases: Phrases) -> str:
    """Return a changed fact, before and after."""
    before, after = (escape(brief(text, _LONGEST_FACT)) for text in (change.before, change.after))
    key = change.fact.value
    if change.fact is Fact.NEGATION:
        key = "negated" if after else "not-negated"
    return f"**{phrases.say(f'edit-fact-{key}', before=before, after=after)}**"


def change_line(change: Change, phrases: Phrases) -> str:
    """Return one change of a text, with the words that differ."""
    before, after = (escape(brief(text, _LONGEST_SENTENCE)) for text in (change.before, change.after))
    match change.kind:
        case ChangeKind.HEADLINE:
            return "• " + phrases.say("edit-headline", before=before, after=after)
        case ChangeKind.ADDED:
            return "• " + phrases.say("edit-added", count=change.sentences, text=after)
        case ChangeKind.REMOVED:
            return "• " + phrases.say("edit-removed", count=change.sentences, text=before)
        case ChangeKind.MOVED:
            return "• " + phrases.say("edit-moved", text=before)
        case ChangeKind.CHANGED:
            if 0 < len(change.words) <= _MAX_WORD_RUNS:
                words = ", ".join(_words(was, became, phrases) for was, became in change.words)
                return "• " + phrases.say("edit-in", words=words, text=after)
            return "• " + phrases.say("edit-changed", before=before, after=after)


def _words(before: str, after: str, phrases: Phrases) -> str:
    was, became = (escape(brief(text, _LONGEST_WORDS)) for text in (before, after))
    if not was:
        return phrases.say("edit-word-added", after=became)
    if not became:
        return phrases.say("edit-word-removed", before=was)
    return phrases.say("edit-word-changed", before=was, after=became)
