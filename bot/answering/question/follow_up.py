"""Completes follow-up questions from the earlier one, by rules in a fixed order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from bot.answering.question.aliases import entity_ids
from bot.answering.question.clauses import (
    ACTOR_NOUNS,
    AUXILIARIES,
    OPENERS,
    WH_WORDS,
    begins_as_question,
    is_reporting_verb,
    parse_clause,
    strip_openers,
)
from bot.answering.question.courtesy import without_frame
from bot.answering.question.follow_up_acts import FollowUpAct, correct_follow_up, follow_up_act, is_certain_act
from bot.answering.question.fragments import (
    ANAPHORIC_NOUNS,
    EMPTY_WORDS,
    is_place_or_source,
    is_time,
    names_in,
    refers_back,
    replace_phrase,
)
from bot.answering.question.kind import LONGEST_QUESTION
from bot.answering.question.referents import TOPIC_WORDS, definite_object, fill_in

# Characters taken over from the earlier question, so that long conversations stay readable.
MAX_EARLIER = 300
_MAX_FRAGMENT_WORDS = 6
# Minimum similarity (Ratcliff/Obershelp) at which one name corrects another.
_SIMILAR = 0.6

_REPEAT = re.compile(
    r"""(?:(?:but|and|so|no|yes|wait|hm+|huh|ok|okay|oh)\W+)*(?:
        (?:did|does|do|has|have|had|is|was|were|are|will|would|can)(?:n['’]?t)?\s+(?:it|he|she|they|that)(?:\s+really)?
      | again | (?:please\s+)?(?:check|ask|try|search)\s+again | and | so | what
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE_REPEAT = re.compile(r"(?:did|does|do|has|have|is|was|were|are|will)\s+(?:it|he|she|they|that)", re.IGNORECASE)
_CORRECTION = re.compile(
    r"""(?:(?:no+|nope|sorry|wait|actually|oops|oh|well|but)\W+)*
        (?:i\s+(?:meant|mean|was\s+(?:asking|talking)\s+about|asked\s+about)|i['’]m\s+asking\s+about|make\s+that|rather)\W+
        (?P<meant>.+)
      | (?:no+|nope|sorry)\W+(?P<short>.+) | (?P<not>not\s+.+\sbut\s+.+)""",
    re.IGNORECASE | re.VERBOSE,
)
_INSTEAD = re.compile(
    r"""(?:(?P<a>.+?)\W++(?:not|instead\s+of|rather\s+than)\s+(?P<b>.+)|not\s+(?P<c>.+?)\W+(?:but\s+)?(?P<d>.+))""",
    re.IGNORECASE | re.VERBOSE,
)
_WHAT_ABOUT = re.compile(
    r"(?:what|how)\s+(?:about|of)\s+(?P<what>.+)|same\s+(?:question\s+)?(?:for|about)\s+(?P<same>.+)", re.IGNORECASE
)
_BARE_WH = re.compile(
    r"""(?P<wh>(?:(?:by|to|from|for|with|since|until|in|on|at|of|against)\s+)?
        (?:who|whom|whose|what|which|when|where|why|how)(?:\s+(?:else|many|much|long|often|old|far|come|so|not|\w+s))?)
        (?:\s+(?:exactly|precisely|then|now|first|specifically|roughly|tho|though|bro|pls|plz|please|lol|tf))*
        (?:\s+(?:did|was|is|were|has|does|will)\s+(?:it|that|this|they|those)(?:\s+all)?
           (?:\s+(?:happen|be|occur|begin|start|end|happened|take\s+place|taken\s+place))?)?""",
    re.IGNORECASE | re.VERBOSE,
)
# "Did Ukraine do it?", "And did Russia?"
_DID_IT = re.compile(
    r"(?:(?:but|and|so|or)\W+)*did(?:n['’]?t)?\s+(?P<who>.{1,60}?)(?:\s+(?:do|really\s+do)\s+(?:it|that|this|so))?",
    re.IGNORECASE,
)
# "I doubt it" says something of the asker and asks nothing of the articles; what it is about is who says so.
_OF_ONESELF = re.compile(r"(?:(?:hm+|well|but|no|so|ok(?:ay)?)\W+)*(?:i|we|ich|wir)\b(?!\W*$)", re.IGNORECASE)
_WHO = re.compile(r"who\s+(?P<did>(?!else\b).+)", re.IGNORECASE)
# Question words that can stand in front of a whole question: "When did ...".
_ADVERBIAL = frozenset(
    ("when", "where", "why", "how", "since when", "until when", "from where", "how long", "how often")
)
_LEAD = re.compile(r"^[^:]{1,120}:\s+(?=\S)")
# What `_fragment` makes of "What about X?" where X takes no place in the earlier question.
_ABOUT = re.compile(r"what about (?P<what>[^:]{1,120}):\s+(?P<topic>\S.*)", re.IGNORECASE)
_DETERMINERS = frozenset(("the", "a", "an"))
# Not capitalised in a name; and the longest that is an abbreviation, as in "uk".
_SMALL = frozenset(("the", "a", "an", "of", "and"))
_LONGEST_SHORT_NAME = 3
_SUBJECT_PRONOUNS = frozenset(("he", "she", "they", "it"))
_OBJECT_PRONOUNS = frozenset(("it", "that", "this", "them", "him", "her", "those", "these"))


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """A question that can be understood alone; `filled_in` where the earlier one changed it.

    Where `act` asks about the last answer, `text` is the question of that answer. `readings` are the two questions that
    a follow-up may mean, if the act is to choose between them; `text` is then the first.
    """

    text: str
    filled_in: bool
    act: FollowUpAct = FollowUpAct.ASK
    readings: tuple[str, ...] = ()


def is_remark(text: str) -> bool:
    """Return whether a text says something of whoever wrote it, and asks nothing: "I don't believe a word"."""
    is_correction = _CORRECTION.fullmatch(text.rstrip(" ?!.")) is not None
    return _OF_ONESELF.match(text) is not None and "?" not in text and not is_correction


def is_bare(text: str) -> bool:
    """Return whether a text asks something only together with an answer before it: "why tho", "source?"."""
    core = _without_opener(correct_follow_up(text))
    return bool(re.search(r"\w", core)) and (
        _BARE_WH.fullmatch(core) is not None or is_certain_act(core) or _BARE_REPEAT.fullmatch(core) is not None
    )


def resolve_follow_up(question: str, earlier: str, quotes: Sequence[str] = ()) -> ResolvedQuestion:
    """Complete a question from the one before it, so that it can be searched for alone.

    Args:
        question: the current question.
        earlier: the previous question, already resolved; may be empty.
        quotes: what the previous answer quoted, best first.

    Returns:
        At most `LONGEST_QUESTION` characters; a question that needs nothing is unchanged.
    """
    asked, before = " ".join(question.split())[:LONGEST_QUESTION], " ".join(earlier.split())
    if not re.search(r"\w", before) or len(asked) > MAX_EARLIER:
        return ResolvedQuestion(asked, filled_in=False)
    before, corrected = _base(before), without_frame(correct_follow_up(asked))
    if (act := _act_of(corrected, before)) is not FollowUpAct.ASK:
        return ResolvedQuestion(before, filled_in=True, act=act)
    for rule in _RULES:
        text = rule(corrected, before)
        if text is not None:
            return _resolved(text, asked, corrected)
    if not _stands_alone(core := _without_opener(corrected)):
        found = fill_in(core, before, quotes)
        if len(found) > 1:
            readings = tuple(_with_context(each, before) for each in found)
            return ResolvedQuestion(readings[0], filled_in=True, act=FollowUpAct.CHOOSE, readings=readings)
        if found and not refers_back(found[0]):
            return _resolved(_with_context(found[0], before), asked, corrected)
    return _resolved(_pronouns(corrected, before), asked, corrected)


def _asks_who(text: str, before: str) -> bool:
    """Return whether "Who?" is asked of a question for yes or no, which only somebody can have said."""
    clause = parse_clause(before)
    return _without_opener(text).lower() == "who" and bool(clause.auxiliary) and not clause.wh


def _act_of(text: str, before: str) -> FollowUpAct:
    act = follow_up_act(text)
    return FollowUpAct.SPEAKERS if act is FollowUpAct.ASK and (is_remark(text) or _asks_who(text, before)) else act


def _with_context(reading: str, before: str) -> str:
    """Return a reading, followed by the earlier question where something in it still refers back."""
    return (reading if _is_whole(reading) else f"{reading[:-1]}: {_lower_first(before)}")[:LONGEST_QUESTION]


def _is_whole(reading: str) -> bool:
    return bool(names_in(f"x {reading}")) and not refers_back(reading)


def _resolved(text: str, asked: str, corrected: str) -> ResolvedQuestion:
    # A corrected spelling alone is no completion.
    return ResolvedQuestion(asked if text == corrected else text[:LONGEST_QUESTION], filled_in=text != corrected)


def _base(earlier: str) -> str:
    """Return the earlier question, shortened, without the lead that a previous follow-up put before it."""
    lead = _LEAD.match(earlier)
    rest = earlier[lead.end() :] if lead else earlier
    is_led = lead is not None and (begins_as_question(rest) or _BARE_WH.fullmatch(lead[0].rstrip(": ")))
    base = rest if is_led else earlier
    if len(base) > MAX_EARLIER:
        base = base[:MAX_EARLIER].rsplit(" ", 1)[0]
    return _capitalise(strip_openers(base) or base) + "?"


def _repeated(asked: str, before: str) -> str | None:
    """Repeat the earlier question for "Did it?" and "Check again"."""
    core = asked.strip(" ?!.…,")
    return before if not core or _REPEAT.fullmatch(core) else None


def _corrected(asked: str, before: str) -> str | None:
    """Apply "No, I meant X": X itself if it is a question, else X put where it fits best."""
    match = _CORRECTION.fullmatch(asked.rstrip(" ?!."))
    if match is None:
        return None
    meant = (match["meant"] or match["short"] or match["not"]).strip(" ,")
    if not meant:
        return None
    if begins_as_question(meant) and len(meant.split()) > 2:
        return resolve_follow_up(_capitalise(meant) + "?", before).text
    if (instead := _INSTEAD.fullmatch(meant)) is not None:
        right, wrong = (instead["a"] or instead["d"]).strip(" ,"), (instead["b"] or instead["c"]).strip(" ,")
        return (wrong and _swap(before, wrong, right)) or _insert(before, right)
    if match["meant"] is None and len(meant.split()) > _MAX_FRAGMENT_WORDS:
        return None
    return _insert(before, meant)


def _insert(before: str, meant: str) -> str:
    """Correct a part of the earlier question: a time, a place, a similar name, the subject or the object."""
    if _is_adjunct(meant):
        return replace_phrase(before, meant)
    names = names_in(before)
    similar = max(names, key=lambda name: _similarity(name, meant), default="")
    if similar and similar.lower() != meant.lower() and _similarity(similar, meant) >= _SIMILAR:
        return _swap(before, similar, meant) or before
    found = _with_subject(before, meant) or _with_object(before, meant)
    if found is None and len(names) == 1:
        found = _swap(before, names[0], meant)
    return found or f"{_capitalise(meant)}: {_lower_first(before)}"


def _bare_question_word(asked: str, before: str) -> str | None:
    """Ask "When?", "Where exactly?", "How many people?" or "When was that?" of the earlier question."""
    match = _BARE_WH.fullmatch(_without_opener(asked))
    if match is None:
        return None
    wh = " ".join(match["wh"].split())
    clause = parse_clause(before)
    if wh.lower() in _ADVERBIAL and clause.auxiliary and (not clause.wh or clause.wh.lower() in _ADVERBIAL):
        return replace(clause, wh=wh, auxiliary=clause.auxiliary.lower()).to_question()
    return f"{_capitalise(wh)}: {_lower_first(_without_about(before))}"


def _done_by(asked: str, before: str) -> str | None:
    """Ask of "Did Ukraine do it?" whether that actor did what the earlier question is about."""
    match = _DID_IT.fullmatch(asked.rstrip(" ?!."))
    if match is None or not _is_mere_actor(who := match["who"]):
        return None
    if (asked_who := _WHO.fullmatch(before)) is not None and parse_clause(before).auxiliary == "":
        return f"{_capitalise(who)} {asked_who['did']}"
    clause = parse_clause(before)
    if not clause.subject or clause.auxiliary.lower() in {"is", "are", "was", "were"}:
        return None
    return _with_subject(replace(clause, wh="").to_question() if clause.auxiliary else before, who)


def _is_mere_actor(text: str) -> bool:
    """Return whether a text is an actor and no more: "Vestria", "the Kurland navy", not "Vestria confirm it"."""
    words = text.split()
    named = words[1:] if words[0].lower() == "the" else words
    if len(named) > _MAX_FRAGMENT_WORDS or text.lower() in _SUBJECT_PRONOUNS:
        return False
    is_named = all(word[0].isupper() or word == "and" or word in ACTOR_NOUNS for word in named)
    return bool(named) and (is_named or (len(named) == 1 and bool(entity_ids(text))))


def _fragment(asked: str, before: str) -> str | None:
    """Put the X of "What about X?", "And X?" or "And in 2023?" in place of its like in the earlier question."""
    core = _without_opener(asked)
    match = _WHAT_ABOUT.fullmatch(core)
    what = (match["what"] or match["same"]) if match else core
    opened = match is not None or core != asked.strip(" ?!.")
    if not what or len(what.split()) > _MAX_FRAGMENT_WORDS or begins_as_question(what):
        return None
    if is_time(what) or (is_place_or_source(what) and not parse_clause(what).verb):
        return replace_phrase(before, what)
    if not match and (parse_clause(what).verb or not (opened or len(what.split()) <= 3)):
        return None
    if (earlier := _ABOUT.fullmatch(before)) is not None:
        return f"What about {what}: {earlier['topic']}"
    replaced = None if refers_back(what) else _with_subject(before, what)
    return replaced or f"What about {what}: {_topic(before)}"


def _without_about(before: str) -> str:
    """Return "What about Borduria: Arland's rockets?" as "Borduria, Arland's rockets?", to ask something of it."""
    match = _ABOUT.fullmatch(before)
    if match is None:
        return before
    what, topic = match["what"], match["topic"]
    return topic if what.lower() in topic.lower() else f"{what}, {topic}"


def _pronouns(asked: str, before: str) -> str:
    """Replace the pronouns of "Did they confirm it?"; append the earlier question where that isn't enough."""
    core = _without_opener(asked)
    if _stands_alone(core):
        return asked
    clause, old = parse_clause(core), parse_clause(before)
    changed = clause
    about = old.rest if is_reporting_verb(old.verb) and old.rest and not _is_adjunct(old.rest) else ""
    actor = old.subject or (names_in(before) or [""])[-1]
    happens = clause.verb.lower() in EMPTY_WORDS or not clause.verb
    if clause.subject.lower() in _SUBJECT_PRONOUNS and actor and not (clause.subject.lower() == "it" and happens):
        changed = replace(changed, subject=actor)
    low = clause.rest.lower()
    if about and (match := re.fullmatch(r"(about|on|to|of)\s+(?:it|that|this|them)", low)):
        changed = replace(changed, rest=f"{match[1]} {about}")
    elif about and ((low in _OBJECT_PRONOUNS and is_reporting_verb(clause.verb)) or _is_same_noun(low, about)):
        changed = replace(changed, rest=about)
    elif low in {"them", "him", "her"} and actor:
        changed = replace(changed, rest=actor)
    text = changed.to_question() if changed != clause else _capitalise(core) + "?"
    if _stands_alone(text) and changed != clause:
        return text
    if about and not changed.rest and is_reporting_verb(changed.verb) and changed.subject:
        return f"{text.rstrip('?')} {TOPIC_WORDS.get(changed.verb.lower(), 'about')} {about}?"
    return f"{text.rstrip('?')}: {_lower_first(before)}"


_RULES: tuple[Callable[[str, str], str | None], ...] = (_repeated, _corrected, _bare_question_word, _done_by, _fragment)


def _topic(before: str) -> str:
    """Return what a yes/no question is about, for a question that asks for no verdict; other questions whole."""
    clause = parse_clause(before)
    thing = definite_object(clause)
    if clause.wh or not clause.auxiliary or not thing:
        return _lower_first(before)
    return f"{clause.subject}, {thing}?" if clause.subject else f"{thing}?"


def _is_same_noun(rest: str, about: str) -> bool:
    """Return whether "the reports" are those of the earlier question."""
    noun = rest.removeprefix("the ")
    return noun in ANAPHORIC_NOUNS and noun in about.lower().split()


def _stands_alone(text: str) -> bool:
    """Return whether a question names its topic and refers to nothing before it."""
    if refers_back(text):
        return False
    clause = parse_clause(text)
    if clause.wh and clause.subject.removeprefix("the ") in names_in(text) and not clause.verb:
        return True
    words = [word.lower() for word in re.findall(r"[^\W_]+", text)]
    names = {part.lower() for name in names_in(text) for part in name.split()}
    known = EMPTY_WORDS | WH_WORDS | AUXILIARIES | OPENERS
    content = [word for word in words if word not in known and word not in names]
    return bool(names and content) or len(names) > 2 or len(content) > 2 or len(content) + len(names) > 2


def _with_subject(before: str, actor: str) -> str | None:
    """Ask the earlier question about another actor; None if this is no actor, or the question has no subject."""
    clause = parse_clause(before)
    is_name = bool(names_in(f"x {actor}")) or actor.lower().split()[-1] in ACTOR_NOUNS
    both_common = not names_in(clause.subject) and clause.subject.split()[:1] == actor.split()[:1] == ["the"]
    is_all_lower = before[1:].islower() and actor.split(maxsplit=1)[0] not in _DETERMINERS
    is_known = bool(entity_ids(actor))
    is_actor = is_name or both_common or is_all_lower or is_known
    if not is_actor or not clause.subject or not (clause.auxiliary or clause.verb):
        return None
    subject = _as_a_name(actor) if is_known and actor.islower() and not is_all_lower else actor
    return replace(clause, subject=subject).to_question()


def _as_a_name(text: str) -> str:
    """Return a country or group with capitals: "South Korea", "the UK"."""
    return " ".join(
        word if word in _SMALL else word.upper() if len(word) <= _LONGEST_SHORT_NAME else word.capitalize()
        for word in text.split()
    )


def _with_object(before: str, thing: str) -> str | None:
    clause = parse_clause(before)
    heads = set(thing.lower().split()) & set(clause.rest.lower().split())
    return replace(clause, rest=thing).to_question() if heads - EMPTY_WORDS else None


def _swap(text: str, old: str, new: str) -> str | None:
    swapped = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, flags=re.IGNORECASE)
    return swapped if swapped != text else None


def _similarity(one: str, other: str) -> float:
    return Indel.normalized_similarity(one.lower(), other.lower())


def _is_adjunct(text: str) -> bool:
    return is_place_or_source(text) or is_time(text)


def _without_opener(text: str) -> str:
    return strip_openers(text) or text.strip(" ?!.")


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    """Return a question as written after a colon: with a lower-case first word, unless that may be a name."""
    first = text.split(maxsplit=1)[0].lower()
    return text[:1].lower() + text[1:] if first in AUXILIARIES or first in WH_WORDS else text
