"""How each sentence of the hits stands toward what the question puts forward."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.answer import Stance, Verdict
from bot.answering.clauses import IRREGULAR
from bot.answering.judging.cues import Cue, CueKind, find_cues
from bot.answering.judging.matching import Matcher
from bot.answering.judging.sentences import Sentence, is_by_actor, names_actor, read_in_order
from bot.answering.understanding.proposition import Act, Proposition
from corpus.article import Span
from index.retriever import Hit

# A sentence with less of the proposition, wherever it stands, has nothing to say about it.
LEAST_MATCH = 0.2
# Share of the proposition that what is denied must hold, where it is not said by "the claim" or "it".
LEAST_ABOUT = 0.12
# A refusal is about the thing itself: more of it must stand in the words right behind it.
LEAST_REFUSED = 0.2
MOST_ABOUT_WORDS = 24


class Ground(StrEnum):
    """Why a sentence counts for or against.

    - `said`, `unsaid`: the one asked about denies or admits what the question says that he does, or the contrary;
    - `implied`: he says so in other words, by negating it himself;
    - `done`, `reported`, `claimed`: it is told in the past, or otherwise, or by somebody;
    - `denied`: somebody denies it; `false`: it is called false, or no evidence was found;
    - `refused`, `negated`, `other_actor`: it was refused by the one who would have done it, did not happen, or somebody
      else did it;
    - `open`: nobody confirms it.
    """

    SAID = "said"
    UNSAID = "unsaid"
    IMPLIED = "implied"
    DONE = "done"
    REPORTED = "reported"
    CLAIMED = "claimed"
    DENIED = "denied"
    REFUSED = "refused"
    NEGATED = "negated"
    OTHER_ACTOR = "other_actor"
    FALSE = "false"
    OPEN = "open"
    NONE = "none"


_SUPPORTS = {
    Ground.SAID: Verdict.YES,
    Ground.IMPLIED: Verdict.YES,
    Ground.DONE: Verdict.YES,
    Ground.REPORTED: Verdict.YES,
    Ground.CLAIMED: Verdict.YES,
    Ground.UNSAID: Verdict.NO,
    Ground.DENIED: Verdict.NO,
    Ground.REFUSED: Verdict.NO,
    Ground.NEGATED: Verdict.NO,
    Ground.OTHER_ACTOR: Verdict.NO,
    Ground.FALSE: Verdict.NO,
}
# Where several cues stand in one sentence, the one with the higher rank tells how it stands.
_RANK = {
    Ground.NONE: 0,
    Ground.REPORTED: 1,
    Ground.DONE: 1,
    Ground.CLAIMED: 2,
    Ground.OPEN: 3,
    Ground.IMPLIED: 3,
    Ground.FALSE: 4,
    Ground.OTHER_ACTOR: 4,
    Ground.NEGATED: 4,
    Ground.UNSAID: 5,
    Ground.REFUSED: 5,
    Ground.SAID: 6,
    Ground.DENIED: 6,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence of a hit as it was read.

    `match` is the share of the proposition that it speaks of, with what surrounds it; `own` that in itself alone.
    `strength` orders what is shown: better matches first, among like ones those that say it outright.
    """

    hit: Hit
    span: Span
    before: Span | None
    stance: Stance
    ground: Ground
    match: float
    own: float
    strength: float
    cue: Cue | None

    @property
    def cue_in_passage(self) -> Span | None:
        """Where the cue stands in the passage."""
        if self.cue is None:
            return None
        return Span(self.span.start + self.cue.span.start, self.span.start + self.cue.span.end)

    @property
    def supports(self) -> Verdict | None:
        """Which answer the sentence alone would give; None where it gives none."""
        return _SUPPORTS.get(self.ground)


