"""Decides between yes, no, disputed and not found from the readings of sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Verdict
from bot.answering.question.proposition import Act, Proposition
from bot.answering.verdict.denial_cues import CueKind
from bot.answering.verdict.readings import Ground, Reading

# Minimum match of a denial or admission by the actor, where the question asks for one.
ENOUGH_SPEECH = 0.5
# Minimum match of a sentence that says the deed was, or wasn't, done.
ENOUGH_DEED = 0.45
# A denial of the deed needs less: it often says just "the claim".
ENOUGH_DENIAL = 0.4
# Minimum match where the refusal model finds too little evidence; reports need more, since other events share words.
ENOUGH_ALONE = 0.6
TOLD_ALONE = 0.7
# Evidence against a deed counts if it matches no worse than the evidence for it, minus this.
REFUSAL_MARGIN = 0.25
DENIAL_MARGIN = 0.5
FALSE_MARGIN = 0.25
# How much better a refusal, or a finding that it is false, must match to outweigh a denial.
REFUSAL_OVER_DENIAL = 0.1
FALSE_OVER_DENIAL = 0.3
DENIAL_OVER = 0.1
# Minimum own match of a sentence that tells the deed outright.
OUTRIGHT = 0.7
# For questions about the present, prefer later sentences unless an earlier one matches better by this margin.
LATE_MARGIN = 0.25
# If an accusation outscores every report by this margin, the deed is only alleged.
ALLEGED_MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and the finding on the deed itself, which differs where the question negates it."""

    verdict: Verdict
    found: Verdict


def judge(readings: Sequence[Reading], proposition: Proposition, *, is_covered: bool) -> Judgement:
    """Decide a yes/no question.

    Args:
        readings: every sentence on the topic, best match first.
        proposition: of the question.
        is_covered: whether the refusal model finds enough evidence.
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
    """Decide "Did X deny it?" and "Did X admit it?": only what X says counts."""
    least = ENOUGH_SPEECH if is_covered else ENOUGH_ALONE
    said, contrary = _match(best, Ground.SAID), _match(best, Ground.UNSAID)
    if max(said, contrary) < least:
        return Verdict.NOT_FOUND
    return Verdict.YES if said >= contrary else Verdict.NO


def _on_deed(best: Best, proposition: Proposition, *, is_covered: bool) -> Verdict:
    """Decide "Did X do it?": denials dispute it, refusals and negations mean no, other reports yes."""
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
    """Return what the latest well matching sentence supports; None without dated ones."""
    best = max((each.match for each in readings if each.supports), default=0.0)
    least = max(ENOUGH_DEED, best - LATE_MARGIN)
    dated = [each for each in readings if each.supports and each.match >= least and each.hit.article.published_at]
    if not dated:
        return None
    last = max(each.hit.article.published_at or "" for each in dated)[:10]
    return next(each.supports for each in dated if (each.hit.article.published_at or "").startswith(last))


def _against(best: Best, proposition: Proposition, asserted: float) -> Verdict | None:
    """Return the verdict of the evidence against a deed, None if it is too weak."""
    denied, refused, false = _match(best, Ground.DENIED), _match(best, Ground.REFUSED), _match(best, Ground.FALSE)
    is_overcome = _is_later(best[Ground.DONE], best[Ground.REFUSED])
    if not is_overcome and refused >= max(ENOUGH_DEED, asserted - REFUSAL_MARGIN, denied + _over_denial(proposition)):
        return Verdict.NO
    if false >= max(ENOUGH_DEED, asserted - DENIAL_OVER, denied + FALSE_OVER_DENIAL):
        return Verdict.NO
    if denied >= max(ENOUGH_DENIAL, asserted - DENIAL_MARGIN) and not _is_beside_the_point(best):
        return Verdict.DISPUTED
    # Negations and findings of falsehood are weaker: they must match nearly as well as the evidence for the deed.
    is_done_since = any(_is_later(best[each], best[Ground.NEGATED]) for each in (Ground.DONE, Ground.REPORTED))
    weaker = max(false, 0.0 if is_done_since else _match(best, Ground.NEGATED))
    return Verdict.NO if weaker >= max(ENOUGH_DEED, asserted - FALSE_MARGIN) else None


def _is_only_alleged(best: Best) -> bool:
    """Return whether the deed is only an accusation, matched by no report."""
    claimed = best[Ground.CLAIMED]
    if claimed is None or claimed.cue is None or claimed.cue.kind is not CueKind.ACCUSES:
        return False
    return claimed.match > max(_match(best, Ground.DONE), _match(best, Ground.REPORTED)) + ALLEGED_MARGIN


def _is_beside_the_point(best: Best) -> bool:
    """Return whether the deed is told outright, and the denial is about something else."""
    told, denied = best[Ground.DONE], best[Ground.DENIED]
    return told is not None and told.own >= OUTRIGHT and denied is not None and not denied.is_pointed


def _is_later(done: Reading | None, refused: Reading | None) -> bool:
    """Return whether a report of the deed is as late and as well matched as its refusal: the refusal was overcome."""
    if done is None or refused is None or done.match < refused.match:
        return False
    then, later = refused.hit.article.published_at, done.hit.article.published_at
    return then is not None and later is not None and later[:10] >= then[:10]


def _over_denial(proposition: Proposition) -> float:
    return -FALSE_MARGIN if proposition.act is Act.AGREES else REFUSAL_OVER_DENIAL


def _match(best: Best, ground: Ground) -> float:
    reading = best[ground]
    return reading.match if reading is not None else 0.0
