"""Writes countries and bodies in a text by the names that a question gives them."""

import re
from functools import cache, lru_cache

# Names that stand for each other word for word: no adjectives, capitals or leaders.
_SAME = tuple(
    tuple(line.split(", "))
    for line in """United States, US, U.S., USA, U.S.A., America, United States of America
United Kingdom, UK, U.K., Britain, Great Britain
Turkey, Türkiye, Turkiye
Czech Republic, Czechia
Myanmar, Burma
DR Congo, DRC, Democratic Republic of Congo, Democratic Republic of the Congo
United Arab Emirates, UAE
North Korea, DPRK, Democratic People's Republic of Korea
South Korea, Republic of Korea
Ivory Coast, Côte d'Ivoire, Cote d'Ivoire
Eswatini, Swaziland
Cape Verde, Cabo Verde
East Timor, Timor-Leste
North Macedonia, Macedonia
Kyiv, Kiev
European Union, EU, E.U.
United Nations, UN, U.N.
African Union, AU
NATO, North Atlantic Treaty Organization, North Atlantic Treaty Organisation
International Criminal Court, ICC
International Court of Justice, ICJ
International Atomic Energy Agency, IAEA
World Health Organization, World Health Organisation, WHO
World Trade Organization, World Trade Organisation, WTO
International Monetary Fund, IMF""".splitlines()
)
_GROUPS = {name: at for at, names in enumerate(_SAME) for name in names}


def write_as_asked(text: str, question: str) -> str:
    """Return a text with the names that a question writes in another way written as there.

    "Türkiye's parliament" becomes "Turkey's parliament" for a question about Turkey. A reader that has not learnt that
    both are one country takes them for two.
    """
    asked = _names_in(question)
    return _pattern().sub(lambda found: asked.get(_GROUPS[found[0]], found[0]), text) if asked else text


# Many texts are read for one question.
@lru_cache(64)
def _names_in(question: str) -> dict[int, str]:
    return {_GROUPS[found[0]]: found[0] for found in _pattern().finditer(question)}


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(map(re.escape, _GROUPS), key=len, reverse=True)
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(names)})(?![\w-])")
