"""Recognises greetings, thanks, other small talk, and questions about the bot itself."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from bot.answering.question.about_bot import BotSubject, bot_subject
from bot.answering.question.clauses import begins_as_question
from bot.answering.question.follow_up import resolve_follow_up
from bot.answering.question.follow_up_acts import FollowUpAct, correct_follow_up, is_certain_act
from bot.answering.question.fragments import names_in
from bot.answering.question.small_talk import MIN_CHANCE, may_be_small_talk, small_talk_chance
from bot.discord.workers.answer_queue import AnswerQueue
from bot.service.attache import Attache

# The reaction to thanks and to emoji below an answer.
REACTION = "🙂"
# Enough for a message that begins with thanks or a greeting and asks nothing.
MIN_CHANCE_AFTER_OPENER = 0.5
_CUSTOM_EMOJI = re.compile(r"<a?:\w+:\d+>")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_THANKS = frozenset(
    "thanks thank thx thnx ty tysm tyvm cheers appreciated danke dankeschön dankesehr vielen merci gracias".split()
)
# Messages of these words alone are thanks, in whatever language.
_ONLY_THANKS = _THANKS | frozenset(
    """merci beaucoup bien grazie mille tante obrigado obrigada muito muchas graças gràcies moltes dank bedankt u je wel
    hartelijk tack så mycket takk tak tusen mange kiitos paljon dziękuję dzięki bardzo wielkie děkuji díky ďakujem
    hvala хвала спасибо большое спс дякую благодаря mulțumesc mersi köszönöm köszi szépen teşekkürler teşekkür ederim
    sağol ευχαριστώ תודה شكرا شكراً متشکرم ممنون धन्यवाद shukriya terima kasih makasih salamat asante cảm ơn 谢谢 謝謝
    多谢 ありがとう ありがとうございます どうも 감사합니다 고마워요 고마워 ขอบคุณ arigato
    thankyou thanx tnx ok okay so much very you u ya a lot bot amigo friend mate bro man guys all everyone de nuevo
    again""".split()
)
_GREETINGS = frozenset(
    """hello hi hey hiya heya hallo hullo howdy greetings yo sup gm morning afternoon evening moin servus grüezi hej
    guten morgen tag abend""".split()
)
_FAREWELLS = frozenset("bye goodbye cya gn night tschüss tschüs ciao bis tschau nacht later farewell servus".split())
# Of those words, the ones that thank nobody by themselves.
_NOT_ALONE = frozenset(
    """beaucoup bien mille tante muito muchas moltes u je wel hartelijk så mycket tusen mange paljon bardzo wielkie
    большое szépen ederim ok okay so much very you u ya a lot bot amigo friend mate bro man guys all everyone de nuevo
    again vielen""".split()
)
# With the marks that some scripts write above and below letters.
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0e31-\u0e4e]|['’])*")
_MIN_QUESTION_WORDS = 4
# Asks the earlier question again, whatever that was.
_AGAIN = "Check again"


class Talk(StrEnum):
    """What a message that asks nothing is; each has a phrase."""

    THANKS = "thanks"
    GREETING = "greeting"
    FAREWELL = "farewell"
    EMOJI = "emoji"
    OTHER = "other"


@dataclass(slots=True)
class Said:
    """What a message says to the bot, without mentions; whether that is small talk is read once."""

    text: str
    _talk: dict[tuple[str, str], Talk | BotSubject | None] = field(default_factory=dict)

    async def small_talk(self, text: str, earlier: str, queue: AnswerQueue) -> Talk | BotSubject | None:
        """Return what `read_small_talk` does, for the message or what is left of it (`text`)."""
        if (text, earlier) not in self._talk:
            self._talk[text, earlier] = await read_small_talk(text, earlier, queue)
        return self._talk[text, earlier]


async def read_small_talk(text: str, earlier: str, queue: AnswerQueue) -> Talk | BotSubject | None:
    """Return what a message is that asks nothing, or about the bot itself; None if it asks of the world.

    Args:
        text: the message, without mentions of the bot.
        earlier: the question of the answer that it follows; empty without one.
        queue: runs the classifiers, beside the answers.

    Raises:
        AttacheError: the classifiers can't run now.
    """
    said = _CUSTOM_EMOJI.sub(" ", text)
    if earlier:
        said = correct_follow_up(said)
    if not re.search(r"\w", said):
        # A bare question mark below an answer asks the question again.
        return None if earlier and "?" in said else Talk.EMOJI
    if is_only_thanks(said):
        return Talk.THANKS
    goes_on = repeats(said, earlier)
    if goes_on and is_certain_act(said):
        return None

    def read(attache: Attache) -> Talk | BotSubject | None:
        subject = bot_subject(said, attache.packaged_model, is_follow_up=bool(earlier))
        if goes_on:
            # "Summarise this" below an answer is about the answer.
            return None if subject is BotSubject.TASKS else subject
        return subject or _read_talk(said, attache)

    return await queue.run_aside(read)


def _read_talk(said: str, attache: Attache) -> Talk | None:
    """Return what a message is if it asks nothing."""
    if not may_be_small_talk(said) or _asks_of_somebody(said):
        return None
    kind = _kind_of_talk(said)
    opens = kind in {Talk.THANKS, Talk.GREETING, Talk.FAREWELL} and "?" not in said
    chance = small_talk_chance(said, attache.packaged_model)
    return kind if chance >= (MIN_CHANCE_AFTER_OPENER if opens else MIN_CHANCE) else None


def _asks_of_somebody(text: str) -> bool:
    """Return whether a message plainly is a question about somebody or something with a name: nothing to classify."""
    is_long = len(_WORD.findall(text)) >= _MIN_QUESTION_WORDS
    return is_long and begins_as_question(text) and bool(names_in(text))


def is_only_thanks(text: str) -> bool:
    """Return whether a message thanks and says nothing else: "merci beaucoup!", "спасибо"."""
    words = [word.lower() for word in _LETTERS.findall(text)]
    return bool(words) and "?" not in text and _ONLY_THANKS.issuperset(words) and not _NOT_ALONE.issuperset(words)


def repeats(text: str, earlier: str) -> bool:
    """Return whether a message asks the earlier question again: "Really?", "tell me more"."""
    if not earlier:
        return False
    found = resolve_follow_up(text, earlier)
    return found.act is not FollowUpAct.ASK or found.text == resolve_follow_up(_AGAIN, earlier).text


def _kind_of_talk(text: str) -> Talk:
    words = {word.lower() for word in _WORD.findall(text)[:3]}
    for kind, known in ((Talk.THANKS, _THANKS), (Talk.FAREWELL, _FAREWELLS), (Talk.GREETING, _GREETINGS)):
        if known & words:
            return kind
    return Talk.OTHER
