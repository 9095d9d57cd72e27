"""Addresses of articles: one spelling for one page."""

from urllib.parse import SplitResult, urlsplit, urlunsplit

_TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid",
    "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "vero_id",
    "oly_anon_id", "oly_enc_id", "wt_mc", "ocid", "cmpid", "ftag", "smid", "at_medium", "at_campaign",
})  # fmt: skip

_MAX_LENGTH = 2_000


def canonical_url(text: str) -> str | None:
    """Return the http(s) address in its one spelling, or None where `text` is no such address.

    Scheme and host in lower case; no fragment, user name, default port, or parameters that track readers.
    """
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        host = _host(parts)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", _kept(parts.query), ""))


def _host(parts: SplitResult) -> str:
    """Return host and port; raises ValueError for a port that is no number."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if parts.port in {None, default} else f"{host}:{parts.port}"


def _kept(query: str) -> str:
    """Drop tracking parameters and leave the others exactly as they are: servers differ on encodings."""
    pairs = (pair for pair in query.split("&") if pair)
    return "&".join(pair for pair in pairs if not _tracks(pair.partition("=")[0].lower()))


def _tracks(name: str) -> bool:
    return name in _TRACKING or name.startswith("utm_")
