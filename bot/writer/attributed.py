"""Checks who says it: a claim stays its speaker's, and a speaker keeps to what the quotes have them say."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from bot.answering.attribution.attribution import CueClass
from bot.answering.question.aliases import entity_ids
from bot.writer.comparison import content_words, is_negated, share_held, stems
from bot.writer.source import Said, Source, said_in
from bot.writer.written import Fault, Problem
from corpus.article import Span

# From this share of its words on that stand within what somebody says, a sentence or a clause tells what only they say.
_MOSTLY, _WHOLLY = 0.6, 1.0
# A quote that holds less than this share of the words of the quote that holds most is not what a sentence tells.
_HALF = 0.5
# A speaker's words must hold this share of what they are said to say, where others' words hold more.
_OWN = 0.5
# Acts that the quotes must have in the same way, with what may stand for each.
_SAME_ACT = {
    CueClass.DENIES: frozenset((CueClass.DENIES,)),
    CueClass.CONFIRMS: frozenset((CueClass.CONFIRMS,)),
    CueClass.ACCUSES: frozenset((CueClass.ACCUSES, CueClass.CLAIMS)),
    CueClass.PROMISES: frozenset((CueClass.PROMISES, CueClass.SAYS)),
}
_CLAUSE_ENDS = re.compile(r",?\s+\b(?:although|though|while|whereas|but)\b")
# A clause of fewer words tells too little to be anybody's.
_FEWEST_WORDS = 2
_ACCORDING = re.compile(r"\baccording\s+to\b|\b(?:reportedly|allegedly|purportedly)\b", re.IGNORECASE)
_NO_SPEAKER = frozenset(
    "the a an two three several some many it he she they who which that and of in for its his her their both".split()
)


def told_as_fact(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence tells as fact what somebody claims in its quotes."""
    if _ACCORDING.search(text) or any(_is_act(each, text, sources) for each in said_in(text)):
        return []
    # "The warrant was justified, although …": one clause may be somebody's and the other one not.
    clauses = _CLAUSE_ENDS.split(text) if _CLAUSE_ENDS.search(text) else []
    told = [each for each in clauses if len(content_words(each)) >= _FEWEST_WORDS]
    parts = [(text, _MOSTLY), *((each, _WHOLLY) for each in told)]
    return list(islice((problem for each, share in parts for problem in _told_as_fact(each, sources, share)), 1))


