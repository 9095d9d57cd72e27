"""Writes raised and lowered text in one line: exponents, squares, fractions, formulas; recognizes footnote marks."""

import re

# Characters before a mark that are enough to know the word or number that it follows.
CONTEXT = 24

_DIGITS = r"[\d\u00b2\u00b3\u00b9\u2070-\u2079]{1,4}"
_LIST = rf"{_DIGITS}(?:\s?[,;–-]\s?{_DIGITS}){{0,9}}"
_NUMBERS = re.compile(_LIST)
_IN_BRACKETS = re.compile(r"\[[^\[\]]{1,40}\]")
_IN_PARENTHESES = re.compile(rf"\((?:{_LIST}|[a-z*†‡]{{1,3}})\)")
_SYMBOLS = re.compile(r"[*†‡§¶‖#↩↑^⁎∗\ufe0e\ufe0f]{1,6}")
_MARK_LETTERS = re.compile(r"[A-Za-z]{1,2}|[ivx]{1,5}")
_NAMED_NOTE = re.compile(r"(?i:note|fn|anm|nota)\.?\s?\d{1,3}")
_MARKS = (_NUMBERS, _SYMBOLS, _MARK_LETTERS, _IN_BRACKETS, _IN_PARENTHESES, _NAMED_NOTE)
_MARK = re.compile("|".join(each.pattern for each in _MARKS))
_FRACTION = re.compile(r"\d+\s?[/⁄]\s?\d+")
_SLASHES = frozenset("/⁄")
_AFTER_SENTENCE = re.compile(r"[.,;:!?%‰'\"’”»›)\]…。，、；：！？」』）】،؛؟۔]$")
_AFTER_FORMULA = re.compile(r"[\d+*/=−-]\s?[^\W\d_]{0,3}\)$")
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++$")
# Abbreviations only: "miles" before a mark is more often the end of a statement.
_UNITS = frozenset("m km cm mm dm hm nm µm μm mi ft in yd mc".split())
_POWERS = {"2": "²", "3": "³"}
# Formulas whose number is often raised by mistake.
_FORMULAS = frozenset({"CO", "SO", "NO", "CH", "NH"})
# Those with one digit: a footnote's mark stands before a word, too.
_LIGHT_ISOTOPE = re.compile(r"(?:H|He|Li|Be)(?![a-z])")
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![a-z])")


def is_mark(content: str) -> bool:
    """Return whether a text may be a footnote mark: numbers, symbols, one or two letters, something in brackets."""
    return _MARK.fullmatch(content) is not None


def is_plain_mark(content: str) -> bool:
    """Return whether a text is a footnote mark even where it is neither raised nor attached to a word."""
    return any(pattern.fullmatch(content) for pattern in (_SYMBOLS, _IN_BRACKETS, _NAMED_NOTE))


def raised_text(before: str, content: str, after: str, *, is_note: bool = False) -> str:
    """Return how raised text is written in a line of plain text; "" for a footnote mark.

    Args:
        before: the end of the text before it, at least `CONTEXT` characters unless the block begins.
        content: the raised text.
        after: the beginning of the text after it, up to the next element.
        is_note: the markup says that it is a footnote mark.
    """
    content = " ".join(content.split())
    if is_note and not (before[-1:].isdigit() and content.isalpha()):
        return ""
    if is_plain_mark(content) or (_IN_PARENTHESES.fullmatch(content) and not before[-1:].isdigit()):
        return ""
    if _NUMBERS.fullmatch(content):
        return _raised_number(before, content, after)
    if _FRACTION.fullmatch(content) and before[-1:].isdigit():
        return f" {content}"
    if content.isalpha():
        return "" if _is_letter_mark(before, content) else content
    has_base = before[-1:].isalnum() or before.endswith(")")
    return f"^{content}" if has_base and any(map(str.isdigit, content)) else content


def lowered_text(before: str, content: str, *, is_note: bool = False) -> str:
    """Return how lowered text is written in a line of plain text; see `raised_text`."""
    content = " ".join(content.split())
    if is_note:
        return ""
    return f"_{content}" if before[-1:].isdigit() and content[:1].isdigit() else content


def _raised_number(before: str, content: str, after: str) -> str:
    """Tell exponents, fractions and isotopes from footnote marks; an ambiguous one is kept apart from its number."""
    last = before[-1:]
    is_fraction = after.strip() in _SLASHES
    if last.isdigit():
        return f" {content}" if is_fraction else f"^{content}" if content.isdigit() else ""
    if last.isalpha():
        return _after_word(before, content)
    if is_fraction or last in _SLASHES or (len(content) > 1 and content.isdigit() and _ISOTOPE.match(after)):
        return content
    if last.isspace() and before.strip() and content.isdigit() and _LIGHT_ISOTOPE.match(after):
        return content
    if last.isspace():
        return f"^{content}" if before.rstrip()[-1:].isdigit() and content.isdigit() else ""
    return f"^{content}" if _AFTER_FORMULA.search(before) else ""


def _after_word(before: str, content: str) -> str:
    word = _LAST_WORD.search(before)
    base = word[0] if word else ""
    if (base in _UNITS or (base and before.endswith(f"/{base}"))) and content in _POWERS:
        return _POWERS[content]
    if base in _FORMULAS:
        return content
    # A single letter is a variable.
    return f"^{content}" if len(base) == 1 and base.isascii() and content.isdigit() else ""


def _is_letter_mark(before: str, content: str) -> bool:
    """Tell a note's letter from an ordinal or an abbreviation: `1st`, `Mme`, `XXe`."""
    if len(content) > 1 or not content.islower() or not content.isascii():
        return False
    word = _LAST_WORD.search(before)
    return bool(_AFTER_SENTENCE.search(before)) if word is None else len(word[0]) > 3 and word[0][1:].islower()
