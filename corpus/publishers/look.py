"""What a publisher's name looks like: names with one look can be mistaken for each other."""

import re
import unicodedata
from functools import lru_cache

# Names are compared by their start: longer ones are cut where they are shown.
_MAX_NAME = 200
# A host has at most 127 labels (RFC 1035); a name that hides a domain among more than these is no name.
_MAX_LABELS = 12
# Letters of other alphabets and digits that look like Latin letters in common fonts (Unicode TR 39, confusables),
# all in lower case. `i`, `l` and `1` are one look.
_LETTERS = str.maketrans(
    "абвгеикмнопрстухһіїјѕԁԛԝӏαβεικνορτυχηωıɡɑʀᴛꜱᴇᴜɪ013457|!$@",
    "a6brenkmhonpctyxhlljsdqwlabelkvoptuxnwlgartseuloleastllsa",
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("i", "l"))
# Words around a name that make it no other name.
_GENERIC = frozenset(
    """the a official officially news agency newsroom breaking live online world international global english service
    wire newswire media network desk staff com org net tv from by via at of""".split()
)
_WORD = re.compile(r"\w+")
_HOST = re.compile(r"[\w-]++(?:\.[\w-]++)+")


def look(name: str) -> str:
    """Return what a name looks like: its letters and digits without case, accents, invisible or foreign characters."""
    return _look(name[:_MAX_NAME])


# Articles have the names of few publishers.
@lru_cache(maxsize=2_000)
def _look(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(char for char in text.translate(_LETTERS) if char.isalnum())
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text


def without_generic_words(name: str) -> str:
    """Return a name without words such as `News` or `official` at its ends."""
    words = _WORD.findall(name[:_MAX_NAME])
    while words and words[0].casefold() in _GENERIC:
        words.pop(0)
    while words and words[-1].casefold() in _GENERIC:
        words.pop()
    return " ".join(words)


def hosts_within(name: str) -> list[list[str]]:
    """Return the labels of each host in a name, with international ones decoded (`xn--…`)."""
    return [[_decoded(label) for label in host.split(".")[:_MAX_LABELS]] for host in _HOST.findall(name[:_MAX_NAME])]


def _decoded(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
