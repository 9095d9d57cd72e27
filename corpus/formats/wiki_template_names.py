"""The names of common wiki templates, by what they show."""

# The first parameter; others are explanations or settings.
FIRST = frozenset({
    "abbr", "abbrlink", "abbreviation", "tooltip", "nowrap", "nobr", "nowrap begin", "nobold", "noitalic", "small",
    "smaller", "large", "larger", "big", "midsize", "resize", "strong", "em", "bold", "italic", "mono", "code", "kbd",
    "samp", "var", "math", "mvar", "center", "centre", "ins", "highlight", "underline", "not a typo", "typo",
    "as written", "proper name", "vanchor", "visible anchor", "flag", "flagcountry", "flagu", "flag+link", "chem2",
    "spellnum", "spellnum per mos", "bdi", "smallcaps", "sc", "caps", "allcaps", "small caps", "emphasis", "gloss",
    "single+double", "double+single", "keypress", "music", "script", "no wrap", "nonbreaking",
})  # fmt: skip
# The last parameter: the text that is shown for a link, or text after its language, colour or script.
LAST = frozenset({
    "w", "wikipedia", "wp", "translit", "foreign", "color", "colour",
    "font color", "fontcolor", "font", "background color", "wikt", "wiktlink", "red link", "redlink",
    "link", "url", "rtl-lang", "rtl", "ltr", "linkno", "sister link", "commons link", "wikinews link",
})  # fmt: skip
QUOTES = frozenset({
    "quote", "blockquote", "bquote", "cquote", "quotation", "quote box", "pull quote", "pq", "rquote", "quote frame",
    "block quote", "quotebox", "long quote", "centered pull quote",
})  # fmt: skip
LISTS = frozenset(
    {"hlist", "ubl", "unbulleted list", "bulleted list", "plainlist", "flatlist", "csv", "cslist", "ublist"}
)
# Shown around the first parameter.
AFFIXED = {
    "sic": ("", " [sic]"),
    "sic?": ("", " [sic]"),
    "reign": ("r. ", ""),
    "floruit": ("fl. ", ""),
    "fl.": ("fl. ", ""),
    "lit": ("lit. ", ""),
    "lit.": ("lit. ", ""),
    "literal translation": ("lit. ", ""),
    "isbn": ("ISBN ", ""),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "e": ("×10<sup>", "</sup>"),
    "10^": ("10<sup>", "</sup>"),
    "percent": ("", "%"),
}
MONEY = {
    "us$": "US$", "usd": "US$", "usdollar": "US$", "$": "$", "a$": "A$", "aud": "A$", "c$": "C$", "cad": "C$",
    "nz$": "NZ$", "nzd": "NZ$", "gbp": "£", "£": "£", "pound": "£", "eur": "€", "euro": "€", "€": "€", "inr": "₹",
    "₹": "₹", "jpy": "¥", "¥": "¥", "cny": "CN¥", "cn¥": "CN¥", "rub": "₽", "ruble": "₽", "krw": "₩", "₩": "₩",
    "chf": "CHF ", "sek": "SEK ", "nok": "NOK ", "dkk": "DKK ", "php": "₱", "₱": "₱", "ils": "₪", "nis": "₪", "₪": "₪",
    "uah": "₴", "try": "₺", "r$": "R$", "brl": "R$", "zar": "R", "pkr": "Rs. ", "ngn": "₦", "iran rial": "IRR ",
}  # fmt: skip
# Named for the prefix of a ship's name.
SHIPS = frozenset({
    "uss", "hms", "ss", "mv", "mt", "rms", "hmas", "hmcs", "hmnzs", "usns", "uscgc", "rfa", "orp", "sms", "rv", "bap",
    "brp", "kri", "tcg", "roks", "jds", "hnlms", "hdms", "hswms", "hnoms",
})  # fmt: skip
# One sign, or nothing that is more than a sign.
SIGNS = {
    "!": "|", "=": "=", "'": "'", "'s": "'s", "pipe": "|", "ndash": "–", "–": "–", "en dash": "–", "snd": " – ",
    "spnd": " – ", "snds": " – ", "spaced ndash": " – ", "dash": " – ", "mdash": "—", "—": "—", "em dash": "—",
    "nbsp": " ", "space": " ", "spaces": " ", "thinsp": " ", "thin space": " ", "hair space": " ", "hsp": " ",
    "nnbsp": " ", "·": " · ", "middot": " · ", "dot": " · ", "•": " • ", "bull": " • ", "bullet": " • ", ",": ", ",
    "nbhyph": "-", "hyphen": "-", "wbr": "", "shy": "", "zwj": "", "zwnj": "", "zwsp": "", "break": "\n", "br": "\n",
    "crlf": "\n", "-": "\n", "clear": "\n", "clr": "\n", "%": "%", "times": "×", "minus": "−", "pi": "π", "degree": "°",
    "deg": "°", "co2": "CO2", "h2o": "H2O", "'\"": "'\"", "\"'": "\"'", "colon": ":", "pm": "±", "circ": "°",
    "ellipsis": "…", "...": "…", "nowrap end": "",
}  # fmt: skip
# Notes, marks of editors, sounds and anchors: nothing that belongs to the sentence.
HIDDEN = frozenset({
    "cn", "fact", "citation", "dead link", "sfn", "sfnp", "sfnm", "efn", "efn-ua", "efn-lr", "refn", "r", "rp", "ref",
    "note", "ref label", "note label", "cref", "cref2", "anchor", "anchors", "clarify", "who", "whom", "by whom",
    "according to whom", "when", "where", "which", "why", "how", "vague", "dubious", "disputed", "specify", "discuss",
    "elucidate", "explain", "failed verification", "verify source", "self-published source", "update after", "in lang",
    "subscription required", "registration required", "closed access", "open access", "free access", "webarchive",
    "ipa", "ipac-en", "respell", "pronunciation", "audio", "listen", "flagicon", "flag icon", "flagdeco", "flag deco",
    "short description", "hatnote", "main", "see also", "further", "about", "redirect", "distinguish", "for",
    "other uses", "reflist", "notelist", "portal", "commons", "commons category", "toc limit", "tocright", "toclimit",
    "authority control", "defaultsort", "ntsh", "hs", "shy", "strike", "s", "del", "strikethrough", "image",
    "source", "sources", "publish", "published", "archive", "archived", "haveyoursay", "notice", "void", "null",
    "not quoted", "image source", "coord missing", "nihongo foot", "abbreviations", "official website", "official url",
    "quote without source", "better source", "cite", "harvnb", "harvtxt", "harv", "harvp", "harvcoltxt", "harvcol",
})  # fmt: skip
HIDDEN_STARTS = (
    "cite ", "infobox", "use ", "ipa-", "ipac-", "pp-", "navbox", "sidebar", "campaignbox", "location map",
    "image frame", "wikinews", "sister", "sfn", "efn", "expand ", "article issues", "multiple i", "unreferenced",
    "refimprove",
)  # fmt: skip
HIDDEN_ENDS = (" needed", " needed?", " inline", "-inline", " source?", " stub", "-stub", " sidebar", " navbox")
# How a page shows the units of `convert`; others are shown as they are written.
UNITS = {
    "mi": "miles", "sqmi": "square miles", "mi2": "square miles", "sqft": "square feet", "ft2": "square feet",
    "sqkm": "km²", "km2": "km²", "m2": "m²", "cm2": "cm²", "km3": "km³", "m3": "m³", "cuft": "cubic feet",
    "cumi": "cubic miles", "acre": "acres", "ft": "feet", "foot": "feet", "in": "inches", "yd": "yards",
    "nmi": "nautical miles", "kn": "knots", "kph": "km/h", "lb": "pounds", "lbs": "pounds", "oz": "ounces",
    "st": "stone", "ST": "short tons", "LT": "long tons", "MT": "tonnes", "t": "tonnes", "usgal": "US gallons",
    "USgal": "US gallons", "impgal": "imperial gallons", "L": "litres", "l": "litres", "oilbbl": "barrels",
    "bbl": "barrels", "Moilbbl": "million barrels", "C": "°C", "F": "°F", "C-change": "°C", "F-change": "°F",
    "acre.ft": "acre-feet", "PD/km2": "people per km²", "PD/sqmi": "people per square mile", "/km2": "per km²",
    "/sqmi": "per square mile",
}  # fmt: skip
