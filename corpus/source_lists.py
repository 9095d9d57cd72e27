"""Recognizes notes and lists of sources that have marks, such as "[1] Herald, 3 May 2024", but no heading."""

import re
from collections.abc import Iterator, Sequence

from corpus.line_ends import is_finished

_URL = re.compile(r"https?://|www\.")
# Longer lines are paragraphs.
_MAX_LENGTH = 500
# The mark of a note at the beginning of its line, and one in the text, where no space precedes it: "denied it.[1]".
_NOTE = re.compile(r"(?:\[\^?([\w*†‡]{1,4})\]:?|([¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})|[\^↑])\s*(?=[^\s.,;:])")
_CITED = re.compile(r"(?<=[^\s\[\](])(?:\[\^?([\w*†‡]{1,4})\]|([¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}))")
_NOTES_BEGIN = frozenset("[^↑¹²³⁴⁵⁶⁷⁸⁹⁰")
_SOURCES_BEGIN = frozenset("SsRrCc")
_SOURCES = re.compile(r"(?:sources?|references?|citations?)\s*:\s*\S", re.IGNORECASE)
# "Harbour Herald, 3 May 2024", "Olm (2024)", "The ferry, p. 12".
# But no sentence that ends "on May 3, 2024".
_CITATION = re.compile(r"(?<!\d)[,(”\"»] ?(?:[\w.]{1,12},? ){0,3}(?:(?:19|20)\d\d|pp?\. ?\d+(?:[-–]\d+)?)\)?[.;]?$")


def source_lines(texts: Sequence[str], aparts: Sequence[bool]) -> Iterator[int]:
    """Yield the indexes of the lines that are notes which the text before cites, or sources.

    Args:
        texts: the lines of an article that are not blank.
        aparts: of each, whether a blank line precedes it.
    """
    for i, text in enumerate(texts):
        if text[0] in _SOURCES_BEGIN and _SOURCES.match(text) and _is_citation(text):
            yield i
    # Nearly all articles have no marks.
    if not any(text[0] in _NOTES_BEGIN for text in texts):
        return
    cited: set[str] = set()
    for notes, end in _runs_of_notes(texts, aparts, cited):
        if not cited.isdisjoint(notes.values()) or _are_sources([texts[i] for i in notes]):
            yield from range(min(notes), end)


def _runs_of_notes(
    texts: Sequence[str], aparts: Sequence[bool], cited: set[str]
) -> Iterator[tuple[dict[int, str], int]]:
    """Yield each run of notes, their marks by line and the first line after it; collect what the text before cites."""
    notes: dict[int, str] = {}
    for i, text in enumerate(texts):
        if (mark := _NOTE.match(text)) is not None and len(text) <= _MAX_LENGTH:
            notes[i] = mark[1] or mark[2] or ""
        elif not notes or aparts[i] or is_finished(texts[i - 1]):
            # Not the rest of a note that is wrapped over several lines.
            if notes:
                yield notes, i
                notes = {}
            cited.update(each[1] or each[2] for each in _CITED.finditer(text))
    if notes:
        yield notes, len(texts)


def _are_sources(notes: Sequence[str]) -> bool:
    """Return whether most of some notes say where something was published, or are no sentences."""
    listed = sum(_is_citation(text) or (len(notes) > 1 and not is_finished(text)) for text in notes)
    return listed > len(notes) / 2


def _is_citation(text: str) -> bool:
    """Recognize where something was published, by an address, a year or a page at the end."""
    return len(text) <= _MAX_LENGTH and bool(_URL.search(text) or _CITATION.search(text[-60:]))
