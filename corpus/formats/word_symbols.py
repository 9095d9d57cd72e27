"""Writes the characters that Word takes from fonts of signs as those of Unicode."""

from corpus.omission import OMITTED

# Of the font Symbol, by code: Greek letters stand where those of ASCII do (Adobe Symbol encoding, Unicode's table).
_GREEK = dict(
    zip(
        map(ord, "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcyw"),
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω",
        strict=True,
    )
)
_SIGNS = _GREEK | {
    0x2D: "−", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™",
}  # fmt: skip
# Word puts such characters there.
_PRIVATE = range(0xF000, 0xF100)
_ASCII = range(0x20, 0x7F)
_HEX_DIGITS = 4


def symbol_text(font: str, code: str) -> str:
    """Return a character of a font of signs (ECMA-376, 17.3.3.30); of an ornament nothing, of an unknown one a mark."""
    try:
        number = int(code, 16) if len(code) <= _HEX_DIGITS else 0
    except ValueError:
        number = 0
    if font.lower() != "symbol":
        is_own = number in _PRIVATE or number in _ASCII or not chr(number).isprintable()
        return "" if is_own else chr(number)
    number -= _PRIVATE.start if number in _PRIVATE else 0
    return _SIGNS.get(number) or (chr(number) if number in _ASCII and not chr(number).isalpha() else f" {OMITTED} ")
