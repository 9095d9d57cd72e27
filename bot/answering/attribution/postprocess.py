"""Rules that mend what the tagger leaves ragged: cut-off sources, empty subjects, certain cues without content."""

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
_LONGEST_DATE = 8
_MARKS_AFTER = frozenset((".", "!", "?", ";", ","))


def mend(tokens: Tokens, frames: Sequence[Frame], certain: set[Run]) -> list[Frame]:
    """The frames with whole sources, without those that have no content.

    Args:
        tokens: the text.
        frames: as the tagger has them.
        certain: cues that count even where the tagger sees no content: it is then the rest of their sentence. For those
            that stand for somebody unnamed it always is, and there is no source.
    """
    longest: dict[int, int] = {}
    for frame in frames:
        if frame.source:
            longest[frame.source[0]] = max(frame.source[1], longest.get(frame.source[0], 0))
    named = [run for frame in frames if not _is_hearsay(tokens, frame) for run in (frame.cue, frame.source) if run]
    taken = {at for run in named for at in range(*run)}
    mended = []
    for frame in frames:
        if frame.cue in certain and (not frame.contents or _is_hearsay(tokens, frame)):
            source = None if _is_hearsay(tokens, frame) else frame.source
            contents = _rest_of_sentence(tokens, frame.cue, taken) or _rest_of_sentence(
                tokens, frame.cue, {*range(*(source or (0, 0)))}
            )
        else:
            source, contents = _mend_source(tokens, frame, longest), _without_date(tokens, frame.contents)
        if contents:
            mended.append(Frame(source, frame.cue, contents))
    return mended


def _is_hearsay(tokens: Tokens, frame: Frame) -> bool:
    """Whether a cue stands for somebody unnamed: in "Belmark allegedly sent troops" Belmark is no source."""
    words = tokens.words[slice(*frame.cue)]
    return words[0] in _HEARSAY or (len(words) > 1 and not _BE.isdisjoint(words))


def _mend_source(tokens: Tokens, frame: Frame, longest: dict[int, int]) -> Run | None:
    if frame.source is None:
        return None
    first, last = frame.source
    words = tokens.words
    if last - first == 1 and words[first] == "it" and words[frame.cue[0]] in _BE:
        # "It was reported": nobody is named.
        return None
    taken = {at for run in (frame.cue, *frame.contents) for at in range(*run)}
    if words[last - 1] in _DETERMINERS:
        # Another cue of the same speaker may have him whole.
        wanted = max(longest[first], last + 1)
        while last < min(wanted, len(tokens)) and last not in taken and tokens.kinds[last] != MARK:
            last += 1
    while last < len(tokens) and last not in taken and tokens.goes_on_as_name(last):
        last += 1
    while first > 0 and tokens.goes_on_as_name(first) and first - 1 not in taken and words[first - 1] not in OPENERS:
        first -= 1
    if words[last - 1] == "," and "," not in words[first : last - 1]:
        last -= 1
    return (first, last) if first < last else None


def _without_date(tokens: Tokens, contents: tuple[Run, ...]) -> tuple[Run, ...]:
    """The contents without a date of the telling before "that": "on 9 May 2024 that the bridge is safe"."""
    if not contents:
        return contents
    first, last = contents[0]
    that = next((at for at in range(first, min(last, first + _LONGEST_DATE)) if tokens.words[at] == "that"), first)
    is_date = all(tokens.kinds[at] == NUMBER or tokens.words[at] in _DATE_WORDS for at in range(first, that))
    return ((that, last), *contents[1:]) if is_date else contents


def _rest_of_sentence(tokens: Tokens, cue: Run, taken: set[int]) -> tuple[Run, ...]:
    """What stands before and behind a cue in its sentence and is not taken, without the marks at the ends."""
    sentence = tokens.sentences[cue[0]]
    begin, end = cue
    while begin > 0 and tokens.sentences[begin - 1] == sentence:
        begin -= 1
    while end < len(tokens) and tokens.sentences[end] == sentence:
        end += 1
    runs: list[Run] = []
    for at in range(begin, end):
        if at in taken or cue[0] <= at < cue[1]:
            continue
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    trimmed = (_trim(tokens, run) for run in runs)
    return tuple(run for run in trimmed if run[0] < run[1])


def _trim(tokens: Tokens, run: Run) -> Run:
    first, last = run
    while first < last and tokens.words[last - 1] in _MARKS_AFTER:
        last -= 1
    while first < last and tokens.words[first] in _MARKS_AFTER:
        first += 1
    return first, last
