"""Reads the question out of a message: without greetings, thanks, and the frame of courtesy around it."""

import re
from collections.abc import Callable

from bot.answering.question.clauses import begins_as_question
from bot.answering.question.kind import split_sentences_of

# Sentences and parts of one at each end of a message that are looked at: greetings and thanks stand there.
_MOST_AT_AN_END = 2
_FILLER = r"(?:please|pls|plz|kindly|maybe|perhaps|possibly|by\s+any\s+chance|just|quickly|briefly|also|then)"
_HESITATION = r"(?:so|um+|uh+|erm?|hm+|like|well|ok(?:ay)?|hey|hi|hello|there|and|but|basically|actually|oh|right)"
_SOMEBODY = r"(?:you|u|ya|y'all|anyone|anybody|someone|somebody|any\s+of\s+you|one\s+of\s+you)"
_TELL = r"""(?:(?:tell|inform|remind|enlighten)\s+(?:me|us) | let\s+(?:me|us)\s+know
    | (?:explain|say|clarify|check|confirm|find\s+out|look\s+up|answer)(?:\s+(?:to|for)\s+(?:me|us))?
    | help\s+(?:me|us)\s+(?:to\s+)?(?:understand|find\s+out|see))"""
_TELLING = (
    r"(?:(?:telling|informing|reminding)\s+(?:me|us)|letting\s+(?:me|us)\s+know|explaining(?:\s+to\s+(?:me|us))?)"
)
# What people put around a question in English: a request to tell, a wish to know, or a question whether somebody does.
_FRAME = re.compile(
    rf"""(?:
        (?:can|could|would|will)\s+{_SOMEBODY}\s+(?:{_FILLER}\s+)*
            (?:be\s+(?:so\s+kind|kind\s+enough|so\s+good|able)(?:\s+as)?\s+to\s+(?:{_FILLER}\s+)*)?{_TELL}
      | would\s+{_SOMEBODY}\s+mind\s+(?:{_FILLER}\s+)*{_TELLING}
      | i\s*(?:['’]?m|am|was|have\s+been|['’]ve\s+been)\s+(?:{_FILLER}\s+)*(?:wondering|curious|asking\s+myself)
            (?:\s+like)?(?:\s+(?:about|to\s+know))?
      | i\s+wonder(?:ed)?
      | i\s*(?:['’]?d|would)?\s+(?:(?:really|just)\s+)*(?:like|love|want|need|wanted|wish)\s+to\s+
            (?:know|ask|find\s+out|understand|hear)(?:\s+(?:from\s+)?{_SOMEBODY})?
      | (?:do|does|did)\s+{_SOMEBODY}\s+(?:happen\s+to\s+)?know | {_SOMEBODY}\s+knows?
      | (?:(?:do|does)\s+{_SOMEBODY}\s+have\s+)?any\s+(?:idea|clue)
      | (?:(?:my|a|one|i\s+have\s+a|i['’]ve\s+got\s+a|just\s+a)\s+)?(?:(?:quick|short|small|simple)\s+)?
            question(?:\s+is)?(?=\s*[:,–-])
      | {_TELL}
    )(?:\s+{_FILLER})*\b[\s,:–-]*""",
    re.IGNORECASE | re.VERBOSE,
)
_IF = re.compile(
    rf"(?:if|whether)\s+(?:or\s+not\s+)?(?P<again>(?:{_SOMEBODY}|it(?:['’]s|\s+is))\s+(?:can|could|would|might|possible\s+to)\b)?",
    re.IGNORECASE,
)
_CAN = re.compile(rf"({_SOMEBODY})\s+(can|could|would|might)\b", re.IGNORECASE)
_POSSIBLE = re.compile(r"it(?:['’]s|\s+is)\s+possible\s+to\s+", re.IGNORECASE)
_LEAD = re.compile(rf"(?:(?:{_HESITATION}|{_FILLER})\b[\s,.!…–-]*+)++", re.IGNORECASE)
_AT_THE_END = re.compile(rf"(?<![\s,])[\s,]++{_FILLER}(?=[\s?!.…]*$)", re.IGNORECASE)
# What people put before and after a question in chats, and what says nothing of it; never a word that a question may
# be about: "Isle of Man".
_SLANG = "bro|bruh|dude|lol|lmao|rofl|btw|ngl|tbh|fr|smh|pls|plz|please"
_SLANG_LEAD = re.compile(
    rf"(?:(?:{_SLANG}|bruv|yo|omg|omfg|wtf|lmfao|hey|ok|okay|so|wait|uh+|um+|hm+)\b[\s,.!…:–-]*+)++", re.IGNORECASE
)
_SLANG_END = re.compile(rf"(?<![\s,])(?:[\s,]++(?:{_SLANG}|tho|though|rn|atm))++(?=[\s?!.…]*$)", re.IGNORECASE)
# Emoji, with the marks that join them.
PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
# "thx. bye", but not "post No. 4".
_PART = re.compile(r"(?<=[,;!?…–])\s+|(?<=\.)\s+(?=[a-z])")
_MOST_FRAMES = 4
_MARK = " ?!.…,;:–-"


