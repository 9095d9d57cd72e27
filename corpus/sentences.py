"""Splits text into sentences, each of bounded length, in linear time."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.abbreviations import MISSED_ENDS, ends_before_small_letter, is_abbreviated
from corpus.article import Span
from corpus.outline import is_apart
from corpus.word_count import HAN_WEIGHT, count_letters, prefix_of_letters

DEFAULT_LANGUAGE = "en"
# What reads a sentence may take more than linear time, so a longer one is cut. Of 103,000 sentences of news two are
# longer, both quotations of a whole paragraph.
MAX_LETTERS = 1_000
# Characters that the library sees at once: it holds the interpreter, and takes quadratic time on some texts; for this
# length at most some milliseconds. A sentence that begins in the first two thirds is seen as a whole.
WINDOW = 3 * MAX_LETTERS
# Characters on each side of a full stop that show whether it belongs to an abbreviation.
_CONTEXT = 40

_CLOSERS = "」』】》〉〕〗〙）］｝”’»›)\\]"
# Where a sentence that is too long is cut, best first. The last may be anywhere, the others in its second half.
_CUTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\n\s*",
        # Not behind a letter alone: "at 21 U.S.C. 844".
        rf"(?:[!?…۔؟।॥።။]|(?<!\b[^\W\d_])\.)[{_CLOSERS}\"']*\s+|[。！？｡．។៕][{_CLOSERS}]*\s*",
        r"[;:؛–—]\s+|[；：]\s*",
        r"[,،]\s+|[，、]\s*",
        r"\s+",
    )
)
# The library cuts before some closing marks. A sentence begins with neither these nor commas.
_REST = re.compile(rf"[{_CLOSERS}。！？｡]+\s*")
# Directly behind the end of a quotation or of an abbreviation, these go on with the sentence: commas, Japanese
# particles (「…。」と述べた), Korean ones ("…."라고 말했다), the second half of a word ("Gen.-Maj."), the second letter
# of an abbreviation without capitals ("ق.م.").
_ATTACHED = tuple(
    re.compile(pattern)
    for pattern in (
        "[，、；：，,;]",
        "(?<=[」』])[っとのをはがにもでやな]",
        "(?<=[\"'”’])[가-힣]",
        r"(?<=\.)-[^\W\d_]",
        r"(?<=[\u05d0-\u05ea\u0620-\u06d3]\.)[\u05d0-\u05ea\u0620-\u06d3]",
    )
)
# Closing quotation marks that open one in other languages, so they close only at the end of a word.
_CLOSING = re.compile(r"[‘“]+(?=\s|$)\s*")
# Closing marks that open a quotation where a space stands before them and none behind: Swedish and Finnish ”…”, Danish
# »…«, Urdu ’’…‘‘.
_OPENERS = "’”‘“»«›‹‚„\"'"
_OPENER = re.compile(rf"\s([{_OPENERS}]{{1,3}})$")
_MAX_OPENER = 4
# The library takes words of other languages for English abbreviations; before a quotation they are none.
_BEFORE_OPENER = re.compile(r"[.!?]\s+(?=[”»’](?P<letter>[^\W\d_]))")
_AFTER_SPACE = (" ”", " »", " ’")
_ASKED = re.compile(rf"[?!…][{_CLOSERS}\"']+$")
_SPEAKER = re.compile(
    r"[^\s，。！？：；“「『]{1,10}(?:说|說|道|问|問|答|称|稱|表示|指出|强调|強調|补充|補充)(?:道)?[，。]"
)
# An address begins with a small letter, and no sentence goes on with it: "… was wrong. https://herald.example/a". So
# does a name such as iPhone, behind an abbreviation as any other name.
_BEGINS_SMALL = re.compile(
    r"https?://\S|(?:[a-z\d-]{2,63}\.)+[a-z]{2,12}(?=[/.,;)\s]|$)|[a-z]{1,63}\.[a-z]{2}/\w|[a-z][A-Z][a-z]"
)
_INTRODUCED = re.compile(r"[：:，,]\s?$")
# Ends of sentences that the library does not see: Khmer full stops, and abbreviations before a word that begins one.
_KHMER_END = re.compile(rf"[។៕]+[{_CLOSERS}]*\s*")


def split_sentences(text: str, start: int, end: int, language: str | None = None) -> list[Span]:
    """Split `text[start:end]` into sentences, trimmed of white space.

    A sentence has at most MAX_LETTERS letters as `count_letters` counts them; a longer one is cut at a line break, else
    at punctuation, else at a space. Takes linear time.

    Args:
        text: the whole text that the returned offsets refer to.
        start: first character of the slice.
        end: one past its last character.
        language: ISO 639-1 code; None means English, whose rules suit other Latin scripts best.
    """
    code = (language or DEFAULT_LANGUAGE)[:2].lower()
    spans: list[Span] = []
    while start < end:
        stop = min(end, start + WINDOW)
        found = _join(text, _boundaries(text, start, stop, code), code)
        # What begins later may go on beyond the window, so that the next window begins with it.
        later = [span.start for span in found if span.start >= stop - MAX_LETTERS] if stop < end else []
        start = later[0] if later else stop
        for span in found[: len(found) - len(later)]:
            if (span.end - span.start) * HAN_WEIGHT <= MAX_LETTERS:
                spans.append(span)
            else:
                spans.extend(_cut(text, span))
        if stop < end and not later and found and spans[-1].start != found[-1].start:
            start = spans.pop().start
    return spans


def _boundaries(text: str, start: int, stop: int, code: str) -> list[tuple[int, int]]:
    """Return the sentences that the library finds, trimmed of white space."""
    # It counts two characters for a paragraph break, also for one with a carriage return.
    part = text[start:stop].replace("\r", "\n")
    is_ascii, has_lines = part.isascii(), "\n" in part
    is_khmer = not is_ascii and ("។" in part or "៕" in part)
    has_openers = not is_ascii and any(each in part for each in _AFTER_SPACE)
    missed = _KHMER_END if is_khmer else MISSED_ENDS.get(code)
    spans: list[tuple[int, int]] = []
    for found in get_sentence_boundaries(code, part):
        at, whole = found["start_index"], found["text"]
        # Few sentences have a full stop inside, and the search takes long.
        has_stop = missed is not None and (is_khmer or ". " in whole.rstrip())
        if not (has_stop or has_openers or has_lines):
            spans.extend(_trimmed(start + at, whole))
            continue
        pieces = list(_cut_after(missed, at, whole)) if missed and has_stop else [(at, whole)]
        if has_openers:
            pieces = [piece for at, sentence in pieces for piece in _cut_before_openers(at, sentence, code)]
        if has_lines:
            pieces = [piece for at, sentence in pieces for piece in _cut_at_lines(at, sentence)]
        spans.extend(span for at, sentence in pieces for span in _trimmed(start + at, sentence))
    return spans


def _trimmed(at: int, sentence: str) -> list[tuple[int, int]]:
    """Return where a sentence begins and ends without white space; nothing if it has nothing else."""
    kept = sentence.strip()
    if not kept:
        return []
    first = at if kept[0] == sentence[0] else at + len(sentence) - len(sentence.lstrip())
    return [(first, first + len(kept))]


def _cut_after(end: re.Pattern[str], at: int, sentence: str) -> Iterator[tuple[int, str]]:
    last = 0
    for match in end.finditer(sentence):
        yield at + last, sentence[last : match.end()]
        last = match.end()
    if last < len(sentence):
        yield at + last, sentence[last:]


def _cut_before_openers(at: int, sentence: str, code: str) -> Iterator[tuple[int, str]]:
    """Cut where a mark that closes in English opens the next sentence: "… gick. ”Vi seglar”, sade hon."."""
    last = 0
    for match in _BEFORE_OPENER.finditer(sentence):
        stop, start = match.start() + 1, match.start("letter")
        before, after = sentence[max(0, stop - _CONTEXT) : stop], sentence[start : start + _CONTEXT]
        if match["letter"].isupper() and not is_abbreviated(before, after, code):
            yield at + last, sentence[last : match.end()]
            last = match.end()
    yield at + last, sentence[last:]


def _cut_at_lines(at: int, sentence: str) -> Iterator[tuple[int, str]]:
    """Cut before a line that doesn't go on with the one above it."""
    last = start = 0
    while (end := sentence.find("\n", start)) >= 0:
        above, below = sentence[start:end].strip(), sentence[end + 1 :].partition("\n")[0].strip()
        start = end + 1
        if above and below and is_apart(above, below):
            yield at + last, sentence[last:start]
            last = start
    yield at + last, sentence[last:]


