"""One edit of an article: what changed in it, in the articles' own words."""

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import Press
from bot.discord.views.escape import brief, escape
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import in_pages
from bot.discord.workers.lookups import ShownEdit
from corpus.history import Change, ChangeKind

# Characters of changes on a page, beside the title, and of a sentence before it is escaped: half of a phone's screen.
ROOM = 1500
LONGEST_SENTENCE = 240
LONGEST_WORDS = 60
# Runs of changed words that are named; a sentence with more was written anew.
MOST_WORD_RUNS = 3


def edits_page(shown: ShownEdit, phrases: Phrases) -> Page:
    """One edit of an article, with buttons to the others and back to the article."""
    article_id, edit = str(shown.facts.id), shown.edit
    lines = [_line(change, phrases) for change in edit.changes]
    kept = in_pages(lines, ROOM)[0]
    left = edit.left_out + len(lines) - len(kept)
    head = [f"### {escape(brief(shown.facts.title or '', 100)) or phrases.say('untitled')}"]
    when = phrases.say("edit-seen", when=f"<t:{shown.seen_at:d}:f>")
    head.append(f"**{when}**" if edit.changes else f"**{when}** {phrases.say('edit-no-words')}")
    if edit.is_silent:
        head.append(f"-# {phrases.say('edit-silent')}")
    foot = [f"-# {phrases.say('edit-more', count=left)}"] if left else []
    foot += [f"-# {phrases.say('edit-partial')}"] if edit.is_partial else []
    buttons = page_buttons(shown.place, shown.edits, "edits", article_id, phrases)
    buttons.append(Press.make("article", article_id, label=phrases.say("button-article")))
    return Page(["\n".join(head), *(["\n".join(kept)] if kept else []), *foot], buttons)


def _line(change: Change, phrases: Phrases) -> str:
    before, after = (escape(brief(text, LONGEST_SENTENCE)) for text in (change.before, change.after))
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
            if 0 < len(change.words) <= MOST_WORD_RUNS:
                words = ", ".join(_words(was, became, phrases) for was, became in change.words)
                return "• " + phrases.say("edit-in", words=words, text=after)
            return "• " + phrases.say("edit-changed", before=before, after=after)


def _words(before: str, after: str, phrases: Phrases) -> str:
    was, became = (escape(brief(text, LONGEST_WORDS)) for text in (before, after))
    if not was:
        return phrases.say("edit-word-added", after=became)
    return (
        phrases.say("edit-word-changed", before=was, after=became)
        if became
        else phrases.say("edit-word-removed", before=was)
    )
