"""Detects the language of a text."""

from functools import cache
from typing import Any

# The ISO 639-1 codes of languages that news is written in. py3langid knows 139; the others would only be detected by
# mistake.
LANGUAGES = frozenset(
    """af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
    ky lo lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tl tr uk ur uz vi
    zh""".split()
)
# With fewer letters, a name or a quotation decides. A Chinese, Japanese or Korean character counts as three.
_MIN_LETTERS = 30
_CJK_WEIGHT = 3
# From this probability on, the text overrules what is stated; py3langid is calibrated for short texts too.
_MIN_PROBABILITY = 0.9
# Characters sampled at each of three places: an article may open with a quotation in another language.
_SAMPLE = 600


def detect_language(text: str, stated: str | None = None) -> str | None:
    """Return the language of a text as an ISO 639-1 code.

    If the text is too short or not clearly in one language, return what is stated, unchanged.
    """
    sample = _sample(text)
    if not _has_enough_letters(sample):
        return stated
    code, probability = _load_identifier().classify(sample)
    return str(code) if probability >= _MIN_PROBABILITY else stated


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = (len(text) - _SAMPLE) // 2
    return f"{text[:_SAMPLE]}\n{text[middle : middle + _SAMPLE]}\n{text[-_SAMPLE:]}"


def _has_enough_letters(sample: str) -> bool:
    letters = 0
    for char in sample:
        if char.isalpha():
            letters += _CJK_WEIGHT if "\u2e80" <= char <= "\ud7ff" else 1
            if letters >= _MIN_LETTERS:
                return True
    return False


@cache
def _load_identifier() -> Any:  # noqa: ANN401 - the library has no types
    """Load the model, which takes about a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - only ingest needs it

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(LANGUAGES))
    return identifier
