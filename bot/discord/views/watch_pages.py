"""The pages about watched questions: what changed in an answer, a member's list, and the reply to a new watch."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Answer, Verdict
from bot.answering.answer_changes import AnswerChange, ChangeKind
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, day, escape, quote_block, too_long_block
from bot.discord.views.headline_text import headline
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import paginate
from bot.records.watch_outbox import Pace
from bot.records.watches import DOUBT_DAYS, QUIET_DAYS, Watch
from bot.service.watched_answers import ShownChange

# Questions in one message, and characters of them where it is in components or in plain text.
MAX_IN_DIGEST = 5
_ROOM, _PLAIN_ROOM = 3400, 1600
_LONGEST_QUESTION = 200
_LONGEST_NUMBER = 60
_MOST_QUOTES = 4


@dataclass(frozen=True, slots=True)
class WatchNews:
    """What changed in the answer to one watched question."""

    watch: Watch
    changes: Sequence[ShownChange]


def watch_news_page(
    news: Sequence[WatchNews], post_id: int, mention: int | None, phrases: Phrases, *, is_plain: bool
) -> Page:
    """Return a message that tells what changed; the argument of its first button is the message's mark."""
    room = (_PLAIN_ROOM if is_plain else _ROOM) // len(news)
    blocks = [f"<@{mention}>"] if mention else []
    blocks += [f"### {phrases.say('watch-digest', count=len(news))}"] if len(news) > 1 else []
    blocks += [_news(each, room, phrases) for each in news]
    buttons = [PersistentButton.make("watch-list", str(post_id), label=phrases.say("button-watches"))]
    if len(news) == 1:
        watch, kinds = news[0].watch, {each.change.kind for each in news[0].changes}
        keep = phrases.say("button-watch-keep")
        buttons += [PersistentButton.make("watch-keep", str(watch.id), label=keep)] if _is_doubt(kinds) else []
        buttons.append(PersistentButton.make("watch-stop", str(watch.id), label=phrases.say("button-watch-stop")))
    return Page(blocks, buttons, is_plain=is_plain)


def watching_page(watch: Watch, answer: Answer, *, is_new: bool, can_tell_here: bool, phrases: Phrases) -> Page:
    """Return the reply to who begins to watch: the present answer, and where its changes are told."""
    told = phrases.say("watch-begun" if is_new else "watch-known", question=escape(brief(watch.question, 200)))
    now = phrases.say("watch-now", answer=_present(answer, phrases))
    return Page(
        [told, f"-# {now}", f"-# {_where(watch, phrases)}"], _place_buttons(watch, phrases, can_tell_here=can_tell_here)
    )


def place_page(watch: Watch, *, can_tell_here: bool, phrases: Phrases) -> Page:
    """Return the reply to who chose where changes are told."""
    told = phrases.say("watch-begun", question=escape(brief(watch.question, 200)))
    return Page([told, f"-# {_where(watch, phrases)}"], _place_buttons(watch, phrases, can_tell_here=can_tell_here))


def watches_page(watches: Sequence[Watch], most: int, pace: Pace, page: int, phrases: Phrases) -> Page:
    """Return a page of a member's watches, with what keeps them from being told."""
    pages = paginate([_line(each, phrases) for each in watches], _PLAIN_ROOM) if watches else [[]]
    page = min(page, len(pages) - 1)
    foot = phrases.say("watch-count", count=len(watches), most=most) if watches else phrases.say("watch-none")
    turn = page_buttons(page, len(pages), "watch-page", "", phrases)
    return Page([f"### {phrases.say('watch-title')}", *pages[page], f"-# {foot}\n-# {pace_text(pace, phrases)}"], turn)


def pace_text(pace: Pace, phrases: Phrases) -> str:
    """Return how often and when a member is told."""
    text = phrases.say("watch-pace", count=pace.most)
    if pace.quiet_from is None or pace.quiet_until is None:
        return text
    hours = {"from": f"{pace.quiet_from:02}:00", "until": f"{pace.quiet_until:02}:00"}
    return f"{text} {phrases.say('watch-quiet', zone=escape(pace.zone), **hours)}"


def _news(news: WatchNews, room: int, phrases: Phrases) -> str:
    question = escape(brief(news.watch.question, _LONGEST_QUESTION))
    lines, left = [f"**🔔 {question}**"], room - len(question)
    untold = 0
    for place, each in enumerate(news.changes):
        told = change_text(each.change, phrases)
        if place >= _MOST_QUOTES or len(told) > left:
            untold += 1
            continue
        lines.append(told)
        left -= len(told) + 1
        if each.evidence is not None:
            forms = (quote_block(each.evidence, phrases), too_long_block(each.evidence, phrases))
            fitting = [form for form in forms if len(form) <= left]
            lines += fitting[:1]
            left -= len(fitting[0]) + 1 if fitting else 0
    if untold:
        lines.append(f"-# {phrases.say('watch-more', count=untold)}")
    return "\n".join(lines)


def change_text(change: AnswerChange, phrases: Phrases) -> str:
    """Return what changed in an answer, without its quote."""
    match change.kind:
        case ChangeKind.VERDICT:
            before, after = (verdict_text(each, phrases) for each in (change.before, change.after))
            return phrases.say("watch-verdict", before=before, after=after)
        case ChangeKind.NUMBER:
            return phrases.say("watch-number", number=escape(brief(change.after, _LONGEST_NUMBER)))
        case ChangeKind.UNCHANGED:
            return phrases.say("watch-unchanged", days=QUIET_DAYS, more=DOUBT_DAYS)
        case _:
            return phrases.say(f"watch-{change.kind}")


def verdict_text(verdict: str, phrases: Phrases) -> str:
    """Return a verdict as members see it."""
    known = {"yes", "no", "disputed"}
    return phrases.say(f"verdict-{verdict}" if verdict in known else f"watch-is-{verdict.replace('_', '-') or 'open'}")


def _present(answer: Answer, phrases: Phrases) -> str:
    if answer.verdict in {Verdict.YES, Verdict.NO, Verdict.DISPUTED}:
        return headline(answer, phrases)
    return phrases.say("watch-is-not-found" if answer.is_refusal else "watch-is-open")


def _is_doubt(kinds: set[ChangeKind]) -> bool:
    return ChangeKind.UNCHANGED in kinds


def _where(watch: Watch, phrases: Phrases) -> str:
    if watch.place == "channel":
        return phrases.say("watch-tells-here", channel=f"<#{watch.channel_id}>")
    return phrases.say("watch-tells-direct")


def _place_buttons(watch: Watch, phrases: Phrases, *, can_tell_here: bool) -> list[PersistentButton]:
    other = "direct" if watch.place == "channel" else "here"
    shown = ([other] if other == "direct" or can_tell_here else []) + ["stop"]
    labels = {each: phrases.say(f"button-watch-{each}") for each in shown}
    return [PersistentButton.make(f"watch-{each}", str(watch.id), label=label) for each, label in labels.items()]


def _line(watch: Watch, phrases: Phrases) -> str:
    facts = [phrases.say("watch-since", day=day(watch.made_at, phrases)), _where(watch, phrases)]
    lines = [f"**{escape(brief(watch.question, _LONGEST_QUESTION))}**", f"-# {' · '.join(facts)}"]
    lines += [f"⚠️ {phrases.say(watch.problem)}"] if watch.problem else []
    return "\n".join(lines)
