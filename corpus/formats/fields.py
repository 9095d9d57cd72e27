"""Validates the fields of drafts for all formats: addresses, dates, short texts."""

from corpus.dates import parse_published
from corpus.formats.urls import canonical_url

_MAX_QUOTED = 60


def checked_url(value: object, warnings: list[str]) -> str | None:
    """Return the canonical address, or add a warning and return None if it isn't one."""
    if value is None or value == "":
        return None
    url = canonical_url(value) if isinstance(value, str) else None
    if url is None:
        warnings.append(f"The address “{_quoted(value)}” was left out: it isn't an http or https address.")
    return url


def checked_date(value: object, warnings: list[str]) -> str | None:
    """Return the publication date, or add a warning and return None if no single day is stated."""
    if value is None or value == "":
        return None
    stated = parse_published(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if stated is None:
        warnings.append(f"The date “{_quoted(value)}” was left out: it doesn't name one clear day.")
    return stated


def short_text(value: object) -> str | None:
    """Return a text or number as text, and None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _quoted(value: object) -> str:
    """Return a value for a message; containers, which may print endlessly, become an ellipsis."""
    text = str(value) if isinstance(value, str | int | float) or not hasattr(value, "__len__") else "…"
    text = " ".join(text.split())
    return text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "…"
