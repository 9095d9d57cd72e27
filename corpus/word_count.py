"""Counts words and letters in any script, also in those that put no spaces between words."""

import re

# Chinese and Japanese: Han, kana and bopomofo. Korean has spaces.
_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
                  "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")  # fmt: skip
# Thai, Lao, Tibetan, Burmese and Khmer.
_SOUTHEAST = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f]")
_UNSPACED = re.compile(f"{_HAN.pattern[:-1]}{_SOUTHEAST.pattern[1:]}")
# A word of translated news takes about 1.5 Chinese characters or 4 Thai ones, and 6 letters of English with its space.
_WORDS_PER_HAN = 2 / 3
_WORDS_PER_SOUTHEAST = 1 / 4
_LETTERS_PER_WORD = 6
HAN_WEIGHT = _LETTERS_PER_WORD * _WORDS_PER_HAN
_SOUTHEAST_WEIGHT = _LETTERS_PER_WORD * _WORDS_PER_SOUTHEAST


def count_words(text: str) -> int:
    """Return the number of words; in scripts without spaces, what a translation would have."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    han, southeast = len(_HAN.findall(text)), len(_SOUTHEAST.findall(text))
    # Punctuation between two characters is no word.
    spaced = sum(any(map(str.isalnum, word)) for word in _UNSPACED.sub(" ", text).split())
    return spaced + round(han * _WORDS_PER_HAN + southeast * _WORDS_PER_SOUTHEAST)


def count_letters(text: str) -> int:
    """Return the number of characters; those of scripts without spaces count as the letters they stand for."""
    if text.isascii() or not _UNSPACED.search(text):
        return len(text)
    han, southeast = len(_HAN.findall(text)), len(_SOUTHEAST.findall(text))
    return round(len(text) + han * (HAN_WEIGHT - 1) + southeast * (_SOUTHEAST_WEIGHT - 1))


def prefix_of_letters(text: str, letters: int) -> int:
    """Return the length of the longest beginning of a text with at most that many letters, as `count_letters` counts.

    Looks at no more than `letters` characters.
    """
    head = text[:letters]
    if head.isascii() or not _UNSPACED.search(head):
        return len(head)
    total = 0.0
    for place, character in enumerate(head):
        if _HAN.match(character):
            total += HAN_WEIGHT
        else:
            total += _SOUTHEAST_WEIGHT if _SOUTHEAST.match(character) else 1
        if total > letters:
            return place
    return len(head)
