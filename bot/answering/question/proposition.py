"""Reads the proposition of a yes/no question: who did what, asserted or negated."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.question.aliases import entity_ids, mentions
from bot.answering.question.clauses import (
    ACTOR_NOUNS,
    AUXILIARIES,
    is_reporting_verb,
    parse_clause,
    strip_openers,
    verb_stem,
)
from bot.answering.question.kind import question_sentence
from index.terms import STOP_WORDS, words


class Act(StrEnum):
    """What the actor does: deny a claim or refuse a demand, admit, agree, say, or anything else."""

    DENIES = "denies"
    ADMITS = "admits"
    AGREES = "agrees"
    SAYS = "says"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Proposition:
    """The content of a yes/no question or a claim.

    `actor` is as written in the question, empty where none is named; `actor_ids` are the countries and groups in it.
    `content` is what is denied, admitted or done; `content_words` its folded words
    without stop words. `is_about_state` if it asks what was so rather than what happened, which may have begun long
    before the time that it states.
    """

    text: str
    actor: str
    actor_ids: frozenset[str]
    act: Act
    content: str
    content_words: tuple[str, ...]
    is_negated: bool
    is_about_now: bool
    is_about_state: bool


_DENY = frozenset(
    """deni reject dismiss refut disput rebut disavow contradict disclaim rebuff repudi rubbish refus declin
    oppos spurn veto""".split()
)
_ADMIT = frozenset("admit acknowledg confirm conced confess".split())
_AGREE = frozenset(
    "accept agre approv back endors support grant allow permit let ratifi sign yield surrend adopt".split()
)
_DENY_PHRASES = re.compile(
    r"\b(?:rule[sd]?\s+out|turn(?:s|ed)?\s+down|push(?:es|ed)?\s+back|call\w*\s+\w+\s+(?:false|baseless))\b",
    re.IGNORECASE,
)
_ADMIT_PHRASES = re.compile(
    r"\b(?:own(?:s|ed)?\s+up|come\s+clean|take\s+responsibility|claim(?:s|ed)?\s+responsibility|(?:take|accept)\s+(?:the\s+)?blame)\b",
    re.IGNORECASE,
)
_AGREE_PHRASES = re.compile(
    r"\b(?:go(?:es)?\s+along\s+with|went\s+along\s+with|(?:ok|okay|fine|happy)\s+with|sign(?:ed|s)?\s+(?:up|on|off)|give\s+in|"
    r"lay\s+down|laid\s+down|open\s+to|willing\s+to|in\s+favou?r\s+of|gave\s+in)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"""^(?:(?:so|and|but|well|hey|ok|okay)\W+)*(?:
        (?:is|was|isn['’]t)\s+it\s+(?:really\s+|actually\s+)?(?:true|correct|right|the\s+case|a\s+fact)\s+that\s+
      | (?:is|was)\s+there\s+(?:any\s+)?(?:truth|evidence)\s+(?:in|to|that|for)\s+(?:the\s+\w+\s+that\s+)?
      | (?:can\s+you\s+)?(?:please\s+)?(?:confirm|check|verify|fact[- ]?check)(?:\s+(?:that|if|whether|this))?\W+
      | (?:do\s+we\s+know|tell\s+me|any\s+idea|do\s+you\s+know)\s+(?:if|whether)\s+
      | i\s+(?:heard|read|saw)\s+(?:that\s+)?
      | (?:claim|fact|rumou?r|true\s+or\s+false)\s*:\s*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TAG = re.compile(
    r"\s*,?\s*(?:(?:is|was)\s+(?:that|it|this)\s+)?(?:true\s+or\s+false|true|right|correct|or\s+not|really|yes|no|legit|fake)\W*$",
    re.IGNORECASE,
)
_CLEFT = re.compile(
    r"^(?:is|was|were|isn['’]t|wasn['’]t)\s+it\s+(?:really\s+)?(?P<who>.+?)\s+(?:who|that|which)\s+(?P<did>.+)$",
    re.IGNORECASE,
)
_RESPONSIBLE = re.compile(
    r"^(?:is|was|were|are)\s+(?P<who>.+?)\s+(?:really\s+)?"
    r"(?:behind|responsible\s+for|to\s+blame\s+for|guilty\s+of|involved\s+in)\s+(?P<did>.+)$",
    re.IGNORECASE,
)
_PASSIVE_BY = re.compile(
    r"\bby\s+(?P<who>(?:an?\s+|the\s+)?[^,?]+?)(?:\s+(?:in|on|at|during|after|before|while|when|with|for)\b.*)?$",
    re.IGNORECASE,
)
_CLAIMED = re.compile(
    r"^(?P<who>[\w’'.\s-]{2,40}?)\s+(?:says?|claims?|said|claimed)\s+(?:that\s+)?(?P<what>.+)$", re.IGNORECASE
)
# In "Experts say ..." the proposition is what they say.
_GENERIC_SPEAKERS = frozenset(
    "experts officials reports sources people scientists researchers analysts critics some many observers they".split()
)
_NOW = re.compile(
    r"\b(?:now|still|currently|at\s+the\s+moment|right\s+now|as\s+of\s+(?:now|today)|yet)\b", re.IGNORECASE
)
# Auxiliaries of what is or was so: "Was the crossing open on 15 December?"
_STATES = frozenset("is are was were has have had".split())
# Years, months and weekdays are no content.
_DATE_WORD = re.compile(
    r"(?:19|20)\d\d|jan(?:uary)?|feb(?:ruary)?|march|april|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_EMPTY = frozenset(
    """any ever really true right own hand part role report reports reported claim claims claimed allegation allegations
    accusation accusations suggestion suggestions news story idea recently himself herself itself themselves anything
    someone anyone end ended up also still yet already actually just about s t""".split()
)


def read_proposition(question: str) -> Proposition:
    """Return the proposition of a yes/no question or a statement."""
    tagged = _TAG.search(strip_openers(question))
    question = strip_openers(question_sentence(_TAG.sub("", strip_openers(question)) or question))
    text = _LEAD_IN.sub("", question)
    is_claim = text != question or tagged is not None
    text = _TAG.sub("", text) or text
    if (claimed := _CLAIMED.match(text)) and (tagged or claimed["who"].split()[-1].lower() in _GENERIC_SPEAKERS):
        text = claimed["what"]
    if cleft := _CLEFT.match(text):
        return _build(text, cleft["who"], "", cleft["did"])
    if responsible := _RESPONSIBLE.match(text):
        return _build(text, responsible["who"], "responsible", responsible["did"])
    if agreed := _AGREE_PHRASES.search(text):
        return _build(text, _without_auxiliary(text[: agreed.start()]), agreed[0], text[agreed.end() :])
    clause = parse_clause(text)
    if clause.auxiliary.lower() in {"is", "was", "were", "are"} and (by := _PASSIVE_BY.search(clause.rest)):
        rest = f"{clause.subject} {clause.rest[: by.start()]}"
        return _build(text, by["who"], clause.verb, rest)
    actor = clause.subject or _first_named(text)
    is_negated = (is_claim or not clause.auxiliary) and bool(re.search(r"\b(?:not|never)\b|n['’]t\b", text))
    content = clause.rest if clause.verb else clause.rest.removeprefix(actor) or clause.subject.removeprefix(actor)
    return _build(
        text, actor if clause.verb else _first_named(text) or actor, clause.verb, content, is_negated=is_negated
    )


def _build(text: str, actor: str, verb: str, content: str, *, is_negated: bool = False) -> Proposition:
    act = _classify_act(text, verb)
    if act in {Act.OTHER, Act.SAYS} and verb:
        content = f"{verb} {content}"
    actor_part = _actor_name_words(actor) | (
        frozenset(words(verb)) if act not in {Act.OTHER, Act.SAYS} else frozenset()
    )
    content_words = [
        word
        for word in dict.fromkeys(words(text))
        if word not in STOP_WORDS and word not in _EMPTY and word not in actor_part and not _DATE_WORD.fullmatch(word)
    ]
    return Proposition(
        text=text,
        actor=actor.strip(),
        actor_ids=entity_ids(actor),
        act=act,
        content=content.strip(),
        content_words=tuple(content_words),
        is_negated=is_negated,
        is_about_now=bool(_NOW.search(text)),
        is_about_state=next((word for word in words(text) if word in AUXILIARIES), "") in _STATES,
    )


def _actor_name_words(actor: str) -> frozenset[str]:
    """Return an actor's country and group names, and its nouns for actors: both words of "Ukraine's ministry"."""
    named = {word for each in mentions(actor) for word in words(actor[each.start : each.end])}
    return frozenset(named) | (frozenset(words(actor)) & ACTOR_NOUNS)


def _classify_act(text: str, verb: str) -> Act:
    stem = verb_stem(verb) if verb else None
    for phrases, act in ((_DENY_PHRASES, Act.DENIES), (_ADMIT_PHRASES, Act.ADMITS), (_AGREE_PHRASES, Act.AGREES)):
        if phrases.search(text):
            return act
    for stems, act in ((_DENY, Act.DENIES), (_ADMIT, Act.ADMITS), (_AGREE, Act.AGREES)):
        if stem in stems:
            return act
    return Act.SAYS if verb and is_reporting_verb(verb) else Act.OTHER


def _without_auxiliary(text: str) -> str:
    words_before = text.split()
    return " ".join(words_before[1:] if words_before and words_before[0].lower() in AUXILIARIES else words_before)


def _first_named(text: str) -> str:
    """Return the country or group that a text begins with, else an empty string."""
    lead = [word for word in re.findall(r"\S+", text) if word.lower() not in AUXILIARIES]
    found = mentions(text)
    if found and lead and found[0].start <= len(lead[0]) + (len(text) - len(" ".join(lead))) + 4:
        return text[found[0].start : found[0].end]
    return ""
