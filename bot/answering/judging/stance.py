"""How each sentence of the hits stands toward what the question puts forward."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.answer import Stance, Verdict
from bot.answering.judging.cues import Cue, CueKind, find_cues
from bot.answering.judging.matching import Matcher
from bot.answering.understanding.aliases import ids
from bot.answering.understanding.proposition import Act, Proposition
from corpus.article import Span
from corpus.sentences import split_sentences
from index.retriever import Hit
from index.terms import words

# What stands in the sentence before, or elsewhere in passage and title, counts this much of what stands in it.
NEARBY = 0.85
WIDE = 0.6
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
    - `reported`, `claimed`: it is told as done, by the publisher or by somebody;
    - `denied`: somebody denies it; `false`: it is called false, or no evidence was found;
    - `refused`, `negated`, `other_actor`: it was refused by the one who would have done it, did not happen, or somebody
      else did it;
    - `open`: nobody confirms it.
    """

    SAID = "said"
    UNSAID = "unsaid"
    IMPLIED = "implied"
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


@dataclass(frozen=True, slots=True)
class _Sentence:
    hit: Hit
    span: Span
    before: Span | None
    text: str
    ids: frozenset[str]
    own: float
    match: float
    earlier: str


_ANAPHOR = re.compile(
    r"""^[\W\d]*(?:(?:all|both|any|such|those|these|the|that|this|its|his|her|their|some|having|being|making|\w+ly
            |\w+['’]s?)\s+){0,3}
        (?:(?:involvement|responsibility|wrongdoing|it|that|this|so|them|both|link|ties)\b
          |(?:claims?|allegations?|accusations?|charges?|reports?|version|story|idea|suggestions?|plans?|offer|demands?
              |request|proposal|attack)\b(?!\s+(?:to|of|that|about|for|by|from|on)\b))
      | ^\W*$ | ^[\W]*(?:from|by)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# A negation and the words that it reaches.
_NEGATION = re.compile(
    r"(?:\b(?:not|never|no\s+longer|neither|nor|without|no)\b|n['’]t\b)((?:\W+\w+){1,5})", re.IGNORECASE
)
# What was refused once may have been granted since.
_OUTDATED = re.compile(
    r"\b(?:previously|initially|originally|at\s+first|had\s+(?:long\s+|earlier\s+)?(?:been\s+)?$|until\s+then|would)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w’'-]+")
# A subject that stands for somebody named before; an empty one does, too.
_STANDS_FOR = re.compile(
    r"""^[\W\d]*$ | \b(?:he|she|they|it|we|who|which|and|also|has|have|had|was|were|been|being|by|of|in|on|for|after)\b
      | \b(?:spokes\w+|ministry|minister|officials?|government|president|premier|leader|statement|country|military|army
          |foreign|embassy|office|party|group|movement|company|authorities|police|agency|regime|adviser|aide)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def read_sentences(hits: Sequence[Hit], proposition: Proposition, matcher: Matcher) -> list[Reading]:
    """Reads every sentence of the hits that speaks of the proposition, best match first."""
    # In speech the matter often stands anywhere before: "Kurland denied the allegations."
    speaker = proposition.actor_ids if proposition.act in {Act.DENIES, Act.ADMITS} else frozenset[str]()
    readings = [
        _read(sentence, proposition, matcher)
        for sentence in _sentences(hits, speaker, matcher)
        if sentence.match >= LEAST_MATCH
    ]
    return sorted(readings, key=lambda each: (-each.match, each.hit.passage.id, each.span.start))


def _sentences(hits: Sequence[Hit], speaker: frozenset[str], matcher: Matcher) -> Iterator[_Sentence]:
    """The sentences of the hits, article by article; what stands before one may be in the passage before its own."""
    last: Hit | None = None
    stems_before: frozenset[str] = frozenset()
    ids_before: frozenset[str] = frozenset()
    for hit in sorted(hits, key=lambda each: (each.passage.article_id, each.passage.ordinal)):
        text, title = hit.passage.text, hit.article.title or ""
        follows = last is not None and (last.passage.article_id, last.passage.ordinal + 1) == (
            hit.passage.article_id,
            hit.passage.ordinal,
        )
        earlier = last.passage.text if follows and last is not None else ""
        if not follows:
            stems_before, ids_before = frozenset(), frozenset()
        year = int(hit.article.published_at[:4]) if hit.article.published_at else None
        spans = split_sentences(text, 0, len(text), hit.article.language)
        stems = [frozenset(matcher.stems(text[span.start : span.end])) for span in spans]
        named = [ids(text[span.start : span.end], year) for span in spans]
        around = frozenset(matcher.stems(title)).union(*stems)
        wide = matcher.score(around, ids(title, year).union(*named))
        before: Span | None = None
        for place, span in enumerate(spans):
            own = matcher.score(stems[place], named[place])
            near = matcher.score(stems[place] | stems_before, named[place] | ids_before)
            match = max(own, NEARBY * near, WIDE * wide if own or near or named[place] & speaker else 0.0)
            written = text[span.start : span.end]
            yield _Sentence(hit, span, before, written, named[place], own, match, earlier + text[: span.start])
            before, stems_before, ids_before = span, stems[place], named[place]
        last = hit


@dataclass(frozen=True, slots=True)
class _Finding:
    stance: Stance
    ground: Ground
    cue: Cue | None = None


_NOTHING = _Finding(Stance.NEUTRAL, Ground.NONE)


def _read(sentence: _Sentence, proposition: Proposition, matcher: Matcher) -> Reading:
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
    Act.OTHER: {CueKind.DENIES, CueKind.ACCUSES, CueKind.ADMITS, CueKind.REFUSES},
}


