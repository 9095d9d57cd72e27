"""The decision procedure: from how sentences stand to yes, no, disputed or not found."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Verdict
from bot.answering.question.proposition import Act, Proposition
from bot.answering.verdict.denial_cues import CueKind
from bot.answering.verdict.readings import Ground, Reading

# Least match with the proposition from which a denial by the one asked about answers whether it was denied.
ENOUGH_SPEECH = 0.5
# The same for a sentence that says that it is, or isn't, so.
ENOUGH_DEED = 0.45
# A denial of the deed by anybody needs less: it mostly says "the claim".
ENOUGH_DENIAL = 0.4
# Where the corpus as a whole seems not to hold the matter, quotes have to match so well.
ENOUGH_ALONE = 0.6
# That something is told is the weakest sign of all: other events share its words.
TOLD_ALONE = 0.7
# What says no stands against what says yes if its match is worse by no more than this.
REFUSAL_MARGIN = 0.25
DENIAL_MARGIN = 0.5
FALSE_MARGIN = 0.25
# By how much a refusal, or what is shown to be false, must match better than a denial to outweigh it.
REFUSAL_OVER_DENIAL = 0.1
FALSE_OVER_DENIAL = 0.3
DENIAL_OVER = 0.1
# A sentence with so much of the proposition in itself tells the deed outright.
OUTRIGHT = 0.7
# Of what is so now, later sentences tell better than earlier ones that match better by no more than this.
LATE_MARGIN = 0.25
# An accusation that matches so much better than anything that is told is all there is.
ALLEGED_MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what the sentences say of the deed itself: another where the question negates it."""

    verdict: Verdict
    found: Verdict


def judge(readings: Sequence[Reading], proposition: Proposition, *, is_covered: bool) -> Judgement:
    """Decides a yes/no question.

    Args:
        readings: every sentence that speaks of the matter, best match first.
        proposition: what the question puts forward.
        is_covered: whether the corpus seems to hold the matter, by the refusal model.
    """
    best = {ground: next((each for each in readings if each.ground is ground), None) for ground in Ground}
    if proposition.act in {Act.DENIES, Act.ADMITS}:
        found = _on_speech(best, is_covered=is_covered)
    else:
        found = _on_deed(best, proposition, is_covered=is_covered)
        if proposition.is_about_now and found in {Verdict.YES, Verdict.NO}:
            found = _as_of_late(readings) or found
    turned = {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}
    return Judgement(turned.get(found, found) if proposition.is_negated else found, found)


Best = dict[Ground, Reading | None]
_FOR = (Ground.DONE, Ground.REPORTED, Ground.CLAIMED)
_AGAINST = (Ground.DENIED, Ground.REFUSED, Ground.FALSE, Ground.NEGATED, Ground.OTHER_ACTOR)


def _on_speech(best: Best, *, is_covered: bool) -> Verdict:
    """Did X deny it, did X admit it: only what X says counts."""
    least = ENOUGH_SPEECH if is_covered else ENOUGH_ALONE
    said, contrary = _match(best, Ground.SAID), _match(best, Ground.UNSAID)
    if max(said, contrary) < least:
        return Verdict.NOT_FOUND
    return Verdict.YES if said >= contrary else Verdict.NO


def _on_deed(best: Best, proposition: Proposition, *, is_covered: bool) -> Verdict:
    """Is it so, did X do it: denials dispute it, refusals and negations say no, anything else says yes."""
    asserted = max(_match(best, ground) for ground in _FOR)
    contrary = max(_match(best, ground) for ground in _AGAINST)
    if not is_covered and asserted < TOLD_ALONE and contrary < ENOUGH_ALONE:
        return Verdict.NOT_FOUND
    if proposition.is_cleft and _match(best, Ground.OTHER_ACTOR) >= max(asserted, ENOUGH_DEED):
        return Verdict.NO
    if proposition.act is Act.SAYS and _match(best, Ground.UNSAID) >= max(asserted, ENOUGH_DEED):
        return Verdict.NO
    against = _against(best, proposition, asserted)
    if against is not None:
        return against
    if asserted < ENOUGH_DEED:
        return Verdict.NOT_FOUND
    return Verdict.DISPUTED if _is_only_alleged(best) else Verdict.YES


def _as_of_late(readings: Sequence[Reading]) -> Verdict | None:
    """What the latest of the well matching sentences says; undated ones don't count. None where there is none."""
    best = max((each.match for each in readings if each.supports), default=0.0)
    least = max(ENOUGH_DEED, best - LATE_MARGIN)
    dated = [each for each in readings if each.supports and each.match >= least and each.hit.article.published_at]
    if not dated:
        return None
    last = max(each.hit.article.published_at or "" for each in dated)[:10]
    return next(each.supports for each in dated if (each.hit.article.published_at or "").startswith(last))


def _against(best: Best, proposition: Proposition, asserted: float) -> Verdict | None:
    """What stands against a deed: what one does not want oneself is refused, what one is accused of is denied."""
    denied, refused, false = _match(best, Ground.DENIED), _match(best, Ground.REFUSED), _match(best, Ground.FALSE)
    is_overcome = _is_later(best[Ground.DONE], best[Ground.REFUSED])
    if not is_overcome and refused >= max(ENOUGH_DEED, asserted - REFUSAL_MARGIN, denied + _over_denial(proposition)):
        return Verdict.NO
    if false >= max(ENOUGH_DEED, asserted - DENIAL_OVER, denied + FALSE_OVER_DENIAL):
        return Verdict.NO
    if denied >= max(ENOUGH_DENIAL, asserted - DENIAL_MARGIN) and not _is_beside_the_point(best):
        return Verdict.DISPUTED
    # A negated clause and what calls it false are weaker signs: they must match nearly as well as what says yes.
    is_done_since = any(_is_later(best[each], best[Ground.NEGATED]) for each in (Ground.DONE, Ground.REPORTED))
    weaker = max(false, 0.0 if is_done_since else _match(best, Ground.NEGATED))
    return Verdict.NO if weaker >= max(ENOUGH_DEED, asserted - FALSE_MARGIN) else None


def _is_only_alleged(best: Best) -> bool:
    """Whether one side accuses another of the deed, and nobody else tells it as well."""
    claimed = best[Ground.CLAIMED]
    if claimed is None or claimed.cue is None or claimed.cue.kind is not CueKind.ACCUSES:
        return False
    return claimed.match > max(_match(best, Ground.DONE), _match(best, Ground.REPORTED)) + ALLEGED_MARGIN


def _is_beside_the_point(best: Best) -> bool:
    """Whether the deed is told outright, and what is denied is something else about it."""
    told, denied = best[Ground.DONE], best[Ground.DENIED]
    return told is not None and told.own >= OUTRIGHT and denied is not None and not denied.is_pointed


def _is_later(done: Reading | None, refused: Reading | None) -> bool:
    """Whether a deed is told as done no earlier than its refusal, and no worse matched: what was refused was done."""
    if done is None or refused is None or done.match < refused.match:
        return False
    then, later = refused.hit.article.published_at, done.hit.article.published_at
    return then is not None and later is not None and later[:10] >= then[:10]


def _over_denial(proposition: Proposition) -> float:
    return -FALSE_MARGIN if proposition.act is Act.AGREES else REFUSAL_OVER_DENIAL


def _match(best: Best, ground: Ground) -> float:
    reading = best[ground]
    return reading.match if reading is not None else 0.0
