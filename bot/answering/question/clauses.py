"""Splits a question into its clause: question word, auxiliary, subject, verb and rest."""

import re
from dataclasses import dataclass

import Stemmer

WH_WORDS = frozenset(("who", "whom", "whose", "what", "which", "when", "where", "why", "how"))
AUXILIARIES = frozenset(
    """is are was were am do does did has have had can could will would shall should may might must isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't ain't""".split()
)
# Words before the actual question: "And did Kyiv ...", "So who ...".
OPENERS = frozenset("and but so or well ok okay hey hi please now then also actually".split())
# Verbs whose object is what is said or known.
REPORTING_VERBS = frozenset(
    """accept accuse acknowledge admit affirm allege announce answer assert believe blame claim comment concede condemn
    confirm contradict corroborate criticise criticize declare decline denounce deny describe disavow disclose
    dismiss dispute explain insist mention own promise protest rebut refute reject repeat reply report respond
    retract reveal say state suggest tell think verify vow warn withdraw""".split()
)
ACTION_VERBS = frozenset(
    """abandon accuse act adopt agree aid allow annex appoint approve arm arrest ask assassinate attack attempt
    attend back ban begin block bomb boycott breach break broker build buy call cancel capture carry cause change
    close collapse commit complete conclude condemn conduct confess continue control cost crash create cross cut
    decide defeat deliver demand deploy destroy detain detonate develop die disband discuss dispatch displace do
    drone drop eject elect end endorse enrich enter escape evacuate evict exchange execute expel extend extradite
    fabricate fail fall fight file find fire flee fly follow force free freeze fund gain get give go grant hack
    halt hand happen have help hide hire hit hold host impeach impose increase injure intercept intervene invade
    invite issue jail join keep kidnap kill know launch lay lead leave let lie lift loot lose make march massacre
    mediate meet mine move name negotiate obtain occupy offer open oppose orchestrate order oust overthrow own
    participate pass pause pay persuade phone plan pledge poison postpone prepare prevent produce propose protect
    provide pull push put quit raid raise ratify reach recall receive recognise recognize refuse release remain
    remove reopen request resign respect restart restore resume retake retaliate retreat return rig rocket rule
    run sabotage sack sanction seek seize sell send set share shell shoot shun shut sign sink smuggle spy stage
    stand start steal step stop storm strike supply support surrender survive suspect suspend take talk tap target
    tell test threaten topple torpedo torture trade train transfer travel trigger try turn uphold use veto violate
    visit vote walk want win wound yield""".split()
)
# Forms that the stemmer does not reduce to the verb.
IRREGULAR = dict(
    pair.split(":")
    for pair in """said:say told:tell thought:think gave:give given:give sent:send took:take taken:take shot:shoot
    struck:strike sold:sell bought:buy met:meet left:leave fled:flee flew:fly fought:fight found:find went:go
    gone:go held:hold knew:know known:know led:lead lost:lose made:make paid:pay ran:run sank:sink sunk:sink
    stole:steal stolen:steal stood:stand sought:seek withdrew:withdraw withdrawn:withdraw won:win broke:break
    broken:break built:build began:begin begun:begin chose:choose fell:fall fallen:fall froze:freeze
    frozen:freeze got:get overthrew:overthrow overthrown:overthrow retook:retake came:come did:do done:do
    had:have died:die dying:die""".split()
)
# Nouns for actors, allowed between a name and its verb: "Iranian officials deny".
ACTOR_NOUNS = frozenset(
    """administration adviser agency allies ally ambassador army authorities chancellor chief coalition commander
    company congress council country court embassy envoy forces foreign general government governor group hackers
    head junta king lawmakers leader leaders military militia minister ministry mission officers official
    officials opposition parliament party pentagon pm police premier president prime prince rebels regime
    regulator secretary senate senator separatists services soldiers spokesman spokesperson spokeswoman state
    supreme troops union""".split()
)
_ADVERBS = frozenset(
    """not never ever really also now still yet already actually just finally even formally officially publicly
    openly again first recently reportedly allegedly been be being secretly deliberately quietly""".split()
)
# Behind these the verb has no ending, so a plural is none: "Did Arland send rockets".
_BEFORE_BARE_VERB = frozenset(
    word for word in AUXILIARIES if not word.startswith(("is", "are", "was", "were", "am", "ain", "ha"))
)
# Before these a word that may be noun or verb is a noun: "the attack on the port killed".
_NOUN_BEFORE = frozenset(("of", "on", "by", "against", "in", "at", "from", "near", "and"))
_INNER = frozenset(("of", "the", "and", "for", "in", "a", "an", "de", "al", "bin", "to"))
_WH_PREPOSITIONS = frozenset("about after against at before by for from in of on since to under until with".split())
_PREPOSITIONS = frozenset(("of", "for", "by", "from", "with", "in", "on", "at", "about", "after", "before", "against"))
# May be verbs, but are mostly the object of the verb before them: "deny reports".
_AFTER_VERB = frozenset(
    "reports claims talks support help attacks strikes control charges troops arms sanctions".split()
)
_DETERMINERS = frozenset(("the", "a", "an", "this", "that", "its", "his", "her", "their", "any", "no"))
_MAX_WH_PHRASE = 5
_TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*['’]?")
_stemmer = Stemmer.Stemmer("porter")
_STEMS = frozenset(_stemmer.stemWords(sorted(REPORTING_VERBS | ACTION_VERBS)))
_REPORTING_STEMS = frozenset(_stemmer.stemWords(sorted(REPORTING_VERBS)))


@dataclass(frozen=True, slots=True)
class Clause:
    """The parts of a question, in order, as written; joined by spaces they are the question without its mark.

    `wh` is the phrase with the question word ("How many people"), empty in a yes/no question. `auxiliary` is empty in a
    statement and where the question word is the subject ("Who denied it"). `middle` holds adverbs and negations
    between subject and verb.
    """

    wh: str
    auxiliary: str
    subject: str
    middle: str
    verb: str
    rest: str

    def to_question(self) -> str:
        """Join the parts again, with a question mark."""
        parts = (self.wh, self.auxiliary, self.subject, self.middle, self.verb, self.rest)
        text = " ".join(part for part in parts if part)
        return text[:1].upper() + text[1:] + "?"


def verb_stem(word: str) -> str | None:
    """Return the stem of a word if it is a known verb, else None."""
    stem = _stem(word)
    return stem if stem in _STEMS else None


def is_reporting_verb(verb: str) -> bool:
    """Return whether a verb says or denies something, rather than does it."""
    return _stem(verb) in _REPORTING_STEMS


def _stem(word: str) -> str:
    return str(_stemmer.stemWord(IRREGULAR.get(word.lower(), word.lower())))


def strip_openers(question: str) -> str:
    """Return a question without openers ("And", "So") and without its mark."""
    text = question.strip().rstrip("?!. ").strip()
    while (match := re.match(r"(\w+)\W+(?=\w)", text)) and match[1].lower() in OPENERS:
        text = text[match.end() :]
    return text


def begins_as_question(text: str) -> bool:
    """Return whether a text begins with a question word, a preposition and one, or an auxiliary; openers don't count.

    So do "Who says so", "Since when", and "Did Iran ...", but also "What they did is a crime" (`is_inverted`).
    """
    first, second, _ = _first_words(text)
    return first in AUXILIARIES | WH_WORDS or (first in _WH_PREPOSITIONS and second in WH_WORDS)


def is_inverted(text: str) -> bool:
    """Return whether a text has a question's word order: "Did Iran ...", "When was ..."; not "Who would have ..."."""
    first, second, third = _first_words(text)
    if first in AUXILIARIES:
        return second not in AUXILIARIES
    return first in WH_WORDS and second in AUXILIARIES and third != "have"


def _first_words(text: str) -> list[str]:
    """Return the first three words in lower case, without openers; empty ones where there are fewer."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", strip_openers(text) or text)[:3]
    return [*(word.lower().replace("’", "'") for word in words), "", "", ""][:3]


def parse_clause(question: str) -> Clause:
    """Split a question into its parts; only openers are dropped.

    Without a known verb, everything after the auxiliary is `subject`; without an auxiliary too, it is `rest`.
    """
    text = strip_openers(question)
    tokens = list(_TOKEN.finditer(text))
    lows = [token[0].lower().replace("’", "'") for token in tokens]
    wh_end, auxiliary_index = _find_wh_phrase(lows)
    if auxiliary_index is None:
        start, auxiliary, verb_may_come_first = wh_end, "", bool(wh_end)
    else:
        start, auxiliary = auxiliary_index + 1, tokens[auxiliary_index][0]
        verb_may_come_first = lows[auxiliary_index].startswith(("is", "are", "was", "were", "am")) and bool(wh_end)
    verb = next((i for i in range(start, len(lows)) if _is_verb(tokens, lows, i, start, verb_may_come_first)), None)
    if verb is None:
        verb = _find_unknown_verb(tokens, lows, start)
    wh = text[: tokens[wh_end - 1].end()] if wh_end else ""
    if start >= len(tokens):
        return Clause(wh, auxiliary, "", "", "", "")
    if verb is None:
        rest = text[tokens[start].start() :]
        return Clause(wh, auxiliary, rest, "", "", "") if auxiliary else Clause(wh, "", "", "", "", rest)
    middle = verb
    while middle > start and lows[middle - 1] in _ADVERBS | AUXILIARIES:
        middle -= 1
    return Clause(
        wh=wh,
        auxiliary=auxiliary,
        subject=text[tokens[start].start() : tokens[middle - 1].end()] if middle > start else "",
        middle=text[tokens[middle].start() : tokens[verb - 1].end()] if verb > middle else "",
        verb=tokens[verb][0],
        rest=text[tokens[verb].end() :].strip(),
    )


def _find_wh_phrase(lows: list[str]) -> tuple[int, int | None]:
    """Return the number of tokens in the phrase with the question word, and the index of the auxiliary."""
    wh = next((index for index, word in enumerate(lows[:2]) if word.split("'")[0] in WH_WORDS), None)
    if wh is None:
        return 0, 0 if lows and lows[0] in AUXILIARIES else None
    for index in range(wh + 1, min(len(lows), wh + 1 + _MAX_WH_PHRASE)):
        word = lows[index]
        if word in AUXILIARIES:
            return index, index
        # Right after the question word: "Who denied", "What happened", but not "What reports".
        is_verb = index > wh + 1 or lows[wh].startswith("who") or word.endswith("ed") or word in IRREGULAR
        if is_verb and verb_stem(word):
            return index, None
    return wh + 1, None


def _is_verb(tokens: list[re.Match[str]], lows: list[str], index: int, start: int, may_come_first: bool) -> bool:
    """Return whether a token is a known verb in use: not in "the attack", "Israeli strike killed", or "officials"."""
    low = lows[index]
    if low in _ADVERBS | AUXILIARIES or not tokens[index][0].islower() or verb_stem(low) is None:
        return False
    if index == start:
        return may_come_first
    before, following = lows[index - 1], lows[index + 1] if index + 1 < len(lows) else ""
    if before in _DETERMINERS or low in ACTOR_NOUNS or (low.endswith("ing") and before in _PREPOSITIONS):
        return False
    if start and lows[start - 1] in _BEFORE_BARE_VERB and _takes_plural(lows, index):
        return True
    is_participle = low.endswith("ed") or low in IRREGULAR
    if following in _NOUN_BEFORE and not is_participle and any(map(verb_stem, lows[index + 2 :])):
        return False
    return is_participle or not (
        verb_stem(following) and not following.endswith("ing") and following not in _AFTER_VERB
    )


def _takes_plural(lows: list[str], index: int) -> bool:
    """Return whether a verb without ending stands before its object: "send rockets", not in "attack drones hit"."""
    following = lows[index + 1] if index + 1 < len(lows) else ""
    after = next((low for low in lows[index + 2 :] if low not in _ADVERBS), "")
    is_plural = following.endswith("s") and not following.endswith("ss")
    is_bare = verb_stem(after) is not None and after not in IRREGULAR and not after.endswith(("s", "ing", "ed"))
    return is_plural and not is_bare and not lows[index].endswith(("ing", "ed"))


def _find_unknown_verb(tokens: list[re.Match[str]], lows: list[str], start: int) -> int | None:
    """Guess that the first lower-case word after a name, if it is no actor noun, is the verb."""
    named = False
    for index in range(start, len(lows)):
        low = lows[index]
        if low in _ADVERBS | AUXILIARIES | _INNER:
            continue
        if tokens[index][0][0].isupper():
            named = True
        elif named and index > start and low not in ACTOR_NOUNS and not low.endswith(("'s", "s'", "ing", "ed")):
            return index if not low.endswith("s") or low.endswith("ss") else None
    return None