def wrongly_said(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence gives words to somebody who did not say them in its quotes."""
    said = [each for each in said_in(text) if _is_act(each, text, sources)]
    return [problem for each in said for problem in _wrongly_said(each, text, sources)][:2]


def _is_act(said: Said, text: str, sources: Sequence[Source]) -> bool:
    """Return whether a cue of a sentence says that somebody says something.

    Not if a quote uses the word otherwise: in "The step was agreed, it claimed" nobody agrees by saying so.
    """
    cue = frozenset(stems(text[said.cue.start : said.cue.end])) if said.cue else frozenset()
    for source in sources:
        cues = [source.text[each.cue.start : each.cue.end] for each in source.said if each.cue]
        if cue & frozenset(stems(source.text)) and not cue & frozenset(stems(" ".join(cues))):
            return False
    return True


def _told_as_fact(text: str, sources: Sequence[Source], least: float) -> Iterable[Problem]:
    words = [each.stem for each in content_words(text)]
    shares = [(share_held(words, frozenset(word.stem for word in each.words)), each) for each in sources]
    best = max((share for share, _ in shares), default=0.0)
    telling = [(each, _only_said(words, each, least)) for share, each in shares if share >= _HALF * best]
    if not telling or any(speaker is None for _, speaker in telling):
        return
    source, speaker = telling[0]
    if not _repeats_act(text, source):
        who = f"{speaker} says so" if speaker else "somebody says so"
        yield Problem(Fault.SPEAKER, f"In quote {source.number} only {who}: say who says it.")


def _repeats_act(text: str, source: Source) -> bool:
    """Return whether a sentence has the speaker and the verb of saying of a quote, in whatever form."""
    ours = frozenset(stems(text))
    for each in source.said:
        cue = frozenset(stems(source.text[each.cue.start : each.cue.end])) if each.cue else frozenset()
        names = _name_stems(each.source)
        if cue and cue <= ours and (names & ours or not names):
            return True
    return False


def _only_said(words: Sequence[str], source: Source, least: float) -> str | None:
    """Return who says at least this share of the words in a quote; None if the quote itself tells them."""
    wanted = frozenset(words)
    outside = {each.stem for each in source.words if not _is_inside(each.start, source.said)}
    inside = {each.stem for each in source.words if _is_inside(each.start, source.said)}
    speakers = frozenset().union(*(_name_stems(said.source) for said in source.said))
    shared = wanted & (inside | (outside - speakers))
    only_said = shared & (inside - outside)
    if not shared or len(only_said) < least * len(shared):
        return None
    return max(source.said, key=lambda said: sum(_holds(said.content, each.start) for each in source.words)).source


def _is_inside(place: int, said: Iterable[Said]) -> bool:
    return any(_holds(each.content, place) for each in said if each.kind is not CueClass.CONFIRMS or each.negated)


def _holds(spans: Iterable[Span], place: int) -> bool:
    return any(span.start <= place < span.end for span in spans)


def _wrongly_said(said: Said, text: str, sources: Sequence[Source]) -> Iterable[Problem]:
    theirs = [(source, each) for source in sources for each in source.said]
    same = theirs
    if named := _name_stems(said.source):
        same = [(source, each) for source, each in theirs if _is_same(said.source, each.source, source)]
        is_in_quote = any(named <= source.stems for source in sources)
        if not same and not is_in_quote and not any(_publishes(said.source, source) for source in sources):
            yield Problem(Fault.SPEAKER, f"No cited quote has {said.source} say this.")
            return
    allowed = _SAME_ACT.get(said.kind)
    acts = any(_acts(each, allowed or frozenset(), source) for source, each in same or theirs)
    if allowed and not said.negated and not acts and not _has_cue(said, text, sources):
        act = text[said.cue.start : said.cue.end] if said.cue else said.kind.value
        yield Problem(Fault.SPEAKER, f"The quotes do not say “{act}” of {said.source or 'anybody'}.")
    words = [each.stem for each in content_words(text) if _holds(said.content, each.start)]
    own = _share_said(words, same)
    others = [each for each in theirs if each not in same]
    if named and own < _OWN and _share_said(words, others) > own:
        yield Problem(Fault.SPEAKER, f"In the quotes somebody else than {said.source} says this.")


def _has_cue(said: Said, text: str, sources: Sequence[Source]) -> bool:
    """Return whether a quote holds the verb of saying itself."""
    cue = frozenset(stems(text[said.cue.start : said.cue.end])) if said.cue else frozenset()
    return any(cue <= source.stems for source in sources)


def _acts(said: Said, allowed: frozenset[CueClass], source: Source) -> bool:
    if said.kind in allowed and not said.negated:
        return True
    content = " ".join(source.text[span.start : span.end] for span in said.content)
    # "Said that there was no such plan" denies it.
    return CueClass.DENIES in allowed and (is_negated(content) or said.negated)


def _share_said(words: Sequence[str], said: Iterable[tuple[Source, Said]]) -> float:
    held = frozenset(word.stem for source, each in said for word in source.words if _holds(each.content, word.start))
    return share_held(words, held)


def _is_same(source: str, other: str, quote: Source) -> bool:
    """Return whether two names are of one speaker: a country, a name or an office in common."""
    one, two = entity_ids(source, quote.year), entity_ids(other, quote.year)
    if one and two:
        return bool(one & two)
    return bool(_name_stems(source) & _name_stems(other))


def _publishes(source: str, quote: Source) -> bool:
    publisher = quote.evidence.citation.publisher
    return publisher is not None and bool(_name_stems(source) & _name_stems(publisher))


def _name_stems(text: str) -> frozenset[str]:
    return frozenset(each for each in stems(text) if each not in _NO_SPEAKER and len(each) > 1)
