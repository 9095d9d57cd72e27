"""Classifies what an open question asks for: a person, place, date, number, amount, reason, or something else."""

import re
from enum import StrEnum

from bot.answering.question.clauses import strip_openers


class AnswerType(StrEnum):
    """The type of answer that a question word asks for."""

    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    HOW = "how"
    WHY = "why"


_RULES: tuple[tuple[AnswerType, str], ...] = (
    (
        AnswerType.HOW_MUCH,
        r"how\s+much|(?:what|which)\s+(?:percent(?:age)?|share|price|cost|amount|sum|proportion|fraction)",
    ),
    (
        AnswerType.HOW_MANY,
        r"how\s+(?:many|long|old|often|far|high|large|big|tall|fast|deep)|(?:what|which)\s+(?:number|age|rank|size)",
    ),
    (
        AnswerType.WHEN,
        r"when|(?:on|in|by|since|until)?\s*(?:what|which)\s+(?:day|date|month|year|week|time|century|decade)",
    ),
    (
        AnswerType.WHERE,
        (
            r"where|(?:in|at|to|from|off|near|over)?\s*(?:which|what)\s+(?:\w+\s+)?(?:countr(?:y|ies)|cit(?:y|ies)|town|"
            r"village|state|province|region|place|location|island|capital|continent|nation)"
        ),
    ),
    (
        AnswerType.WHO,
        (
            r"who(?:m|se)?|(?:by|to|from|with)\s+whom|(?:which|what)\s+(?:\w+\s+){0,3}?(?:president|minister|leader|man|"
            r"woman|person|official|general|commander|spokes\w+|politician|king|queen|prince|author|company|group|party|"
            r"team|player|actor|actress|singer|director|organi[sz]ation|agency|newspaper|billionaire|artist|athlete|judge|"
            r"senator|governor|mayor)"
        ),
    ),
    (AnswerType.WHY, r"why|for\s+what\s+reason|what\s+(?:caused|is\s+the\s+reason|was\s+the\s+reason)|how\s+come"),
    (AnswerType.HOW, r"how"),
    (AnswerType.WHAT, r"what|which"),
)
_COMPILED = tuple((kind, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in _RULES)


def expected_answer_type(question: str) -> AnswerType:
    """Return what an open question asks for, by its first question word; the longest rule wins a tie."""
    text = strip_openers(question)
    found = [(match.start(), -len(match[0].strip()), kind) for kind, rule in _COMPILED if (match := rule.search(text))]
    return min(found)[2] if found else AnswerType.WHAT
