"""Tells whether a line ends as a sentence or clause does, in all scripts that news is written in."""

CLOSERS = "\"'”’»“‘«›)]*_ 」』】》〉〕〗〙）］｝＂＇"
# Of all scripts that news is written in: Chinese and Japanese, Arabic and Urdu, Indic, Burmese, Khmer, Ethiopic,
# Armenian.
STOPS = ".!。！｡．۔।॥။៕።։"
ENDS = STOPS + "?…:;,？؟፧：；，、､؛،၊៖፣፤"


def is_finished(text: str) -> bool:
    """Return whether a line ends like a sentence or clause."""
    return text.rstrip(CLOSERS)[-1:] in ENDS
