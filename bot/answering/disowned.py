"""Words that say that a person's words are not theirs: parodies, forgeries, what nobody said."""

import re

_DISOWNED = re.compile(
    r"""\b(?:parod(?:y|ies)|satir\w{1,6}|deep-?fakes?|impersonat\w{1,6}|impost[eo]rs?|pos(?:ed|es|ing)\s+as
        |hoax\w{0,4})\b
      | \b(?:falsely|wrongly|mis)-?\s?(?:quoted|attributed|presented\s+as|said\s+to)\b
      | \b(?:fake|faked|fabricated|forged|doctored|bogus|invented)\s+(?:\w{1,20}\s+)?(?:statement|quote|quotation|video
          |audio|recording|letter|account|tweet|post|message|memo|document|interview|image|clip|screenshot)s?\b
      | \b(?:never|not|nobody|no\s+one)\s+(?:said|claimed|stated|told)\b
      | \b(?:lie|untrue|false|myth|not\s+true)\s+that\b
      | ^\W{0,9}(?:nobody|no\s+one)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def is_disowned(before: str) -> bool:
    """Return whether a sentence says, before it comes to what is said, that it is not the word of whom it names."""
    return _DISOWNED.search(before) is not None
