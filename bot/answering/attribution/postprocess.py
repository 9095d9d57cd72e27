"""Repairs the tagger's frames by rule: cut-off sources, empty subjects, certain cues without content."""

from collections.abc import Sequence

from bot.answering.attribution.decode import Frame, Run
from bot.answering.attribution.names import OPENERS
from bot.answering.attribution.tokens import MARK, NUMBER, Tokens

_DETERMINERS = frozenset("a an the this that these those its his her their our my your some".split())
_BE = frozenset("is was are were been be".split())
_HEARSAY = frozenset("reportedly allegedly purportedly unconfirmed unverified".split())
_DATE_WORDS = frozenset(
    """on in at late early , monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december""".split()
)
_MAX_DATE_TOKENS = 8
_OUTER_MARKS = frozenset((".", "!", "?", ";", ","))


def repair_frames(tokens: Tokens, frames: Sequence[Frame], certain: set[Run]) -> list[Frame]:
    """Complete the sources of frames, and drop frames without content.

    Args:
        tokens: the text.
        frames: as decoded.
        certain: cues to keep even without content: the rest of their sentence becomes their content. That of hearsay
            ("allegedly") always does, and it has no source.
    """
    longest: dict[int, int] = {}
    for frame in frames:
        if frame.source:
            longest[frame.source[0]] = max(frame.source[1], longest.get(frame.source[0], 0))
    named = [run for frame in frames if not _is_hearsay(tokens, frame) for run in (frame.cue, frame.source) if run]
    used = {token for run in named for token in range(*run)}
    repaired = []
    for frame in frames:
        if frame.cue in certain and (not frame.contents or _is_hearsay(tokens, frame)):
            source = None if _is_hearsay(tokens, frame) else frame.source
            contents = _rest_of_sentence(tokens, frame.cue, used) or _rest_of_sentence(
                tokens, frame.cue, {*range(*(source or (0, 0)))}
            )
        else:
            source, contents = _repair_source(tokens, frame, longest), _without_date(tokens, frame.contents)
        if contents:
            repaired.append(Frame(source, frame.cue, contents))
    return repaired


def _is_hearsay(tokens: Tokens, frame: Frame) -> bool:
    """Return whether a cue names no source: in "Belmark allegedly sent troops" Belmark is not one."""
    words = tokens.words[slice(*frame.cue)]
    return words[0] in _HEARSAY or (len(words) > 1 and not _BE.isdisjoint(words))


def _repair_source(tokens: Tokens, frame: Frame, longest: dict[int, int]) -> Run | None:
    if frame.source is None:
        return None
    first, last = frame.source
    words = tokens.words
    if last - first == 1 and words[first] == "it" and words[frame.cue[0]] in _BE:
        # "It was reported" names nobody.
        return None
    used = {token for run in (frame.cue, *frame.contents) for token in range(*run)}
    if words[last - 1] in _DETERMINERS:
        # Cut off after "the"; another cue with the same source may have it whole.
        limit = max(longest[first], last + 1)
        while last < min(limit, len(tokens)) and last not in used and tokens.kinds[last] != MARK:
            last += 1
    while last < len(tokens) and last not in used and tokens.continues_name(last):
        last += 1
    while first > 0 and tokens.continues_name(first) and first - 1 not in used and words[first - 1] not in OPENERS:
        first -= 1
    if words[last - 1] == "," and "," not in words[first : last - 1]:
        last -= 1
    return (first, last) if first < last else None


def _without_date(tokens: Tokens, contents: tuple[Run, ...]) -> tuple[Run, ...]:
    """Strip the date of the statement before "that": "on 9 May 2024 that the bridge is safe"."""
    if not contents:
        return contents
    first, last = contents[0]
    that = next((i for i in range(first, min(last, first + _MAX_DATE_TOKENS)) if tokens.words[i] == "that"), first)
    is_date = all(tokens.kinds[i] == NUMBER or tokens.words[i] in _DATE_WORDS for i in range(first, that))
    return ((that, last), *contents[1:]) if is_date else contents


def _rest_of_sentence(tokens: Tokens, cue: Run, used: set[int]) -> tuple[Run, ...]:
    """Return the unused parts of a cue's sentence, without punctuation at their ends."""
    sentence = tokens.sentences[cue[0]]
    begin, end = cue
    while begin > 0 and tokens.sentences[begin - 1] == sentence:
        begin -= 1
    while end < len(tokens) and tokens.sentences[end] == sentence:
        end += 1
    runs: list[Run] = []
    for index in range(begin, end):
        if index in used or cue[0] <= index < cue[1]:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    trimmed = (_trim(tokens, run) for run in runs)
    return tuple(run for run in trimmed if run[0] < run[1])


def _trim(tokens: Tokens, run: Run) -> Run:
    first, last = run
    while first < last and tokens.words[last - 1] in _OUTER_MARKS:
        last -= 1
    while first < last and tokens.words[first] in _OUTER_MARKS:
        first += 1
    return first, last
