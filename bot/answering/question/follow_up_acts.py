"""Tells what a follow-up wants: an answer, or something about the last one, such as who said it."""

import re
from enum import StrEnum

from bot.answering.question.aliases import entity_ids
from bot.answering.question.clauses import strip_openers
from bot.answering.question.kind_model import ACTS_FILE, KindModel
from bot.answering.question.speller import correct_slips


class FollowUpAct(StrEnum):
    """What a follow-up asks for.

    `ask` is a question of its own, `choose` one with two readings; `more` asks for further quotes of the last answer,
    `speakers` on whose word it rests, or doubts it, `sources` for its articles, `dates` for the order of events,
    `short` for less text.
    """

    ASK = "ask"
    CHOOSE = "choose"
    MORE = "more"
    SPEAKERS = "speakers"
    SOURCES = "sources"
    DATES = "dates"
    SHORT = "short"


# The classifier's probability from which a message is an act, and the longest that may be one: a question that is taken
# for an act gets no answer.
MIN_CHANCE = 0.8
MAX_WORDS = 9
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHOW = r"(?:(?:can|could)\s+you\s+)?(?:please\s+)?(?:(?:tell|show|give)\s+(?:me|us)\s+|(?:is|are)\s+there\s+)?"
_IT = r"(?:it|this|that|these|those|them)"
_ENDS = r"(?:\s+(?:about|of|on|for|to)\s+(?:it|this|that))?(?:\W+(?:please|pls|plz|bro|tho|though))*"
_ACTS: tuple[tuple[FollowUpAct, str], ...] = (
    (
        FollowUpAct.MORE,
        rf"""{_SHOW}(?:
            (?:(?:some|any|a\s+bit|a\s+little)\s+)?(?:more|further|other)
            (?:\s+(?:quotes?|passages?|details?|info(?:rmation)?))?
          | (?:any|some)thing\s+(?:else|more|new) | what\s+else(?:\s+(?:is\s+there|do\s+you\s+(?:have|know)))?
          | (?:any\s+|the\s+)?details
          | go\s+on | carry\s+on | keep\s+going | continue | elaborate | expand | next
        )""",
    ),
    (
        FollowUpAct.SPEAKERS,
        rf"""(?:
            says\s+who
          | (?:who|whoever)\s+(?:says|said|claims|claimed|reports|reported|states|stated)(?:\s+(?:so|{_IT}))?
          | according\s+to\s+whom? | on\s+whose\s+(?:word|authority) | whose\s+(?:claim|word)\s+is\s+{_IT}
          | (?:are|r)\s+(?:you|u|ya)\s+(?:really\s+|quite\s+)?(?:sure|certain|serious)
          | how\s+(?:(?:do|can)\s+you\s+know|(?:sure|certain)\s+are\s+you)(?:\s+{_IT})?
          | how\s+can\s+you\s+be\s+(?:so\s+)?sure
          | (?:for\s+)?real(?:ly)? | seriously | truly | honestly | sure | prove\s+it | true | right
          | (?:is|was)\s+{_IT}\s+(?:really\s+)?(?:true|right|correct|certain|sure|confirmed|so|the\s+case|reliable)
        )""",
    ),
    (
        FollowUpAct.SOURCES,
        rf"""{_SHOW}(?:
            (?:(?:any|the|your|some|other|a|what(?:['’]?s|\s+is|\s+are)|where(?:['’]?s|\s+is|\s+are))\s+){{0,3}}
            (?:sources?|links?|evidence|proof|citations?|references?) | (?:which|what)\s+articles?
          | where\s+(?:did|do|does)\s+(?:you|{_IT})\s+(?:get|read|find|have|come)(?:\s+{_IT})?(?:\s+from)?
        )""",
    ),
    (
        FollowUpAct.DATES,
        rf"""{_SHOW}(?:
            (?:a\s+|the\s+)?(?:timeline|chronology|dates?|sequence\s+of\s+events)
          | (?:in\s+)?(?:which|what)\s+order(?:\s+did\s+(?:{_IT}|they|things)\s+happen)?
          | what\s+(?:happened|came)\s+(?:first|when)
          | how\s+did\s+(?:{_IT}|things)\s+(?:unfold|develop|start\s+and\s+end)
        )""",
    ),
)
_LEARNT = frozenset(FollowUpAct) - {FollowUpAct.ASK, FollowUpAct.CHOOSE}
_COMPILED = tuple((act, re.compile(f"{pattern}{_ENDS}", re.IGNORECASE | re.VERBOSE)) for act, pattern in _ACTS)
# Follow-ups in German, the other language of the interface, which are too short to be told from small talk.
_IN_GERMAN = {
    "tell me more": "mehr|mehr dazu|mehr davon|noch mehr|weiter|sonst noch was|gibt es mehr|weitere zitate",
    "who says so?": "wer sagt das|wer sagt das denn|wer behauptet das|sagt wer|laut wem|stimmt das|ist das wahr|sicher",
    "source?": "quelle|quellen|die quelle|deine quelle|woher|woher weißt du das|beleg|belege|welcher artikel",
    "timeline?": "zeitleiste|chronologie|in welcher reihenfolge|der reihe nach",
    "when?": "wann|wann war das|seit wann",
    "where?": "wo|wo war das",
    "why?": "warum|wieso|weshalb|weswegen",
    "who?": "wer|wer war das|wer denn",
    "how?": "wie|wie denn",
    "how many?": "wie viele|wieviele",
}
_FROM_GERMAN = {said: english for english, german in _IN_GERMAN.items() for said in german.split("|")}


def correct_follow_up(question: str) -> str:
    """Return a follow-up without the commonest slips; a short German one ("wer sagt das?") becomes the English one."""
    core = " ".join(question.lower().strip(" ?!.…,").split())
    return _FROM_GERMAN.get(core.removeprefix("und ")) or correct_slips(question)


def follow_up_act(question: str) -> FollowUpAct:
    """Return what a follow-up wants; `ask` for whatever asks for an answer, or nothing."""
    return _certain_act(question) or _likely_act(question)


def is_certain_act(question: str) -> bool:
    """Return whether a text is one of the common ways to ask about an answer, whatever came before it."""
    return _certain_act(question) is not None


def _certain_act(question: str) -> FollowUpAct | None:
    core = strip_openers(question).strip(" ?!.…,")
    return next((act for act, pattern in _COMPILED if pattern.fullmatch(core)), None)


def _likely_act(text: str) -> FollowUpAct:
    """Return what the trained classifier takes a message for; one that names a country or group asks of that."""
    if not 0 < len(_WORD.findall(text)) <= MAX_WORDS or entity_ids(text):
        return FollowUpAct.ASK
    chances = KindModel.load(ACTS_FILE).probabilities(text)
    best = max(chances, key=chances.__getitem__)
    return FollowUpAct(best) if chances[best] >= MIN_CHANCE and best in _LEARNT else FollowUpAct.ASK
