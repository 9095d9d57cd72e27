"""Finds what the pronouns of a follow-up stand for in the last question and the quotes of its answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.answering.attribution.names import find_names
from bot.answering.attribution.tokens import tokenize
from bot.answering.question.aliases import entity_ids
from bot.answering.question.clauses import AUXILIARIES, WH_WORDS, Clause, is_reporting_verb, parse_clause, verb_stem
from bot.answering.question.fragments import is_time, names_in

# Quotes, and characters of each, in which persons are looked for.
_MAX_QUOTES = 6
_LONGEST_QUOTE = 700
_MAX_READINGS = 2
_BE = frozenset("is are was were be been being isn't aren't wasn't weren't".split())
_PERSON = frozenset("he she him his her hers".split())
_PLURAL = frozenset("they them their theirs".split())
_POSSESSIVE = re.compile(r"\b(his|her|its|their)\s+([a-z][\w-]*)", re.IGNORECASE)
_SUBJECT = re.compile(r"\b(he|she|they|it)\b", re.IGNORECASE)
_PREPOSITION = re.compile(r"^(?:to|on|in|of|for|with|about|against|over|at|into|from|by|as)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:a|an|some|any)\s+", re.IGNORECASE)
_OWN = re.compile(r"^(?:its|their|his|her)\s+", re.IGNORECASE)
_PLACED = frozenset("in at near off from to into through across of over under the outside inside".split())
# A second actor, of whom something is said in turn: "accuse Kurland of sinking".
_SECOND_ACTOR = re.compile(r"^((?:[A-Z][\w’'-]*\s+)+)(?:of|to|for)\s+(?:\w+ing\b|[a-z]+\b)")
# Whoever joins or leaves something joins or leaves what the question was about.
_OF_PLACES = frozenset(("join", "leav", "enter", "exit", "quit", "attend", "return"))
_SPEAKS = frozenset(map(verb_stem, ("say", "tell", "think", "comment", "respond", "reply")))
# What stands between such a verb and its topic.
TOPIC_WORDS = {"respond": "to", "reply": "to", "react": "to", "comment": "on"}


def fill_in(core: str, before: str, quotes: Sequence[str]) -> list[str]:
    """Return the readings of a follow-up whose pronouns refer back; empty if these rules find none.

    Args:
        core: the follow-up, without openers and mark.
        before: the earlier question.
        quotes: the sentences that its answer quoted, best first.
    """
    clause, old = parse_clause(core), parse_clause(before)
    thing = definite_object(old)
    if (same := _same_verb(clause, old, thing)) is not None:
        clause = same
    text = clause.to_question().rstrip("?")
    candidates = _candidates(text, old, thing, before, quotes)
    readings = [_with_topic(_replace(text, each), thing) for each in candidates[:_MAX_READINGS]]
    if not readings and same is not None and not _SUBJECT.search(text):
        readings = [f"{text}?"]
    return list(dict.fromkeys(readings))


def definite_object(old: Clause) -> str:
    """Return what a question is about besides its subject: "the treaty on the dam"; empty if it names nothing."""
    rest = _PREPOSITION.sub("", old.rest).strip()
    if not rest or is_time(rest) or _is_bare_noun(old.rest):
        return ""
    if second := _SECOND_ACTOR.match(rest):
        # What the second actor did: "sinking the tanker".
        return rest[second.end(1) :].split(" ", 1)[-1].strip()
    if _OWN.match(rest) and old.subject:
        own = old.subject if old.subject.endswith("s") else f"{old.subject}'s"
        return _OWN.sub(f"{own}{chr(39) if own == old.subject else ''} ", rest)
    return _ARTICLE.sub("the ", rest)


def _is_bare_noun(rest: str) -> bool:
    """Return whether an object is one noun without an article, which no pronoun stands for: "take place"."""
    return bool(re.fullmatch(r"[a-z]+(?<!s)(?:\s+(?:in|on|at|from|since|until|after|before|during)\s.*)?", rest))


def _same_verb(clause: Clause, old: Clause, thing: str) -> Clause | None:
    """Return a follow-up that repeats the earlier verb, with the earlier object: "When was it signed?"."""
    if not thing or not clause.verb or not old.verb:
        return None
    stem = verb_stem(clause.verb)
    if stem is None or (stem != verb_stem(old.verb) and stem not in _OF_PLACES):
        return None
    is_passive = clause.auxiliary.lower() in _BE and not clause.verb.lower().endswith("ing")
    if is_passive and clause.subject.lower() in {"it", "they", "that", "this"}:
        return replace(clause, subject=thing)
    if not is_passive and clause.rest.lower() in {"", "it", "that", "this", "them"}:
        same = stem == verb_stem(old.verb)
        preposition = _PREPOSITION.match(old.rest) if same else None
        return replace(clause, rest=f"{preposition[0] if preposition else ''}{thing}")
    return None


def _candidates(text: str, old: Clause, thing: str, before: str, quotes: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of a pronoun and what it may stand for, likeliest first."""
    found = _SUBJECT.search(text) or _POSSESSIVE.search(text)
    opening = {word.lower() for word in text[: found.start()].split()} if found else set()
    # In "How many people lost their homes?" the homes are those of the people.
    if found is None or (len(found.groups()) > 1 and not opening <= WH_WORDS | AUXILIARIES):
        return []
    pronoun = found[1].lower()
    actor = old.subject or (names_in(before) or [""])[-1]
    if pronoun in _PERSON:
        return [(pronoun, each) for each in _persons(actor, quotes)]
    second = _SECOND_ACTOR.match(_PREPOSITION.sub("", old.rest))
    if pronoun in _PLURAL and second and actor:
        return [(pronoun, actor), (pronoun, second[1].strip())]
    if pronoun in {"it", "its"} and thing and _is_plural(actor):
        return [(pronoun, thing)]
    if pronoun == "it" and (meant := _thing_meant(text, old, thing, actor)) is not None:
        return [(pronoun, meant)] if meant else []
    return [(pronoun, actor)] if pronoun in _PLURAL | {"its"} and actor else []