def core_question(text: str, is_small_talk: Callable[[str], bool]) -> str:
    """Return what a message asks, without the greetings and thanks at its ends and the frame around the question.

    "Hi! Could you please tell me whether Iran denied it? Many thanks!" asks "Is it true that Iran
    denied it?". A message that has none of it, or nothing else, is returned as it is.

    Args:
        text: on one line.
        is_small_talk: whether a sentence or a part of one is nothing but talk; called few times.
    """
    return without_frame(_without_talk(_without_slang(text), is_small_talk))


def _without_slang(text: str) -> str:
    """Return a message without pictures, "bro" before and "lol" after it; as it is where nothing else is left."""
    bare = " ".join(PICTURES.sub(" ", text).split())
    match = _SLANG_LEAD.match(bare)
    kept = _SLANG_END.sub("", bare[match.end() :] if match else bare).strip()
    return kept if len(kept.split()) > 1 and kept != text else text


def without_frame(text: str) -> str:
    """Return a question without the courtesy around it: "could you tell me who won" asks "who won?".

    Only where a question follows: a question word, or "whether"; "tell me about the strait" stays.
    """
    sentences = split_sentences_of(text)
    bare = [_bare(each) for each in sentences]
    return " ".join(bare) if bare != sentences else text


def _bare(sentence: str) -> str:
    rest, found = _without_lead(sentence), None
    for _ in range(_MOST_FRAMES):
        match = _FRAME.match(rest)
        if match is None:
            break
        rest = _without_lead(rest[match.end() :])
        condition = _IF.match(rest)
        if condition is not None:
            # "whether you could tell me" goes on with another frame.
            again = condition.start("again") if condition["again"] else condition.end()
            rest = _as_request(rest[again:])
        asks = begins_as_question(rest) or (condition is not None and len(rest.split()) > 1)
        if asks and not _FRAME.match(rest):
            found = rest if begins_as_question(rest) else f"is it true that {rest}"
    if found is None:
        return sentence
    core = _AT_THE_END.sub("", found).strip(_MARK)
    return f"{core[:1].upper()}{core[1:]}?"


def _without_lead(text: str) -> str:
    match = _LEAD.match(text)
    return text[match.end() :] if match else text


def _as_request(text: str) -> str:
    """Return "you could tell me ..." as "could you tell me ...", which the frames begin with."""
    text = _POSSIBLE.sub("", text)
    swapped = _CAN.match(text)
    return f"{swapped[2]} {swapped[1]}{text[swapped.end() :]}" if swapped else text


def _without_talk(text: str, is_small_talk: Callable[[str], bool]) -> str:
    sentences = split_sentences_of(text)
    parts = [part for sentence in sentences for part in _PART.split(sentence) if part.strip()]
    first, last = 0, len(parts)
    while first < min(_MOST_AT_AN_END, len(parts) - 1) and is_small_talk(parts[first].strip(_MARK)):
        first += 1
    while last > max(first + 1, len(parts) - _MOST_AT_AN_END) and is_small_talk(parts[last - 1].strip(_MARK)):
        last -= 1
    if (first, last) == (0, len(parts)):
        return text
    kept = " ".join(parts[first:last]).strip().rstrip(",;– ")
    return f"{kept[:1].upper()}{kept[1:]}"