_ANAPHOR = re.compile(
    r"""^[\W\d]*(?:(?:all|both|any|such|those|these|the|that|this|its|his|her|their|some|having|being|making|\w+ly
            |\w+['’]s?)\s+){0,3}
        (?:(?:involvement|responsibility|wrongdoing|it|that|this|so|them|both|link|ties)\b
          |(?:[\w-]+,?\s+){0,2}?(?:claims?|allegations?|accusations?|charges?|reports?|news|rumou?rs?|disinformation
              |version|story|idea|suggestions?|plans?|offer|demands?|request|proposal|attack)\b(?!\s+(?:(?:to|of|that|about|for|by|from)\b|on\s+(?!\w+day\b))))
      | ^\W*$ | ^[\W]*(?:from|by)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# A negation and the words that it reaches.
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no\s+longer|neither|nor|without|no)\b|n['’]t\b)((?:\W+\w+){1,5})", re.IGNORECASE
)
# A word in the past with the words before it, and what makes it something else than done.
_PAST = re.compile(r"((?:\S+\s+){0,4})(\w+ed|" + "|".join(sorted(IRREGULAR)) + r")\b")
_NOT_YET = re.compile(
    r"\b(?:would|will|may|might|could|should|can|if|whether|not|never|no|to|unless|until|without|be|being)\b|n['’]t\b",
    re.IGNORECASE,
)
# What was refused once may have been granted since.
_OUTDATED = re.compile(
    r"\b(?:previously|initially|originally|at\s+first|had\s+(?:long\s+|earlier\s+)?(?:been\s+)?$|until\s+then|would)\b",
    re.IGNORECASE,
)


def read_sentences(hits: Sequence[Hit], proposition: Proposition, matcher: Matcher) -> list[Reading]:
    """Reads every sentence of the hits that speaks of the proposition, best match first."""
    # In speech the matter often stands anywhere before: "Kurland denied the allegations."
    speaker = proposition.actor_ids if proposition.act in {Act.DENIES, Act.ADMITS} else frozenset[str]()
    readings = [
        _read(sentence, proposition, matcher)
        for sentence in read_in_order(hits, speaker, matcher)
        if sentence.match >= LEAST_MATCH
    ]
    return sorted(readings, key=lambda each: (-each.match, each.hit.passage.id, each.span.start))


@dataclass(frozen=True, slots=True)
class _Finding:
    stance: Stance
    ground: Ground
    cue: Cue | None = None


_NOTHING = _Finding(Stance.NEUTRAL, Ground.NONE)


def _read(sentence: Sentence, proposition: Proposition, matcher: Matcher) -> Reading:
    best = _NOTHING
    for cue in find_cues(sentence.text):
        if not _is_about(cue, sentence, matcher):
            continue
        found = _by_cue(cue, sentence, proposition)
        if _RANK[found.ground] > _RANK[best.ground]:
            best = found
    if best.ground in {Ground.NONE, Ground.CLAIMED}:
        best = _without_cue(sentence, proposition, best, matcher)
    return Reading(
        hit=sentence.hit,
        span=sentence.span,
        before=sentence.before,
        stance=best.stance,
        ground=best.ground,
        match=sentence.match,
        own=sentence.own,
        strength=_strength(sentence, proposition, best, matcher),
        cue=best.cue,
    )


# Cues that say outright what a speech or an agreement is.
_OUTRIGHT = {
    Act.DENIES: {CueKind.DENIES},
    Act.ADMITS: {CueKind.ADMITS},
    Act.AGREES: {CueKind.AGREES, CueKind.REFUSES},
    Act.SAYS: {CueKind.ACCUSES},
    Act.OTHER: {CueKind.DENIES, CueKind.ACCUSES, CueKind.ADMITS, CueKind.REFUSES},
}


def _strength(sentence: Sentence, proposition: Proposition, found: _Finding, matcher: Matcher) -> float:
    actors = proposition.actor_ids
    named = len(sentence.ids & actors) / len(actors) if actors else 0.0
    strength = sentence.match + 0.2 * sentence.own + 0.1 * named
    if found.cue is not None and found.cue.kind in _OUTRIGHT[proposition.act]:
        about = found.cue.about
        strength += 0.1 + 0.2 * matcher.score(matcher.stems(sentence.text_in(about)), sentence.ids_in(about))
    return strength


def _says_it(cue: Cue, sentence: Sentence, proposition: Proposition) -> bool:
    is_quoted = re.search(r"[\"“”]", sentence.text) is not None
    before = Span(0, len(sentence.text) if is_quoted else cue.span.start)
    return names_actor(sentence.text_in(before), sentence.ids_in(before), proposition)


def _is_about(cue: Cue, sentence: Sentence, matcher: Matcher) -> bool:
    """Whether what is denied, refused or admitted is what the question is about, as far as the sentence says it."""
    about = sentence.text_in(cue.about)
    if _ANAPHOR.match(about):
        return True
    if cue.kind is not CueKind.REFUSES:
        return matcher.score(matcher.stems(about), sentence.ids_in(cue.about)) >= LEAST_ABOUT
    if _OUTDATED.search(sentence.text[: cue.span.start]):
        return False
    near = " ".join(about.split()[:MOST_ABOUT_WORDS]) if cue.about.start >= cue.span.end else about
    return matcher.relevance(near) >= LEAST_REFUSED


_REFUSES_IN_WORDS = re.compile(r"reject|dismiss|rebuff|refus|declin|rul\w+\s+out|push\w*\s+back", re.IGNORECASE)
_DENIES = re.compile(r"den(?:y|ie)|disput|refut|rebut|disavow|contradict", re.IGNORECASE)
_SAYS_NO = frozenset((CueKind.DENIES, CueKind.REFUSES, CueKind.IS_FALSE))


def _by_cue(cue: Cue, sentence: Sentence, proposition: Proposition) -> _Finding:
    """What a cue tells: of the speech that is asked about where it is one, else of the deed."""
    by_actor = is_by_actor(cue, sentence, proposition)
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        # That there is no evidence is said by whoever is named in the same sentence, else by the publisher.
        is_said = cue.kind is not CueKind.IS_FALSE or _says_it(cue, sentence, proposition)
        return _of_speech(cue, sentence, proposition) if by_actor and is_said else _NOTHING
    if proposition.act is Act.SAYS:
        # Whether it is so is not asked: only that the one who is to have said it denies that could say no.
        return _Finding(Stance.DENIES, Ground.UNSAID, cue) if by_actor and cue.kind is CueKind.DENIES else _NOTHING
    if cue.kind is CueKind.REFUSES and not by_actor:
        return _NOTHING
    stance, ground = _OF_DEED.get(cue.kind, (Stance.ASSERTS, Ground.CLAIMED))
    return _Finding(stance, ground, cue)


# What each kind of cue says of a deed; any other kind claims it.
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
            # A ship that is blocked is no denial; it may be what "did they refuse to let it pass" asks for.
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
    """What a sentence says where no cue decides: that it is not so, that somebody else did it, or that it is so."""
    has_actor = names_actor(sentence.text, sentence.ids, proposition)
    negated = has_actor and _negation(sentence, matcher)
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        says_so = negated and proposition.act is Act.DENIES
        return _Finding(Stance.DENIES, Ground.IMPLIED, found.cue) if says_so else found
    if negated and sentence.own >= LEAST_MATCH and proposition.act is not Act.SAYS:
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
    """Whether the deed stands in the past, without a word that makes it a wish, a plan or a question."""
    return any(
        matcher.has_deed(matcher.stems(match[2])) and not _NOT_YET.search(match[1])
        for match in _PAST.finditer(sentence.text)
    )


def _negation(sentence: Sentence, matcher: Matcher) -> bool:
    """Whether the deed itself is negated: "will not attend", "has not sent any weapons"."""
    return any(matcher.has_deed(matcher.stems(match[1])) for match in _NEGATION.finditer(sentence.text))
