"""The language of a text: told from its words where they are enough, else what its source states."""

from functools import cache
from typing import Any

# News is written in these, by ISO 639-1; more would only be taken for one of them by mistake (py3langid knows 139).
LANGUAGES = frozenset(
    """af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
    ky lo lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tl tr uk ur uz vi
    zh""".split()
)
# Letters below which a name or a quotation decides. A Chinese, Japanese or Korean sign says as much as three.
_FEWEST_LETTERS = 30
_SIGN_LETTERS = 3
# From this probability on the text decides against what is stated; py3langid's are calibrated for short texts too.
_SURE = 0.9
# Characters that are looked at, from three places: an article may open with a quotation in another language.
_SAMPLE = 600


def language_of(text: str, stated: str | None = None) -> str | None:
    """The language of a text as an ISO 639-1 code.

    The text decides where it is long enough and clearly of one language; else what is stated, as it is stated, or None.
    """
    sample = _sample(text)
    if _letters(sample) < _FEWEST_LETTERS:
        return stated
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _SURE else stated


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = (len(text) - _SAMPLE) // 2
    return f"{text[:_SAMPLE]}\n{text[middle : middle + _SAMPLE]}\n{text[-_SAMPLE:]}"


def _letters(text: str) -> int:
    return sum(_SIGN_LETTERS if "\u2e80" <= char <= "\ud7ff" else 1 for char in text if char.isalpha())


@cache
def _identifier() -> Any:  # noqa: ANN401 - the library states no types
    """The model, loaded at the first text that needs it: that takes about a second."""
    # PLC0415: only those who take articles in need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(LANGUAGES))
    return identifier
