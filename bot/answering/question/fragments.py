"""Recognises pieces of questions: names, times, places, sources, and words that refer back."""

import re

from corpus.month_names import ENGLISH_MONTH

_UNIT = r"(?:days?|weeks?|weekend|months?|quarter|years?|decade|spring|summer|autumn|fall|winter|century)"
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_WHEN = rf"""(?:(?:early|late|mid|the\s+(?:start|end|beginning)\s+of)[\s-]*)?(?:
        \d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{ENGLISH_MONTH}(?:\s+\d{{4}})?
      | {ENGLISH_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?(?:,?\s+(?:of\s+)?\d{{4}})?
      | (?:19|20)\d\d(?:-\d\d){{0,2}} | (?:the\s+)?(?:19|20)?\d0s
      | (?:the\s+)?(?:last|past|next|previous|following|same|this)\s+(?:(?:few|two|three|\d+)\s+)?(?:{_UNIT}|{_DAY})
      | {_DAY} | (?:spring|summer|autumn|winter)(?:\s+\d{{4}})? | then | now | today | yesterday
    )"""
_TIME = rf"""(?:
    (?:back\s+)?(?:in|since|until|till|before|after|during|by|from|on|around|between)\s+{_WHEN}
        (?:\s+(?:and|to|until)\s+{_WHEN})?
  | (?:the\s+)?(?:last|past|next|previous|this)\s+(?:{_UNIT}|{_DAY}) | {_UNIT}\s+(?:ago|later|before|earlier)
  | (?:before|after|since)\s+(?:that|then|this) | now | today | yesterday | currently | right\s+now | these\s+days
  | (?:before|after|since|during)\s+the\s+[^?]+ | (?:19|20)\d\d | {ENGLISH_MONTH}\s+(?:19|20)\d\d
)"""
_TIME_ONLY = re.compile(_TIME, re.IGNORECASE | re.VERBOSE)
_TIME_AT_END = re.compile(rf"(?<![\s,])[\s,]++{_TIME}$", re.IGNORECASE | re.VERBOSE)
_PLACE_OR_SOURCE = re.compile(
    r"(in|at|near|from|to|against|with|for|inside|outside|around|by|according\s+to|via|under|over)\s+(\S.*)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![.?!] )(?<!^)\b[A-Z][\w’'.-]*(?:\s+(?:(?:of|the|de|al|bin|van|von)\s+)*[A-Z][\w’'.-]*)*|\b[A-Z]{2,}\b"
)
_FIRST_WORD_NAME = re.compile(r"^[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*")
_NO_NAMES = frozenset(
    """a an the and but so or who whom whose what which when where why how is are was were am do does did has have had
    can could will would shall should may might must i it they he she that this there these those in on at by to for
    from of with no not what's who's isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't
    couldn't won't wouldn't really are since after before until during according any anyone anybody nobody both also
    then now please ok okay hey hi well actually how's where's when's""".split()
)
# Words that say nothing about a question's topic.
EMPTY_WORDS = frozenset(
    """a an the of in on at by to for from with about and or but not no any some all anyone anybody someone somebody
    anything something else more exactly really ever also too then first next later now still yet already again ago so
    as if be been being it its is say says said think thought respond responded reply replied react reacted answer
    answered comment commented happen happened happens do done did know known tell told mean meant people person report
    reported reporting one ones thing things make made go going get got take taken place many much long often old
    confirm confirmed deny denied killed died dead injured involved responsible there here same true correct instead
    statement side sides reaction reason reasons result results know""".split()
)
# After a bare "the" these refer back: "the attack".
ANAPHORIC_NOUNS = frozenset(
    """report reports claim claims allegation allegations accusation accusations attack attacks strike strikes deal
    agreement statement denial story news incident decision offer proposal plan talks request rumours rumors letter
    vote law explosion explosions shooting killing visit charges other others former latter two rest""".split()
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|there|so|those|these|this|that)\b", re.IGNORECASE
)
_EXPLETIVE = re.compile(
    r"""\b(?:is|was|isn['’]t|wasn['’]t)\s+it\s+(?:(?:really|also)\s+)?
            (?:true|correct|right|the\s+case|possible|likely|a\s+fact)\s+that\b
      | \bit\s+(?:is|was)\s+true\s+that\b | \b(?:so|that)\s+(?:far|much|many|long)\b
      | \b(?:is|are|was|were)\s+there\b | ^(?:was|is)\s+it\b(?=.*\b(?:who|that|which)\b)
      | \bthis\s+(?:week|month|year|morning|evening|weekend|summer|winter|spring|autumn|quarter|time|decade)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE_NOUN = re.compile(
    rf"""\b(?:the|this|that|these|those)\s+(?:{"|".join(sorted(ANAPHORIC_NOUNS))})\b
        (?!\s+(?:of|on|by|about|against|that|with|in|for|between|at|to|from|over)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
# What may follow "that" where it refers back.
_AFTER_ANAPHOR = re.compile(
    r"\s*(?:$|[?!.,:;]|(?:is|was|are|were|be|been|did|has|have|had|will|would|can|could|happen\w*|mean\w*|true|first|too|"
    r"also|then|now|in|on|at|by|for|with|from|to|again|down|up|off|over|back|out|exactly|really|before|after|since)\b)",
    re.IGNORECASE,
)
_INNER_POSSESSIVE = frozenset(("its", "their", "his", "her"))
_BEFORE_VERB = re.compile(r"\s+(?!(?:in|on|at|by|for|with|from|to|down|up|off|first|too|again|now|then)\b)\w")
_SUBJECTS = frozenset(("it", "they", "he", "she", "there"))


def is_time(text: str) -> bool:
    """Return whether a fragment is a time: "in 2023", "since March", "last week", "before that"."""
    return _TIME_ONLY.fullmatch(text.strip(" ?,.")) is not None


def is_place_or_source(text: str) -> bool:
    """Return whether a fragment is a preposition with a place, person or source: "in Gaza", "according to Reuters"."""
    return _PLACE_OR_SOURCE.fullmatch(text.strip(" ?,.")) is not None


def replace_phrase(question: str, phrase: str) -> str:
    """Replace the time or place at the end of a question; append the new one where it has none."""
    text, phrase = question.rstrip(" ?!."), phrase.strip(" ?,.")
    if is_time(phrase):
        if re.fullmatch(r"(?:19|20)\d\d", phrase):
            phrase = f"in {phrase}"
        return f"{_TIME_AT_END.sub('', text)} {phrase}?"
    match = _PLACE_OR_SOURCE.fullmatch(phrase)
    time = _TIME_AT_END.search(text)
    head, tail = (text[: time.start()], text[time.start() :]) if time else (text, "")
    if match is not None:
        kept = re.sub(rf"\s+{re.escape(match[1])}\s+(?:the\s+)?[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*$", "", head)
        head = kept if re.search(r"\w\s+\w", kept) else head
    return f"{head} {phrase}{tail}?"


def names_in(text: str) -> list[str]:
    """Return the runs of capitalised words that don't merely open a sentence, in order."""
    names = []
    first = _FIRST_WORD_NAME.match(text)
    if first and first[0].split()[0].lower() not in _NO_NAMES:
        names.append(first[0])
    for match in _NAME.finditer(text):
        kept = match[0].strip(".'’-")
        if kept.lower() not in _NO_NAMES and not (first and names and match.start() < first.end()):
            names.append(re.sub(r"['’]s$", "", kept))
    return names


def refers_back(text: str) -> bool:
    """Return whether a word of a text refers to something outside the text."""
    plain = _EXPLETIVE.sub(" ", text)
    if _BARE_NOUN.search(plain) and len(names_in(plain)) < 2:
        return True
    return any(_is_anaphor(plain, match) for match in _PRONOUN.finditer(plain))


def _is_anaphor(text: str, match: re.Match[str]) -> bool:
    low, before, after = match[0].lower(), text[: match.start()], text[match.end() :]
    named_before = bool(names_in(before))
    if low in {"that", "this", "these", "those", "so"}:
        return bool(_AFTER_ANAPHOR.match(after)) and not (low == "so" and after.strip(" ?!.,"))
    if low in _INNER_POSSESSIVE and re.match(r"\s+\w", after) and not _AFTER_ANAPHOR.match(after):
        return not named_before
    if low in _SUBJECTS and _BEFORE_VERB.match(after):
        return not named_before
    return low == "there" or len(names_in(before)) < 2
