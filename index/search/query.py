"""Removes words from a query that say when it is asked, not what about."""

import re

_PERIOD = r"(?:days?|weeks?|weekend|months?|quarter|years?|decade|spring|summer|autumn|fall|winter|season)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_TIME_WORDS = re.compile(
    rf"""\b(?:
        (?:(?:earlier|later|early|late|in|over|during|within|for|on|since)\s+){{0,4}}
            (?:(?:the|these|this)\s+)?(?:past|last|previous|next|coming|current|recent|this)\s+
            (?:few\s+|couple\s+of\s+|(?:two|three|four|five|six|\d+)\s+)?(?:{_PERIOD}|{_WEEKDAY})
      | (?:on\s+)?{_WEEKDAY}
      | (?:earlier|later)\s+today | today | yesterday | tomorrow | tonight | recently | currently | nowadays | lately
      | right\s+now | just\s+now | so\s+far | at\s+the\s+moment
    )\b(?:['’]s)?""",
    re.IGNORECASE | re.VERBOSE,
)


def strip_time_words(query: str) -> str:
    """Remove relative time words ("this week", "recently", "on Monday") from a query, unless nothing else is left.

    An article's "this week" is never the asker's. Dates and years stay.
    """
    kept = re.sub(r"\s+([,.?!;:])", r"\1", re.sub(r"\s{2,}", " ", _TIME_WORDS.sub(" ", query))).strip(" ,")
    return kept if re.search(r"\w", kept) else query
