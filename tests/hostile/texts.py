"""Hostile texts: one piece, over and over."""

# What each stands for: no full stop, no space, no letter, marks, entities, markup, scripts without spaces, lists, names.
PIECES: dict[str, str] = {
    "one letter": "x", "one capital": "X", "digits": "0", "one sign": "*", "words": "word ", "capital words": "Word ",
    "sentences": "It rained in Velden today. ", "short sentences": "He denied it. ", "lines": "A line\n",
    "paragraphs": "It rained in Velden.\n\n", "spaces": " ", "newlines": "\n", "tabs": "\t", "marks": "e\u0301\u0327",
    "marks alone": "\u0301\u0327", "hidden marks": "\u0301\u034f\u0327\u200b", "Tibetan marks": "\u0f73", "Hangul": "\u1100\u1161",
    "joiners": "a\u200d", "direction": "\u202e", "Chinese": "漢", "Chinese sentences": "大臣否认了报道。", "Thai": "ก็",
    "Arabic": "لا ", "emoji": "👩\u200d🚀", "mojibake": "Ã©", "more mojibake": "â€™", "quotes": "“a” ", "straight quotes": '"',
    "open quotes": "“", "brackets": "[", "links": "[[a]] ", "templates": "{{", "closed templates": "{{a}}", "parentheses": "(",
    "tags": "<", "open tags": "<a ", "attributes": "<a b=c d=e>", "elements": "<b>x</b>", "turns": "<i>x</i> y ", "nested": "<div>", "comments": "<!--",
    "closing": "</p>", "entities": "&amp;", "nested entities": "&amp;amp;", "broken entities": "&#", "ampersands": "&",
    "headings": "# a\n", "lists": "* a\n", "quotes of mail": "> a\n", "nested quotes": ">", "rules": "---\n", "tables": "| a ",
    "table rows": "| a | b |\n", "code": "`", "emphasis": "*a_", "struck": "~~a", "footnotes": "[^a]: b\n", "reference": "[a]: b\n",
    "images": "![a](b)", "addresses": "https://a.example/b ", "glued addresses": "https://", "mail": "a@b.example ",
    "dotted": "a.", "initials": "A. ", "abbreviations": "U.S. Gen. ", "commas": ", ", "semicolons": ";", "numbers": "1,000.5 ",
    "dates": "9 September 2024 ", "bylines": "By Ana Ferro, ", "names": "Ana Ferro and the ", "hyphens": "a-", "broken words": "a-\n",
    "denials": "Kurland denied the reports that ", "urging": "urged him to deny it ", "asking": "which of the ", "not": "not ",
    "sources": "according to Reuters ", "ago": "before the ", "nul": "\0", "backslashes": "\\", "percent": "%41",
    "boundary": "--a\n", "headers": "A: b\n", "from lines": "From a\n", "encoded words": "=?utf-8?q?a?= ", "disallow": "Disallow: /a*\n",
    "agents": "User-agent: a\nDisallow: /\n", "json": '{"a":', "json lists": "[[", "json keys": '"a":1,', "csv": 'a,"b",',
}  # fmt: skip
