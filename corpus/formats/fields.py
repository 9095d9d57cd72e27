"""Checks that every format shares: addresses, dates, short texts; what can't be used becomes a warning."""

from corpus.dates import parse_published
from corpus.formats.urls import canonical_url

_SHOWN = 60


def checked_url(value: object, warnings: list[str]) -> str | None:
    """Return the address in its one spelling; adds a warning and returns None where it is none."""
    if value is None or value == "":
        return None
    url = canonical_url(value) if isinstance(value, str) else None
    if url is None:
        warnings.append(f"The address “{_short(value)}” was left out: it is no http or https address.")
    return url


def checked_date(value: object, warnings: list[str]) -> str | None:
    """Return the date of publication; adds a warning and returns None where no day is stated for sure."""
    if value is None or value == "":
        return None
    stated = parse_published(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if stated is None:
        warnings.append(f"The date “{_short(value)}” was left out: it states no day without doubt.")
    return stated


def plain_text(value: object) -> str | None:
    """Return a value that is one short text or number as text; lists and tables give None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _short(value: object) -> str:
    """Return a value for a message: containers may be endless when printed, so they are not."""
    text = str(value) if isinstance(value, str | int | float) or not hasattr(value, "__len__") else "…"
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