def _strength(sentence: _Sentence, proposition: Proposition, found: _Finding, matcher: Matcher) -> float:
    actors = proposition.actor_ids
    named = len(sentence.ids & actors) / len(actors) if actors else 0.0
    strength = sentence.match + 0.2 * sentence.own + 0.1 * named
    if found.cue is not None and found.cue.kind in _OUTRIGHT[proposition.act]:
        about = sentence.text[found.cue.about.start : found.cue.about.end]
        strength += 0.1 + 0.2 * matcher.score(matcher.stems(about), ids(about))
    return strength


def _says_it(cue: Cue, sentence: _Sentence, proposition: Proposition) -> bool:
    before = sentence.text if re.search(r"[\"“”]", sentence.text) else sentence.text[: cue.span.start]
    return _names_actor(before, ids(before), proposition)


def _is_about(cue: Cue, sentence: _Sentence, matcher: Matcher) -> bool:
    """Whether what is denied, refused or admitted is what the question is about, as far as the sentence says it."""
    about = sentence.text[cue.about.start : cue.about.end]
    if _ANAPHOR.match(about):
        return True
    if cue.kind is not CueKind.REFUSES:
        return matcher.score(matcher.stems(about), ids(about)) >= LEAST_ABOUT
    if _OUTDATED.search(sentence.text[: cue.span.start]):
        return False
    near = " ".join(about.split()[:MOST_ABOUT_WORDS]) if cue.about.start >= cue.span.end else about
    return matcher.score(matcher.stems(near), ids(near)) >= LEAST_REFUSED


_SAYS_NO = frozenset((CueKind.DENIES, CueKind.REFUSES, CueKind.IS_FALSE))


def _by_cue(cue: Cue, sentence: _Sentence, proposition: Proposition) -> _Finding:
    """What a cue tells: of the speech that is asked about where it is one, else of the deed."""
    by_actor = _is_by_actor(cue, sentence, proposition)
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        # That there is no evidence is said by whoever is named in the same sentence, else by the publisher.
        is_said = cue.kind is not CueKind.IS_FALSE or _says_it(cue, sentence, proposition)
        return _of_speech(cue, proposition.act) if by_actor and is_said else _NOTHING
    if cue.kind is CueKind.UNCONFIRMED:
        return _Finding(Stance.UNCONFIRMED, Ground.OPEN, cue)
    if cue.kind is CueKind.DENIES:
        return _Finding(Stance.DENIES, Ground.DENIED, cue)
    if cue.kind is CueKind.IS_FALSE:
        return _Finding(Stance.DENIES, Ground.FALSE, cue)
    if cue.kind is CueKind.REFUSES:
        return _Finding(Stance.DENIES, Ground.REFUSED, cue) if by_actor else _NOTHING
    return _Finding(Stance.ASSERTS, Ground.CLAIMED, cue)


def _of_speech(cue: Cue, act: Act) -> _Finding:
    if cue.kind in _SAYS_NO:
        return _Finding(Stance.DENIES, Ground.SAID if act is Act.DENIES else Ground.UNSAID, cue)
    if cue.kind is CueKind.ADMITS:
        return _Finding(Stance.ASSERTS, Ground.SAID if act is Act.ADMITS else Ground.UNSAID, cue)
    if cue.kind is CueKind.UNCONFIRMED:
        return _Finding(Stance.UNCONFIRMED, Ground.OPEN, cue)
    return _NOTHING


def _without_cue(sentence: _Sentence, proposition: Proposition, found: _Finding, matcher: Matcher) -> _Finding:
    """What a sentence says where no cue decides: that it is not so, that somebody else did it, or that it is so."""
    has_actor = _names_actor(sentence.text, sentence.ids, proposition)
    negated = has_actor and _negation(sentence, matcher)
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        says_so = negated and proposition.act is Act.DENIES
        return _Finding(Stance.DENIES, Ground.IMPLIED, found.cue) if says_so else found
    if negated and sentence.own >= LEAST_MATCH:
        return _Finding(Stance.DENIES, Ground.NEGATED, found.cue)
    if has_actor:
        ground = Ground.CLAIMED if found.ground is Ground.CLAIMED else Ground.REPORTED
        return _Finding(Stance.ASSERTS, ground, found.cue)
    if proposition.is_cleft and proposition.actor_ids and sentence.ids - proposition.actor_ids:
        return _Finding(Stance.DENIES, Ground.OTHER_ACTOR, found.cue)
    return _NOTHING


def _negation(sentence: _Sentence, matcher: Matcher) -> bool:
    """Whether the deed itself is negated: "will not attend", "has not sent any weapons"."""
    return any(matcher.has_deed(matcher.stems(match[1])) for match in _NEGATION.finditer(sentence.text))


def _is_by_actor(cue: Cue, sentence: _Sentence, proposition: Proposition) -> bool:
    """Whether the subject of a cue is the one that the question asks about; a pronoun is the last one named before."""
    subject = sentence.text[cue.subject.start : cue.subject.end]
    if _names_actor(subject, ids(subject), proposition):
        return True
    if _NAME.search(subject.strip()[1:]) or ids(subject) or not _STANDS_FOR.search(subject):
        return False
    left = sentence.text[: cue.span.start]
    if ids(left):
        return _names_actor(left, ids(left), proposition)
    return _names_actor(sentence.earlier, ids(sentence.earlier), proposition)


def _names_actor(text: str, named: frozenset[str], proposition: Proposition) -> bool:
    if proposition.actor_ids:
        return bool(named & proposition.actor_ids)
    own = proposition.actor_words
    return not own or bool(own & frozenset(words(text)))
