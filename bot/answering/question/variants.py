"""The other spelling of words that American and British English spell differently; neither is an error."""

import re

# Endings and groups of letters, each American, then British, by which such words differ: "fertilizer", "analyze",
# "labor", "center", "dialog", "defense", "canceled", "fulfill", "pediatric", "skeptic", "plow", "program".
_PAIRS = (
    (
        r"iz(?=e$|ed$|es$|er$|ers$|ing$|ation$|ations$|able$)",
        "is",
        r"is(?=e$|ed$|es$|er$|ers$|ing$|ation$|ations$|able$)",
        "iz",
    ),
    (r"yz(?=e$|ed$|es$|er$|ers$|ing$)", "ys", r"ys(?=e$|ed$|es$|er$|ers$|ing$)", "yz"),
    (
        r"(?<=[bdlmnpv])or(?=$|s$|ed$|ing$|er$|ers$|ful$|ite$|ites$|able$|hood$|ly$|y$)",
        "our",
        r"our(?=$|s$|ed$|ing$|er$|ers$|ful$|ite$|ites$|able$|hood$|ly$|y$)",
        "or",
    ),
    (r"(?<=[bt])er(?=$|s$|ed$)", "re", r"(?<=[bt])re(?=$|s$|d$)", "er"),
    (r"og(?=$|s$)", "ogue", r"ogue(?=$|s$)", "og"),
    (r"ens(?=e$|es$|eless$)", "enc", r"enc(?=e$|es$|eless$)", "ens"),
    (
        r"(?<=\w\w[aeiou])l(?=ed$|ing$|er$|ers$|or$|ors$)",
        "ll",
        r"(?<=\w\w[aeiou])ll(?=ed$|ing$|er$|ers$|or$|ors$)",
        "l",
    ),
    (
        r"(?<=[fnr])(ill|oll)(?=$|ment$|s$)",
        lambda m: m[1][:-1],
        r"(?<=[fnr])(il|ol)(?=$|ment$|s$)",
        lambda m: m[1] + "l",
    ),
    (
        r"(?<=^p)e(?=d)|(?<=^an)e(?=sth|mi)|(?<=^h)e(?=mo)",
        "ae",
        r"(?<=^p)ae(?=d)|(?<=^an)ae(?=sth|mi)|(?<=^h)ae(?=mo)",
        "e",
    ),
    (r"(?<=^man)euver", "oeuvre", r"(?<=^man)oeuvre", "euver"),
    (r"(?<=^s)k(?=eptic)", "c", r"(?<=^s)c(?=eptic)", "k"),
    (r"(?<=^plo)w", "ugh", r"(?<=^plo)ugh", "w"),
    (r"gram(?=$|s$|med$|ming$)", "gramme", r"gramme(?=$|s$|d$)", "gram"),
)
_RULES = tuple(
    (re.compile(pattern), other)
    for one, british, two, american in _PAIRS
    for pattern, other in ((one, british), (two, american))
)
# Words that end alike and are spelt the same everywhere become no words ("advertize"); callers look up what they get.
_SHORTEST = 5


def other_spellings(word: str) -> set[str]:
    """Return how a lower-case word may be spelt on the other side of the Atlantic; not all of it are words."""
    if len(word) < _SHORTEST:
        return set()
    return {other for pattern, instead in _RULES if (other := pattern.sub(instead, word, count=1)) != word}
