"""Resolves who "he", "who" or "the minister" is, within one text."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.attribution.decode import Frame, Run
from bot.answering.attribution.names import Name, find_names
from bot.answering.attribution.tokens import Tokens

# How many names back an antecedent is looked for, and how many attributions around for who says "I".
_NAMES_BACK = 60
_FRAMES_AROUND = 30
_ONE_PERSON = frozenset(("he", "she", "his", "her", "him", "himself", "herself"))
_NO_PERSON = frozenset(("it", "its", "they", "their", "them"))
_SPEAKER_HIMSELF = frozenset(("i", "we", "my", "our", "me", "us"))
_RELATIVE = frozenset(("who", "which", "that", "whose"))
# "The minister" and the like, for a person named before.
_ROLES = frozenset(
    """ambassador candidate chairman chairwoman chancellor chief colonel commander congressman congresswoman director
    diplomat envoy general governor judge king lawmaker leader lawyer mayor minister official officer premier president
    prime minister prosecutor queen secretary senator spokesman spokesperson spokeswoman""".split()
)
# Says nothing about whose name follows.
_BEFORE_NAMES = frozenset("the later earlier also then meanwhile but and so today yesterday".split())
_DETERMINERS = frozenset(("the", "this", "that"))


def resolve_speakers(tokens: Tokens, frames: Sequence[Frame]) -> list[str | None]:
    """The speaker of each attribution.

    Args:
        tokens: the text.
        frames: the attributions, in the order of the text.
    """
    names = find_names(tokens)
    firsts = [name.first for name in names]
    longest = _longest_forms(names)
    speakers: list[str | None] = [None] * len(frames)
    spoken: list[Name] = []
    pending: list[int] = []
    for place, frame in enumerate(frames):
        source = frame.source
        if source is None:
            continue
        own = _named(tokens, source, names, firsts)
        if own is not None:
            is_name = own.is_person or _is_alone(tokens, own, source)
            speakers[place] = _full(own, longest) if is_name else _phrase(tokens, source)
            spoken.append(own)
        elif tokens.words[source[0]] in _SPEAKER_HIMSELF:
            pending.append(place)
        else:
            earlier = names[max(0, bisect_left(firsts, source[0]) - _NAMES_BACK) : bisect_left(firsts, source[0])]
            said = [each for each in spoken[-_NAMES_BACK:] if each.last <= source[0]]
            found = _antecedent(tokens, source, earlier, said)
            speakers[place] = _full(found, longest) if found else None
    for place in pending:
        speakers[place] = _quoted_speaker(frames, place, speakers)
    return speakers


def _named(tokens: Tokens, source: Run, names: Sequence[Name], firsts: Sequence[int]) -> Name | None:
    """The name that a source states, a person's rather than a body's; whose "'s" it has is no person that speaks."""
    candidates = names[bisect_left(firsts, source[0]) : bisect_left(firsts, source[1])]
    inside = [each for each in candidates if each.last <= source[1]]
    stop = _end_of_phrase(tokens, source)
    head = [each for each in inside if each.first < stop] or [each for each in inside if each.is_person]
    inside = [
        each for each in head if each.last >= stop or tokens.words[each.last] != "'s" or each.last + 1 == stop
    ] or [replace(each, is_person=False) for each in head]
    return next((each for each in inside if each.is_person), inside[0] if inside else None)


def _end_of_phrase(tokens: Tokens, source: Run) -> int:
    """Where the source's own name or noun ends, and what only describes it begins."""
    first, last = source
    return next((at for at in range(first + 1, last) if tokens.words[at] in _RELATIVE | {",", "("}), last)


def _phrase(tokens: Tokens, source: Run) -> str:
    """A source that is no person by name, as it stands: "a spokesman for the Harbour Office"."""
    last = _end_of_phrase(tokens, source)
    return tokens.string(source[0], last - (last - source[0] > 1 and tokens.words[last - 1] == "'s"))


def _is_alone(tokens: Tokens, name: Name, source: Run) -> bool:
    """Whether a source is nothing but the name, as "the Kremlin's" and "later Brandt" are."""
    return source[1] - name.last <= 1 and all(word in _BEFORE_NAMES for word in tokens.words[source[0] : name.first])


def _antecedent(tokens: Tokens, source: Run, before: Sequence[Name], said: Sequence[Name]) -> Name | None:
    """Whom a pronoun or "the minister" means: of the names before it, and of those who spoke before it."""
    first, last = source
    word = tokens.words[first]
    if word in _RELATIVE:
        return _head_of_clause(tokens, first, before)
    if word in _ONE_PERSON:
        return _last_person(tokens, said, before)
    if word in _NO_PERSON:
        return next((each for each in reversed(said) if not each.is_person), None)
    role = tokens.words[last - 1]
    if word in _DETERMINERS and last - first <= 4:
        same = [each for each in before if role in each.described]
        if same:
            return same[-1]
        return _last_person(tokens, said, []) if role in _ROLES else None
    return None


def _head_of_clause(tokens: Tokens, relative: int, before: Sequence[Name]) -> Name | None:
    """Whom "who" means: in "Brandt, the harbour's director, who" the last name before it in the sentence.

    "Which" and "that" must follow the name at once: in "the reports from Velden on the bridge, which" it is no source.
    """
    if not before or tokens.sentences[before[-1].first] != tokens.sentences[relative]:
        return None
    return before[-1] if tokens.words[relative] == "who" or relative - before[-1].last <= 1 else None


def _last_person(tokens: Tokens, said: Sequence[Name], before: Sequence[Name]) -> Name | None:
    """The person who spoke last, or one named since then at the head of a sentence."""
    speaker = next((each for each in reversed(said) if each.is_person or _is_short(each)), None)
    heads = [each for each in before if each.is_person and _heads_sentence(tokens, each)]
    if heads and (speaker is None or heads[-1].first > speaker.first):
        return heads[-1]
    return speaker


def _is_short(name: Name) -> bool:
    """Whether a name is one word: a person is mostly named so after the first time."""
    return " " not in name.text


def _heads_sentence(tokens: Tokens, name: Name) -> bool:
    """Whether few words of its sentence stand before a name."""
    at = name.first
    return at < 4 or tokens.sentences[at - 4] != tokens.sentences[at]


def _longest_forms(names: Sequence[Name]) -> dict[str, str]:
    """For each family name the longest form in which the text gives it for a person."""
    longest: dict[str, str] = {}
    for name in names:
        if name.is_person and len(name.text) > len(longest.get(name.family, "")):
            longest[name.family] = name.text
    return longest


def _full(name: Name, longest: Mapping[str, str]) -> str:
    """The longest form in which the text gives a person's name: "Oskar Brandt" for "Brandt"."""
    if _is_short(name) or name.text.split()[0].endswith("."):
        return longest.get(name.family, name.text)
    return name.text


def _quoted_speaker(frames: Sequence[Frame], place: int, speakers: Sequence[str | None]) -> str | None:
    """Who says "I": the speaker of the smallest content that it stands in."""
    source = frames[place].source
    assert source is not None
    around = [
        (last - first, other)
        for other in range(max(0, place - _FRAMES_AROUND), min(len(frames), place + _FRAMES_AROUND))
        for first, last in frames[other].contents
        if other != place and first <= source[0] < last
    ]
    return speakers[min(around)[1]] if around else None
