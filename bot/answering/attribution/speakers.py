"""Resolves who "he", "who" or "the minister" is, within one text."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.attribution.decode import Frame, Run
from bot.answering.attribution.names import Name, find_names
from bot.answering.attribution.tokens import Tokens

# Search bounds that keep the time linear: names before a pronoun, and attributions around "I".
_MAX_NAMES_BACK = 60
_MAX_FRAMES_AWAY = 30
_ONE_PERSON = frozenset(("he", "she", "his", "her", "him", "himself", "herself"))
_NO_PERSON = frozenset(("it", "its", "they", "their", "them"))
_FIRST_PERSON = frozenset(("i", "we", "my", "our", "me", "us"))
_RELATIVE = frozenset(("who", "which", "that", "whose"))
# "The minister" and the like mean a person named before.
ROLES = frozenset(
    """ambassador candidate chairman chairwoman chancellor chief colonel commander congressman congresswoman director
    diplomat envoy general governor judge king lawmaker leader lawyer mayor minister official officer premier president
    prime minister prosecutor queen secretary senator spokesman spokesperson spokeswoman""".split()
)
# A name after these is still a bare name: "later Brandt".
_BEFORE_NAMES = frozenset("the later earlier also then meanwhile but and so today yesterday".split())
_DETERMINERS = frozenset(("the", "this", "that"))


def resolve_speakers(tokens: Tokens, frames: Sequence[Frame]) -> list[str | None]:
    """Return the speaker of each frame; the frames come in the order of the text."""
    names = find_names(tokens)
    firsts = [name.first for name in names]
    full_names = _full_names(names)
    speakers: list[str | None] = [None] * len(frames)
    earlier_speakers: list[Name] = []
    first_person: list[int] = []
    for index, frame in enumerate(frames):
        source = frame.source
        if source is None:
            continue
        name = _name_in_source(tokens, source, names, firsts)
        if name is not None:
            is_name = name.is_person or _is_bare_name(tokens, name, source)
            speakers[index] = _full_name(name, full_names) if is_name else _source_phrase(tokens, source)
            earlier_speakers.append(name)
        elif tokens.words[source[0]] in _FIRST_PERSON:
            first_person.append(index)
        else:
            end = bisect_left(firsts, source[0])
            before = names[max(0, end - _MAX_NAMES_BACK) : end]
            spoke_before = [each for each in earlier_speakers[-_MAX_NAMES_BACK:] if each.last <= source[0]]
            antecedent = _antecedent(tokens, source, before, spoke_before)
            speakers[index] = _full_name(antecedent, full_names) if antecedent else None
    for index in first_person:
        speakers[index] = _quoted_speaker(frames, index, speakers)
    return speakers


def _name_in_source(tokens: Tokens, source: Run, names: Sequence[Name], firsts: Sequence[int]) -> Name | None:
    """Return the name in a source, a person's before an organisation's.

    In "Brandt's spokesman" Brandt is not the speaker: a possessive name loses to any other, and is no person.
    """
    candidates = names[bisect_left(firsts, source[0]) : bisect_left(firsts, source[1])]
    inside = [each for each in candidates if each.last <= source[1]]
    end = _end_of_head(tokens, source)
    head = [each for each in inside if each.first < end] or [each for each in inside if each.is_person]
    found = [each for each in head if each.last >= end or tokens.words[each.last] != "'s" or each.last + 1 == end] or [
        replace(each, is_person=False) for each in head
    ]
    return next((each for each in found if each.is_person), found[0] if found else None)


def _end_of_head(tokens: Tokens, source: Run) -> int:
    """Return where the source's own noun phrase ends and its description begins."""
    first, last = source
    return next((index for index in range(first + 1, last) if tokens.words[index] in _RELATIVE | {",", "("}), last)


def _source_phrase(tokens: Tokens, source: Run) -> str:
    """Return the source as written, without its description: "a spokesman for the Harbour Office"."""
    last = _end_of_head(tokens, source)
    return tokens.string(source[0], last - (last - source[0] > 1 and tokens.words[last - 1] == "'s"))


def _is_bare_name(tokens: Tokens, name: Name, source: Run) -> bool:
    """Return whether a source is just the name, as in "the Kremlin's" and "later Brandt"."""
    return source[1] - name.last <= 1 and all(word in _BEFORE_NAMES for word in tokens.words[source[0] : name.first])


def _antecedent(tokens: Tokens, source: Run, before: Sequence[Name], spoke_before: Sequence[Name]) -> Name | None:
    """Return whom a pronoun or "the minister" means, among the names and the speakers before it."""
    first, last = source
    word = tokens.words[first]
    if word in _RELATIVE:
        return _relative_antecedent(tokens, first, before)
    if word in _ONE_PERSON:
        return _last_person(tokens, spoke_before, before)
    if word in _NO_PERSON:
        return next((each for each in reversed(spoke_before) if not each.is_person), None)
    role = tokens.words[last - 1]
    if word in _DETERMINERS and last - first <= 4:
        same_role = [each for each in before if role in each.description]
        if same_role:
            return same_role[-1]
        return _last_person(tokens, spoke_before, []) if role in ROLES else None
    return None


def _relative_antecedent(tokens: Tokens, relative: int, before: Sequence[Name]) -> Name | None:
    """Return whom "who" means: the last name before it in the sentence ("Brandt, the harbour's director, who").

    "Which" and "that" must follow the name directly: "the reports from Velden on the bridge, which" names no source.
    """
    if not before or tokens.sentences[before[-1].first] != tokens.sentences[relative]:
        return None
    return before[-1] if tokens.words[relative] == "who" or relative - before[-1].last <= 1 else None


def _last_person(tokens: Tokens, spoke_before: Sequence[Name], before: Sequence[Name]) -> Name | None:
    """Return the person who spoke last, or one named since then near the start of a sentence."""
    # After the first mention, most persons are named by one word.
    speaker = next((each for each in reversed(spoke_before) if each.is_person or " " not in each.text), None)
    subject = next((each for each in reversed(before) if each.is_person and _opens_sentence(tokens, each)), None)
    return subject if subject and (speaker is None or subject.first > speaker.first) else speaker


def _opens_sentence(tokens: Tokens, name: Name) -> bool:
    """Return whether fewer than four words of its sentence precede a name."""
    return name.first < 4 or tokens.sentences[name.first - 4] != tokens.sentences[name.first]


def _full_names(names: Sequence[Name]) -> dict[str, str]:
    """Return, for each family name, the longest form in which the text names a person."""
    longest: dict[str, str] = {}
    for name in names:
        if name.is_person and len(name.text) > len(longest.get(name.family, "")):
            longest[name.family] = name.text
    return longest


def _full_name(name: Name, full_names: Mapping[str, str]) -> str:
    """Return "Oskar Brandt" for "Brandt" and "Mr. Brandt", if the text says so somewhere."""
    if " " not in name.text or name.text.split()[0].endswith("."):
        return full_names.get(name.family, name.text)
    return name.text


def _quoted_speaker(frames: Sequence[Frame], index: int, speakers: Sequence[str | None]) -> str | None:
    """Return who says "I": the speaker of the shortest content around it."""
    source = frames[index].source
    assert source is not None
    around = [
        (last - first, other)
        for other in range(max(0, index - _MAX_FRAMES_AWAY), min(len(frames), index + _MAX_FRAMES_AWAY))
        for first, last in frames[other].contents
        if other != index and first <= source[0] < last
    ]
    return speakers[min(around)[1]] if around else None