def _join(text: str, found: list[tuple[int, int]], code: str) -> list[Span]:
    """Join what the library cut inside a sentence."""
    joined: list[Span] = []
    for at, end in _with_openers(text, found):
        start = at
        if joined:
            before = joined[-1]
            rest = (_REST.match(text, start, end) or _CLOSING.match(text, start, end)) if start == before.end else None
            if rest:
                before = joined[-1] = Span(before.start, start + len(rest[0].rstrip()))
                start = rest.end()
                if start == end:
                    continue
            if (rest and text[start].islower()) or _goes_on(text, before, start, code):
                joined[-1] = Span(before.start, end)
                continue
        joined.append(Span(start, end))
    return joined


def _with_openers(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Move marks that open a quotation from the end of the sentence before it to its beginning."""
    if not any(one[1] == other[0] for one, other in pairwise(found)):
        return found
    moved = list(found)
    for i in range(len(moved) - 1):
        (start, end), (next_start, next_end) = moved[i], moved[i + 1]
        if (
            end == next_start
            and text[end - 1] in _OPENERS
            and (opener := _OPENER.search(text[start:end][-_MAX_OPENER:]))
        ):
            at = end - len(opener[1])
            moved[i : i + 2] = [(start, start + len(text[start:at].rstrip())), (at, next_end)]
    return [(start, end) for start, end in moved if start < end]


def _goes_on(text: str, before: Span, start: int, code: str) -> bool:
    """Return whether the sentence before goes on at `start`."""
    if before.end == start and any(attached.match(text, start) for attached in _ATTACHED):
        return True
    if code == "zh" and _names_speaker(text, before, start):
        return True
    between = text[before.end : start]
    is_small = text[start].islower() and "\n" not in between
    if is_small and _ASKED.search(text[max(before.start, before.end - _MAX_OPENER) : before.end]):
        return True
    if text[before.end - 1] != "." or "\n\n" in between:
        return False
    tail = text[max(before.start, before.end - _CONTEXT) : before.end]
    if is_small and not _BEGINS_SMALL.match(text, start):
        return not ends_before_small_letter(tail, code)
    return is_abbreviated(tail, text[start : start + _CONTEXT], code)


def _names_speaker(text: str, quotation: Span, start: int) -> bool:
    """Return whether the speaker of a quotation follows it: “…。”她说。 Else its speaker may stand before it."""
    if text[quotation.end - 1] not in "”」』" or not _SPEAKER.match(text, start):
        return False
    opened = max(text.rfind(mark, quotation.start, quotation.end) for mark in "“「『")
    return opened >= 0 and not _INTRODUCED.search(text, max(0, opened - 3), opened)


def _cut(text: str, span: Span) -> Iterator[Span]:
    """Cut a sentence into pieces of at most MAX_LETTERS letters."""
    at, end = span.start, span.end
    while count_letters(text[at:end]) > MAX_LETTERS:
        place = _best_cut(text, at, at + prefix_of_letters(text[at:end], MAX_LETTERS))
        yield Span(at, at + len(text[at:place].rstrip()))
        at = end - len(text[place:end].lstrip())
    yield Span(at, end)


def _best_cut(text: str, start: int, limit: int) -> int:
    """Return where to cut a sentence that begins at `start` before `limit`."""
    half = (start + limit) // 2
    for pattern in _CUTS:
        places = [match.end() for match in pattern.finditer(text, start + 1 if pattern is _CUTS[-1] else half, limit)]
        if places:
            return places[-1]
    # Nothing to cut at: at least not between a letter and its marks.
    place = limit
    while place > half and (unicodedata.category(text[place])[0] == "M" or "\u200d" in text[place - 1 : place + 1]):
        place -= 1
    return place if place > half else limit
