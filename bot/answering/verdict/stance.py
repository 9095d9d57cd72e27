"""Reads the stance of each sentence of the hits on the proposition."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Stance
from bot.answering.disowned import is_disowned
from bot.answering.question.clauses import IRREGULAR
from bot.answering.question.proposition import Act, Proposition
from bot.answering.verdict.candidate_sentences import Sentence, is_by_actor, names_actor, read_in_order
from bot.answering.verdict.denial_cues import Cue, CueKind, find_cues
from bot.answering.verdict.matcher import Matcher, Relation
from bot.answering.verdict.readings import RANK, Ground, Reading
from corpus.article import Span
from index.search.retriever import Hit

# Minimum match of a sentence.
MIN_MATCH = 0.2
# Minimum share of the proposition in the object of a cue, unless that is "the claim" or "it".
MIN_ABOUT = 0.12
# The same for a refusal, in the first words of its object.
MIN_REFUSED = 0.2
MAX_ABOUT_WORDS = 24
# From this own share of the proposition, a sentence may have its deed in the sentence before.
MIN_OWN = 0.45
# Possessive repeats, and a bound where there can be none: many more spaces or digits would take quadratic time.
_ANAPHOR = re.compile(
    r"""^[\W\d]{0,40}+(?:(?:all|both|any|such|those|these|the|that|this|its|his|her|their|some|having|being|making
            |\w++(?<=\wly)|\w++['’]s?)\s+){0,3}
        (?:(?:involvement|responsibility|wrongdoing|it|that|this|so|them|both|link|ties)\b
          |(?:[\w-]++,?\s+){0,2}?(?:claims?|allegations?|accusations?|charges?|reports?|news|rumou?rs?|disinformation
              |version|story|idea|suggestions?|plans?|offer|demands?|request|proposal|attack)\b(?!\s+(?:(?:to|of|that|about|for|by|from)\b|on\s+(?!\w+day\b))))
      | ^\W*$ | ^[\W]*(?:from|by)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# A negation and the words in its scope.
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no\s+longer|neither|nor|without|no)\b|n['’]t\b)((?:\W+\w+){1,5})", re.IGNORECASE
)
# A past form with the words before it, and words that make it no report of a deed. No word is longer; without a bound,
# a text without spaces would take quadratic time.
_PAST = re.compile(r"((?:\S{1,60}+\s++){0,4})(\w{1,60}ed|" + "|".join(sorted(IRREGULAR)) + r")\b")
_NOT_YET = re.compile(
    r"\b(?:would|will|may|might|could|should|can|if|whether|not|never|no|to|unless|until|without|be|being)\b|n['’]t\b",
    re.IGNORECASE,
)
# A refusal that may have been overcome since.
_OUTDATED = re.compile(
    r"\b(?:previously|initially|originally|at\s+first|had\s+(?:long\s+|earlier\s+)?(?:been\s+)?$|until\s+then|would)\b",
    re.IGNORECASE,
)


def read_sentences(hits: Sequence[Hit], proposition: Proposition, matcher: Matcher) -> list[Reading]:
    """Return the readings of every sentence on the proposition, best match first."""
    # A denial often names its content earlier: "Kurland denied the allegations."
    speaker = proposition.actor_ids if proposition.act in {Act.DENIES, Act.ADMITS} else frozenset[str]()
    relation = Relation(proposition, matcher)
    readings = [
        _read(sentence, proposition, matcher, relation)
        for sentence in read_in_order(hits, speaker, matcher)
        if sentence.match >= MIN_MATCH
    ]
    return sorted(readings, key=lambda each: (-each.match, each.hit.passage.id, each.span.start))


@dataclass(frozen=True, slots=True)
class _Finding:
    stance: Stance
    ground: Ground
    cue: Cue | None = None


_NOTHING = _Finding(Stance.NEUTRAL, Ground.NONE)


def _read(sentence: Sentence, proposition: Proposition, matcher: Matcher, relation: Relation) -> Reading:
    best = _NOTHING
    for cue in find_cues(sentence.text):
        if not _is_about(cue, sentence, matcher):
            continue
        found = _by_cue(cue, sentence, proposition)
        if RANK[found.ground] > RANK[best.ground]:
            best = found
    if best.ground in {Ground.NONE, Ground.CLAIMED}:
        best = _without_cue(sentence, proposition, best, matcher)
    told = best.cue.span.start if best.cue is not None else len(sentence.text)
    if not _is_related(best.ground, sentence, relation, matcher) or is_disowned(sentence.text[:told]):
        best = _NOTHING
    return Reading(
        hit=sentence.hit,
        span=sentence.span,
        before=sentence.before,
        stance=best.stance,
        ground=best.ground,
        match=sentence.match,
        own=sentence.own,
        strength=_strength(sentence, proposition, best, matcher),
        is_pointed=best.cue is None or _is_pointed(best.cue, sentence, matcher, relation),
        cue=best.cue,
    )


# The explicit cues of each act.
_OUTRIGHT = {
    Act.DENIES: {CueKind.DENIES},
    Act.ADMITS: {CueKind.ADMITS},
    Act.AGREES: {CueKind.AGREES, CueKind.REFUSES},
    Act.SAYS: {CueKind.ACCUSES},
    Act.OTHER: {CueKind.DENIES, CueKind.ACCUSES, CueKind.ADMITS, CueKind.REFUSES},
}


def _is_pointed(cue: Cue, sentence: Sentence, matcher: Matcher, relation: Relation) -> bool:
    """Return whether a cue is about the deed itself: one may deny owning a ship, but not that it was seized."""
    about = sentence.text_in(cue.about)
    return _ANAPHOR.match(about) is not None or relation.has_deed(matcher.stems(about))


def _is_related(ground: Ground, sentence: Sentence, relation: Relation, matcher: Matcher) -> bool:
    """Return whether a sentence is on topic rather than sharing a few words."""
    if ground not in _TELLS_DEED:
        # The content may be anywhere before: "Kurland denied it."
        return relation.has_names(sentence.wide_stems, sentence.wide_ids)
    deed = sentence.near_stems if sentence.own >= MIN_OWN else matcher.stems(sentence.text)
    return relation.has_names(sentence.near_stems, sentence.near_ids) and relation.has_deed(deed)


# Grounds that require the deed itself.
_TELLS_DEED = frozenset((Ground.DONE, Ground.REPORTED, Ground.CLAIMED, Ground.NEGATED))


def _strength(sentence: Sentence, proposition: Proposition, found: _Finding, matcher: Matcher) -> float:
    actors = proposition.actor_ids
    named = len(sentence.ids & actors) / len(actors) if actors else 0.0
    strength = sentence.match + 0.2 * sentence.own + 0.1 * named + (0.15 if found.ground is Ground.DONE else 0.0)
    if found.cue is not None and found.cue.kind in _OUTRIGHT[proposition.act]:
        about = found.cue.about
        strength += 0.1 + 0.2 * matcher.score(matcher.stems(sentence.text_in(about)), sentence.ids_in(about))
    return strength


def _says_it(cue: Cue, sentence: Sentence, proposition: Proposition) -> bool:
    is_quoted = re.search(r"[\"“”]", sentence.text) is not None
    before = Span(0, len(sentence.text) if is_quoted else cue.span.start)
    return names_actor(sentence.text_in(before), sentence.ids_in(before), proposition)


def _is_about(cue: Cue, sentence: Sentence, matcher: Matcher) -> bool:
    """Return whether the object of a cue is what the question is about."""
    about = sentence.text_in(cue.about)
    if _ANAPHOR.match(about):
        return True
    if cue.kind is not CueKind.REFUSES:
        return matcher.score(matcher.stems(about), sentence.ids_in(cue.about)) >= MIN_ABOUT
    if _OUTDATED.search(sentence.text[: cue.span.start]):
        return False
    near = " ".join(about.split()[:MAX_ABOUT_WORDS]) if cue.about.start >= cue.span.end else about
    return matcher.relevance(near) >= MIN_REFUSED


_REFUSES_IN_WORDS = re.compile(r"reject|dismiss|rebuff|refus|declin|rul\w+\s+out|push\w*\s+back", re.IGNORECASE)
_DENIES = re.compile(r"den(?:y|ie)|disput|refut|rebut|disavow|contradict", re.IGNORECASE)
_SAYS_NO = frozenset((CueKind.DENIES, CueKind.REFUSES, CueKind.IS_FALSE))


def _by_cue(cue: Cue, sentence: Sentence, proposition: Proposition) -> _Finding:
    """Return what a cue says about the act of speech that the question asks about, else about the deed."""
    by_actor = is_by_actor(cue, sentence, proposition)
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        # "There is no evidence" counts for the actor only if the sentence names them; else the publisher says it.
        is_said = cue.kind is not CueKind.IS_FALSE or _says_it(cue, sentence, proposition)
        return _of_speech(cue, sentence, proposition) if by_actor and is_said else _NOTHING
    if proposition.act is Act.SAYS:
        # The question is whether they said it, so only their own denial means no.
        return _Finding(Stance.DENIES, Ground.UNSAID, cue) if by_actor and cue.kind is CueKind.DENIES else _NOTHING
    if cue.kind is CueKind.REFUSES and not by_actor:
        return _NOTHING
    stance, ground = _OF_DEED.get(cue.kind, (Stance.ASSERTS, Ground.CLAIMED))
    return _Finding(stance, ground, cue)


# What each kind of cue says about a deed; other kinds claim it.
_OF_DEED = {
    CueKind.UNCONFIRMED: (Stance.UNCONFIRMED, Ground.OPEN),
    CueKind.DENIES: (Stance.DENIES, Ground.DENIED),
    CueKind.IS_FALSE: (Stance.DENIES, Ground.FALSE),
    CueKind.REFUSES: (Stance.DENIES, Ground.REFUSED),
}


def _of_speech(cue: Cue, sentence: Sentence, proposition: Proposition) -> _Finding:
    act = proposition.act
    if cue.kind in _SAYS_NO:
        if cue.kind is CueKind.REFUSES and not _REFUSES_IN_WORDS.match(sentence.text_in(cue.span)):
            # Blocking a ship denies nothing, but may answer "Did they refuse to let it pass?".
            return (
                _Finding(Stance.DENIES, Ground.IMPLIED, cue) if _DENIES.match(proposition.verb) else _said_no(act, cue)
            )
        return _said_no(act, cue)
    if cue.kind is CueKind.ADMITS:
        return _Finding(Stance.ASSERTS, Ground.SAID if act is Act.ADMITS else Ground.UNSAID, cue)
    if cue.kind is CueKind.UNCONFIRMED:
        return _Finding(Stance.UNCONFIRMED, Ground.OPEN, cue)
    return _NOTHING


def _said_no(act: Act, cue: Cue) -> _Finding:
    return _Finding(Stance.DENIES, Ground.SAID if act is Act.DENIES else Ground.UNSAID, cue)


def _without_cue(sentence: Sentence, proposition: Proposition, found: _Finding, matcher: Matcher) -> _Finding:
    """Return what a sentence without a deciding cue says: the deed is negated, done by others, or done."""
    has_actor = names_actor(sentence.text, sentence.ids, proposition)
    negated = has_actor and _negation(sentence, proposition, matcher)
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        says_so = negated and proposition.act is Act.DENIES
        return _Finding(Stance.DENIES, Ground.IMPLIED, found.cue) if says_so else found
    if negated and sentence.own >= MIN_MATCH and proposition.act is not Act.SAYS:
        return _Finding(Stance.DENIES, Ground.NEGATED, found.cue)
    if has_actor and proposition.act is Act.OTHER and _is_told_as_done(sentence, matcher):
        return _Finding(Stance.ASSERTS, Ground.DONE, found.cue)
    if has_actor:
        ground = Ground.CLAIMED if found.ground is Ground.CLAIMED else Ground.REPORTED
        return _Finding(Stance.ASSERTS, ground, found.cue)
    if proposition.is_cleft and proposition.actor_ids and sentence.ids - proposition.actor_ids:
        return _Finding(Stance.DENIES, Ground.OTHER_ACTOR, found.cue)
    return _NOTHING


def _is_told_as_done(sentence: Sentence, matcher: Matcher) -> bool:
    """Return whether the deed is in the past, without a word that makes it a wish, plan or question."""
    return any(
        matcher.has_deed(matcher.stems(match[2])) and not _NOT_YET.search(match[1])
        for match in _PAST.finditer(sentence.text)
    )


def _negation(sentence: Sentence, proposition: Proposition, matcher: Matcher) -> bool:
    """Return whether the deed itself is negated: "will not attend", "has not sent any weapons"."""
    return any(
        matcher.has_deed(matcher.stems(match[1])) and _is_subject(sentence, match.start(), proposition)
        for match in _NEGATION.finditer(sentence.text)
    )


def _is_subject(sentence: Sentence, place: int, proposition: Proposition) -> bool:
    """Return whether the actor is named last before a position in a sentence, or nobody is."""
    before = [each for each in sentence.mentions if each.end <= place]
    if not proposition.actor_ids or not before:
        return names_actor(sentence.text[:place], sentence.ids_in(Span(0, place)), proposition) or not before
    return before[-1].id in proposition.actor_ids