def _thing_meant(text: str, old: Clause, thing: str, actor: str) -> str | None:
    """Return what "it" stands for: the earlier object, or the subject of "take place"; "" and None where unknown."""
    if not thing:
        return old.subject if old.verb and old.subject and not _is_plural(old.subject) else None
    if is_reporting_verb(parse_clause(text).verb) or not names_in(f"x {actor}"):
        return None
    return thing if parse_clause(text).verb else ""


def _persons(actor: str, quotes: Sequence[str]) -> list[str]:
    """Return the persons meant by "he" or "she": the earlier subject if it is one, else those quoted."""
    if len(actor.split()) > 1 and names_in(f"x {actor}") and not entity_ids(actor) and " and " not in actor:
        return [actor]
    names = [name for quote in quotes[:_MAX_QUOTES] for name in persons_in(quote[:_LONGEST_QUOTE])]
    return list(dict.fromkeys(names)) or ([actor] if actor else [])


def persons_in(quote: str) -> Iterator[str]:
    """Yield the full names of persons; a name after "in" or "of" is mostly a place or a body."""
    tokens = tokenize(quote)
    for name in find_names(tokens):
        words = name.text.split()
        is_full = len(words) > 1 and not any(word.islower() for word in words)
        is_placed = name.first > 0 and tokens.words[name.first - 1] in _PLACED
        if name.is_person and is_full and not is_placed and not entity_ids(name.text):
            yield name.text


def _replace(text: str, pair: tuple[str, str]) -> str:
    """Return a text with a pronoun replaced: "their leader" becomes "the leader of X"."""
    pronoun, name = pair
    own = {"he": "his", "she": "her", "it": "its", "they": "their"}.get(pronoun, pronoun)
    text = re.sub(rf"\b{own}\s+([a-z][\w-]*)", lambda match: f"the {match[1]} of {name}", text, flags=re.IGNORECASE)
    return re.sub(rf"(?<![\w’'])(?:{pronoun}|{own})(?![\w’'])", lambda _: name, text, flags=re.IGNORECASE)


def _with_topic(text: str, thing: str) -> str:
    """Return a question, with what it is about where somebody merely "said" something."""
    clause = parse_clause(text)
    if thing and clause.verb and verb_stem(clause.verb) in _SPEAKS and not clause.rest and thing not in text:
        text = f"{text} {TOPIC_WORDS.get(clause.verb.lower(), 'about')} {thing}"
    return f"{text[:1].upper()}{text[1:]}?"


def _is_plural(actor: str) -> bool:
    return " and " in actor or (actor.islower() and actor.endswith("s"))
